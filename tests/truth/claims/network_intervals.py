"""Coverage and width of the intervals of scores and gains, against brute-forced truth, with trained networks."""

import numpy as np

from truth.coverage import FILES, cells_of, intervals_of, result_of
from truth.evidence import Result
from truth.networks import DESCRIPTION, on_fresh, out_of_fold, recipe_for
from truth.runner import Claim
from truth.studies import FOLDS, shuffles
from truth.worlds import World
from whyfit.evidence.recipe import Recipe

STUDIES = {100: 400, 300: 400, 1000: 400}
"""Studies of a cell, by its rows; at 5,000 rows one study takes 90 s of one core, and the cheap learner stands in."""

TASKS = ("regression", "binary")
REPEATS = (2, 4)
MEMBERS = 3
STUDIES_A_CHUNK = 10
SAMPLES, SAMPLES_A_CHUNK, FRESH_ROWS = 1000, 50, 1000
CHANGES = {"plain": {}, "l2": {"l2": 0.01}, "dropout": {"dropout": 0.3}}

LABELS = [f"{task}-{rows}" for rows in STUDIES for task in TASKS]


def run(label: str, index: int) -> dict[str, list]:
    """One chunk: of truth, or of studies."""
    truth, (task, size) = label.startswith("truth"), label.removeprefix("truth-").split("-")
    noise = np.random.default_rng([int(size), TASKS.index(task), truth, index])
    one, count = (_truth, SAMPLES_A_CHUNK) if truth else (_study, STUDIES_A_CHUNK)
    rows = [one(World(task), int(size), noise) for _ in range(count)]
    return {name: [row[name] for row in rows] for name in rows[0]}


def _recipes(task: str) -> dict[str, Recipe]:
    return {name: recipe_for(task, **changes) for name, changes in CHANGES.items()}


def answers_of(world: World, outputs: np.ndarray) -> np.ndarray:
    """What `World` judges: the value, or the difference of the two logits."""
    return outputs[..., 0] if world.task == "regression" else outputs[..., 1] - outputs[..., 0]


def mean_answer(world: World, outputs: np.ndarray, axis: int) -> np.ndarray:
    """The answer of an ensemble over an axis: the mean value, or the mean probability of class 1 less a half."""
    answers = answers_of(world, outputs)
    if world.task == "regression":
        return answers.mean(axis=axis, keepdims=True)
    return (1.0 / (1.0 + np.exp(-answers))).mean(axis=axis, keepdims=True) - 0.5


def _truth(world: World, rows: int, noise: np.random.Generator) -> dict[str, float]:
    """The risks of one fresh training sample of m rows; the mean over samples is the truth."""
    x, target = world.draw(rows * (FOLDS - 1) // FOLDS, noise)
    fresh, _ = world.draw(FRESH_ROWS, noise)
    outputs = on_fresh(x, target, fresh, _recipes(world.task), MEMBERS, noise)
    plain, *others = world.risk(answers_of(world, outputs), fresh).mean(axis=2)  # (seeds,) each, arms the first alone
    gains = {name: float(plain[0] - arm[0]) for name, arm in zip(list(CHANGES)[1:], others, strict=True)}
    together = world.risk(mean_answer(world, outputs[0], 0)[0], fresh).mean()
    return {"score": float(plain.mean()), **gains, "ensemble": float(plain.mean() - together)}


def _study(world: World, rows: int, noise: np.random.Generator) -> dict[str, list[float]]:
    x, target = world.draw(rows, noise)
    folds = shuffles(rows, max(REPEATS), noise)
    outputs = out_of_fold(x, target, folds, _recipes(world.task), MEMBERS, noise)
    together = world.loss(mean_answer(world, outputs[0], 1), target)
    losses = world.loss(answers_of(world, outputs), target)
    return intervals_of(losses, list(CHANGES), together, target, folds, REPEATS)


def sum_up(values: dict[str, list[dict[str, list]]]) -> Result:
    """Coverage and width of every cell, and the rules of STATISTICS 8."""
    return result_of(cells_of(values, LABELS), REPEATS, ("n = 5000", "groups", "forward blocks", "early stopping"))


CLAIMS = (
    Claim(
        name="network_interval_coverage",
        states="The intervals of scores and gains of trained networks hold the truth about 95 times in 100.",
        files=(*FILES, "tests/truth/claims/network_intervals.py", "tests/truth/networks.py"),
        chunks={label: STUDIES[int(label.split("-")[1])] // STUDIES_A_CHUNK for label in LABELS}
        | {f"truth-{label}": SAMPLES // SAMPLES_A_CHUNK for label in LABELS},
        run=run,
        sum_up=sum_up,
        settings={
            "learner": DESCRIPTION,
            "arms": {name: changes for name, changes in CHANGES.items() if changes},
            "members_of_the_ensemble": MEMBERS,
            "studies_a_cell": {str(rows): count for rows, count in STUDIES.items()},
            "samples_behind_a_truth": SAMPLES,
            "folds": FOLDS,
            "repeats": list(REPEATS),
        },
    ),
)
