"""Problems with a planted reason for their error, by the real planner and the kernel: the right remedies are named."""

import numpy as np

from truth.evidence import Result, at_least, at_most
from truth.runner import Claim
from whyfit.doors.study_door import Wishes, prepared
from whyfit.doors.voice import Silence
from whyfit.evidence.network import Perceptron
from whyfit.evidence.recipe import Recipe
from whyfit.study.plan import PLAIN, PLAIN_SEEDS, Arm, Plan
from whyfit.study.remedies import families

STUDIES = 10
BUDGET = "1600n"
"""All remedies after four repeats."""

SIMPLER = ("l2", "l1", "l1_l2", "weight_decay", "smaller_network", "dropout", "ensemble", "more_data")
RICHER = ("larger_network", "longer_training")
LEAST_NAMED, MOST_WRONG = 0.9, 0.1
"""Of the studies of a case: the requirements' nine of ten, and one of ten."""


def _few_rows(noise: np.random.Generator) -> tuple:
    """One input of twenty matters; a wide network trained for long learns eighty rows by heart."""
    x = noise.normal(size=(80, 20))
    target = x[:, 0] + 0.5 * noise.normal(size=80)
    return (x, target), _recipe("regression", (64,), epochs=60)


def _wrong_labels(noise: np.random.Generator) -> tuple:
    """A quarter of the labels is turned over: what is learned beyond the rule is noise."""
    x = noise.normal(size=(1000, 5))
    target = (x[:, 0] + x[:, 1] > 0) ^ (noise.random(1000) < 0.25)
    return (x, target.astype(int)), _recipe("classification", (64,), epochs=60)


def _wiggles(noise: np.random.Generator) -> tuple:
    """A wave that three units cannot follow; hardly any noise."""
    x = noise.uniform(-2.0, 2.0, size=(600, 1))
    return (x, np.sin(3.0 * x[:, 0]) + 0.05 * noise.normal(size=600)), _recipe("regression", (3,), epochs=15)


def _line(noise: np.random.Generator) -> tuple:
    """A straight line fitted to a parabola: a wrong assumption."""
    x = noise.normal(size=(300, 1))
    return (x, x[:, 0] ** 2 + 0.1 * noise.normal(size=300)), _recipe("regression", (), epochs=20)


def _recipe(task: str, hidden: tuple[int, ...], *, epochs: int) -> Recipe:
    return Recipe.for_data(task, Perceptron(hidden), epochs=epochs, patience=None, learning_rate=0.01)


CASES = {"few rows": _few_rows, "wrong labels": _wrong_labels, "wiggles": _wiggles, "wrong assumption": _line}
RIGHT = {"few rows": SIMPLER, "wrong labels": SIMPLER, "wiggles": RICHER, "wrong assumption": ("larger_network",)}
WRONG = {
    "few rows": RICHER,
    "wrong labels": RICHER,
    "wiggles": ("l2", "l1", "l1_l2", "smaller_network", "dropout"),
    "wrong assumption": ("l2", "l1", "l1_l2", "weight_decay"),
}


def run(label: str, index: int) -> dict[str, list]:
    """One study of a case: the verdict on each remedy, in the units of the score."""
    source, recipe = CASES[label](np.random.default_rng([13, list(CASES).index(label), index]))
    with prepared(source, Wishes(budget=BUDGET, seed=index), Silence()) as study:
        plain, plan = Arm(PLAIN, recipe, seeds=PLAIN_SEEDS), study.plan
        study.plan = Plan(plain, families(study.data, recipe), plan.splits_of, plan.folds, plan.seed)
        study.run()
        loss = study.plain.error_loss
        verdicts = {track.family.name: track.verdict[loss].verdict for track in study.tracks if track.verdict}
    return {label: [verdicts]}


def sum_up(values: dict[str, list[dict[str, list]]]) -> Result:
    """Of each case the share of studies that name a right remedy, and that name a wrong one."""
    figures, rules = {}, []
    for case, chunks in values.items():
        studies = [verdicts for chunk in chunks for verdicts in chunk[case]]
        right, wrong = (_share(studies, names[case]) for names in (RIGHT, WRONG))
        named = {name: float(np.mean([one.get(name) == "helps" for one in studies])) for name in _names(studies)}
        figures[case] = {"right": right, "wrong": wrong, "helps": named, "studies": len(studies)}
        rules += [
            at_least(f"{case}: studies that name a right remedy", right, LEAST_NAMED),
            at_most(f"{case}: studies that name a wrong one", wrong, MOST_WRONG),
        ]
    return Result(tuple(rules), figures, ("images", "unequal classes", "large data"))


def _names(studies: list[dict[str, str]]) -> list[str]:
    return sorted({name for verdicts in studies for name in verdicts})


def _share(studies: list[dict[str, str]], names: tuple[str, ...]) -> float:
    return float(np.mean([any(verdicts.get(name) == "helps" for name in names) for verdicts in studies]))


CLAIMS = (
    Claim(
        name="planted_cases",
        states="Of problems with a planted reason for their error the right remedies are named, not the wrong.",
        files=(
            "src/whyfit/study/remedies.py",
            "src/whyfit/study/statistics/choice.py",
            "src/whyfit/study/statistics/interval.py",
            "src/whyfit/study/statistics/looks.py",
            "src/whyfit/study/statistics/verdict.py",
            "src/whyfit/study/study.py",
            "src/whyfit/study/track.py",
            "tests/truth/claims/planted_cases.py",
        ),
        chunks=dict.fromkeys(CASES, STUDIES),
        run=run,
        sum_up=sum_up,
        settings={"budget": BUDGET, "studies a case": STUDIES, "engine": "kernel, float32"},
    ),
)
