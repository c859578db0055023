"""Whole studies by the real planner and the kernel, on labels that are coins: nothing helps."""

from unittest.mock import patch

import numpy as np

import whyfit.study.study
from truth.evidence import Result, at_most
from truth.runner import Claim
from truth.worlds import World
from whyfit.doors.study_door import Wishes, prepared
from whyfit.doors.voice import Silence
from whyfit.evidence.network import Perceptron
from whyfit.evidence.recipe import Recipe
from whyfit.study.plan import PLAIN, PLAIN_SEEDS, Arm, Plan
from whyfit.study.remedies import families

ROWS, UNITS, EPOCHS, RATE = 300, 16, 15, 0.01
BUDGET = "900n"
"""All remedies against overfitting after four repeats, where a look can be the last: what a budget of 1,500 leaves
beside the search for a recipe, which takes two of five and no part in verdicts, and is left out here."""

STUDIES, STUDIES_A_CHUNK = 200, 5
MOST_HELPS, MOST_ANY = 10, 17
"""Of 200 studies: the bounds of the study's own requirements."""


def run(label: str, index: int) -> dict[str, list]:
    """One chunk of studies: for each the verdicts on all remedies in 0-1 error, and its networks."""
    noise = np.random.default_rng([7, index])
    studies = [_study(noise, number) for number in range(index * STUDIES_A_CHUNK, (index + 1) * STUDIES_A_CHUNK)]
    return {label: studies}


def _study(noise: np.random.Generator, seed: int) -> dict:
    x, _ = World("binary").draw(ROWS, noise)
    target = noise.integers(0, 2, size=ROWS)
    recipe = Recipe.for_data("classification", Perceptron((UNITS,)), epochs=EPOCHS, learning_rate=RATE)
    with prepared((x, target), Wishes(budget=BUDGET, seed=seed), Silence()) as study:
        plain, plan = Arm(PLAIN, recipe, seeds=PLAIN_SEEDS), study.plan
        study.plan = Plan(plain, families(study.data, recipe), plan.splits_of, plan.folds, plan.seed)
        with patch.multiple(whyfit.study.study, SEARCH_SHARE=0.0, EARLY_SHARE=0.0):
            study.run()
        verdicts = {track.family.name: track.verdict["zero_one"].verdict for track in study.tracks if track.verdict}
        return {"verdicts": verdicts, "networks": study.networks}


def sum_up(values: dict[str, list[dict[str, list]]]) -> Result:
    """Studies with a false claim; of `helps`, and of either kind."""
    studies = [study for chunk in values["coins"] for study in chunk["coins"]]
    given = [list(study["verdicts"].values()) for study in studies]
    helps, either = (sum(any(v in kinds for v in one) for one in given) for kinds in (("helps",), ("helps", "hurts")))
    figures = {
        "studies": len(studies),
        "remedies": float(np.mean([len(one) for one in given])),
        "networks": float(np.mean([study["networks"] for study in studies])),
        "helps": helps,
        "helps_or_hurts": either,
        "no_effect_shown_share": float(np.mean([v == "no effect shown" for one in given for v in one])),
    }
    rules = (
        at_most('studies of 200 with a false "helps"', helps * 200 / len(studies), MOST_HELPS),
        at_most("studies of 200 with any false claim", either * 200 / len(studies), MOST_ANY),
    )
    return Result(rules, figures, ("budgets beyond four repeats", "regression"))


CLAIMS = (
    Claim(
        name="planner_honesty",
        states="Where nothing helps, whole studies by the planner and the kernel claim so rarely.",
        files=(
            "src/whyfit/study/remedies.py",
            "src/whyfit/study/statistics/choice.py",
            "src/whyfit/study/statistics/hommel.py",
            "src/whyfit/study/statistics/interval.py",
            "src/whyfit/study/statistics/looks.py",
            "src/whyfit/study/statistics/refit.py",
            "src/whyfit/study/statistics/verdict.py",
            "src/whyfit/study/study.py",
            "src/whyfit/study/track.py",
            "tests/truth/claims/planner_honesty.py",
            "tests/truth/worlds.py",
        ),
        chunks={"coins": STUDIES // STUDIES_A_CHUNK},
        run=run,
        sum_up=sum_up,
        settings={
            "network": f"{UNITS} ReLU units, Adam at {RATE}, {EPOCHS} epochs, early stopping; kernel, float32",
            "rows": ROWS,
            "budget": f"{BUDGET}, without the search for a recipe",
            "judged": "0-1 error, in which no network can be better than another",
        },
    ),
)
