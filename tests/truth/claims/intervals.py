"""Coverage and width of the intervals of scores and gains, against brute-forced truth, with a cheap learner."""

import numpy as np

from truth.coverage import FILES, cells_of, intervals_of, result_of
from truth.evidence import Result
from truth.features import ARMS, outputs_of
from truth.runner import Claim
from truth.studies import FOLDS, out_of_fold, shuffles
from truth.worlds import World

SIZES = (100, 300, 1000, 5000)
TASKS = ("regression", "binary")
REPEATS = (2, 4)
MEMBERS = 4
"""Seeds a fit; the members of the ensemble. Arms are judged on the first seed alone."""

STUDIES, STUDIES_A_CHUNK = 400, 20
SAMPLES, SAMPLES_A_CHUNK, FRESH_ROWS = 2000, 100, 2000
"""Fresh training samples behind each truth, each judged on fresh rows of its own, without label noise."""

LABELS = [f"{task}-{rows}" for task in TASKS for rows in SIZES]


def run(label: str, index: int) -> dict[str, list]:
    """One chunk: of truth, or of studies."""
    truth, (task, size) = label.startswith("truth"), label.removeprefix("truth-").split("-")
    noise = np.random.default_rng([SIZES.index(int(size)), TASKS.index(task), truth, index])
    one, count = (_truth, SAMPLES_A_CHUNK) if truth else (_study, STUDIES_A_CHUNK)
    rows = [one(World(task), int(size), noise) for _ in range(count)]
    return {name: [row[name] for row in rows] for name in rows[0]}


def _truth(world: World, rows: int, noise: np.random.Generator) -> dict[str, float]:
    """The risks of one fresh training sample of m rows; the mean over samples is the truth."""
    x, target = world.draw(rows * (FOLDS - 1) // FOLDS, noise)
    fresh, _ = world.draw(FRESH_ROWS, noise)
    outputs = np.stack([outputs_of(x, target, fresh, int(noise.integers(2**62))) for _ in range(MEMBERS)], axis=1)
    plain, *others = world.risk(outputs, fresh).mean(axis=2)  # (seeds,) each
    gains = {name: (plain - arm).mean() for name, arm in zip(list(ARMS)[1:], others, strict=True)}
    together = world.risk(outputs[0].mean(axis=0), fresh).mean()
    return {"score": plain.mean(), **gains, "ensemble": plain.mean() - together}


def _study(world: World, rows: int, noise: np.random.Generator) -> dict[str, list[float]]:
    x, target = world.draw(rows, noise)
    folds = shuffles(rows, max(REPEATS), noise)
    outputs = out_of_fold(outputs_of, x, target, folds, MEMBERS, noise)
    together = world.loss(outputs[0].mean(axis=1, keepdims=True), target)
    return intervals_of(world.loss(outputs, target), list(ARMS), together, target, folds, REPEATS)


def sum_up(values: dict[str, list[dict[str, list]]]) -> Result:
    """Coverage and width of every cell, and the rules of STATISTICS 8."""
    return result_of(cells_of(values, LABELS), REPEATS, ("groups", "forward blocks"))


CLAIMS = (
    Claim(
        name="interval_coverage",
        states="The intervals of scores and gains hold the truth at m training rows about 95 times in 100.",
        files=(*FILES, "tests/truth/claims/intervals.py", "tests/truth/features.py"),
        chunks=dict.fromkeys(LABELS, STUDIES // STUDIES_A_CHUNK)
        | {f"truth-{label}": SAMPLES // SAMPLES_A_CHUNK for label in LABELS},
        run=run,
        sum_up=sum_up,
        settings={
            "learner": "random ReLU features with a ridge",
            "arms": {name: f"{units} units, penalty {penalty}" for name, (units, penalty) in ARMS.items()},
            "members_of_the_ensemble": MEMBERS,
            "studies_a_cell": STUDIES,
            "samples_behind_a_truth": SAMPLES,
            "rows": list(SIZES),
            "folds": FOLDS,
            "repeats": list(REPEATS),
        },
    ),
)
