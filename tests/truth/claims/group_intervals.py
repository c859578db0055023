"""Coverage where rows come in groups: by groups it holds, by rows it would not."""

import numpy as np

from truth.coverage import FILES, LEAST_CELL, WIDEST_NB
from truth.evidence import Result, at_least, at_most
from truth.features import ARMS, outputs_of
from truth.runner import Claim
from truth.studies import FOLDS, out_of_fold
from truth.worlds import INPUTS, NOISE, World
from whyfit.study.statistics.interval import gain_spread, score_spread
from whyfit.study.statistics.limits import error_estimate

COUNTS = (10, 15, 20, 30, 40, 100)
"""Groups of a data set: below 50 Nadeau and Bengio's variance is used."""

ROWS_A_GROUP = (4, 13)
GROUP_NOISE, NEARNESS = 0.5, 0.3
"""What the rows of a group share: an offset of the target of that deviation, and inputs within ± 0.3 of a centre."""

REPEATS = 4
STUDIES, STUDIES_A_CHUNK = 400, 20
SAMPLES, SAMPLES_A_CHUNK, FRESH_GROUPS = 2000, 100, 400
LABELS = [str(count) for count in COUNTS]
ARM = "penalty"
LEAST_MEAN = 0.93


def run(label: str, index: int) -> dict[str, list]:
    """One chunk: of truth, or of studies."""
    truth, count = label.startswith("truth"), int(label.removeprefix("truth-"))
    noise = np.random.default_rng([COUNTS.index(count), truth, index])
    rows = [(_truth if truth else _study)(count, noise) for _ in range(SAMPLES_A_CHUNK if truth else STUDIES_A_CHUNK)]
    return {name: [row[name] for row in rows] for name in rows[0]}


def draw(count: int, noise: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Inputs, targets and groups of so many fresh groups."""
    groups = np.repeat(np.arange(count), noise.integers(*ROWS_A_GROUP, size=count))
    centres = noise.uniform(NEARNESS - 1.0, 1.0 - NEARNESS, size=(count, INPUTS))
    x = centres[groups] + noise.uniform(-NEARNESS, NEARNESS, size=(groups.size, INPUTS))
    own = GROUP_NOISE * noise.normal(size=count)
    return x, World("regression").mean(x) + own[groups] + NOISE * noise.normal(size=groups.size), groups


def _arms(x: np.ndarray, target: np.ndarray, asked: np.ndarray, seed: int) -> np.ndarray:
    return outputs_of(x, target, asked, seed, {"base": ARMS["penalty"], ARM: (ARMS["penalty"][0], 30.0)})


def _truth(count: int, noise: np.random.Generator) -> dict[str, float]:
    x, target, _ = draw(count * (FOLDS - 1) // FOLDS, noise)
    fresh, _, _ = draw(FRESH_GROUPS, noise)
    squares = (_arms(x, target, fresh, int(noise.integers(2**62))) - World("regression").mean(fresh)) ** 2
    plain, arm = squares.mean(axis=1) + NOISE**2 + GROUP_NOISE**2
    return {"score": float(plain), ARM: float(plain - arm)}


def _study(count: int, noise: np.random.Generator) -> dict[str, list[float]]:
    """Value, and the ends by groups and by rows."""
    x, target, groups = draw(count, noise)
    folds = np.stack([(noise.permutation(count) % FOLDS)[groups] for _ in range(REPEATS)])
    plain, arm = ((out - target) ** 2 for out in out_of_fold(_arms, x, target, folds, 1, noise))
    trained = groups.size * (FOLDS - 1) // FOLDS
    seen = {}
    for codes, kind in ((groups, "groups"), (None, "rows")):
        score = score_spread(plain, folds, training_rows=trained, baseline=float(target.var()), groups=codes)
        gain = gain_spread(plain, arm, folds, training_rows=trained, baseline=float(target.var()), groups=codes)
        for name, spread in (("score", score), (ARM, gain)):
            estimate = error_estimate(spread, bounded=False) if name == "score" else spread.estimate()
            seen[f"{name}/{kind}"] = [estimate.value, estimate.low, estimate.high]
    return seen


def sum_up(values: dict[str, list[dict[str, list]]]) -> Result:
    """Coverage and width of both ways; the rules hold for that by groups."""
    cells = {}
    for label in LABELS:
        for key in values[label][0]:
            truth = np.array([one for chunk in values[f"truth-{label}"] for one in chunk[key.split("/")[0]]])
            value, low, high = np.array([row for chunk in values[label] for row in chunk[key]]).T
            cells[f"{label}/{key}"] = {
                "truth": float(truth.mean()),
                "coverage": float(np.mean((low <= truth.mean()) & (truth.mean() <= high))),
                "width": float((high - low).mean() / 2 / (1.96 * value.std(ddof=1))),
                "studies": int(value.size),
            }
    by_group = [cell for key, cell in cells.items() if key.endswith("/groups")]
    rules = (
        at_least("lowest coverage of a cell", min(cell["coverage"] for cell in by_group), LEAST_CELL),
        at_least("mean coverage", float(np.mean([cell["coverage"] for cell in by_group])), LEAST_MEAN),
        at_most("mean width over the oracle", float(np.mean([cell["width"] for cell in by_group])), WIDEST_NB),
    )
    return Result(rules, {"cells": cells}, ("classification", "trained networks"))


CLAIMS = (
    Claim(
        name="group_coverage",
        states="Where rows come in groups, the intervals by groups hold the truth about 95 times in 100.",
        files=(*FILES, "tests/truth/claims/group_intervals.py", "tests/truth/features.py"),
        chunks=dict.fromkeys(LABELS, STUDIES // STUDIES_A_CHUNK)
        | {f"truth-{label}": SAMPLES // SAMPLES_A_CHUNK for label in LABELS},
        run=run,
        sum_up=sum_up,
        settings={
            "learner": "random ReLU features with a ridge: penalty 1, the arm 30",
            "rows_of_a_group": f"{ROWS_A_GROUP[0]} to {ROWS_A_GROUP[1] - 1}",
            "studies_a_cell": STUDIES,
            "samples_behind_a_truth": SAMPLES,
            "folds": FOLDS,
            "repeats": REPEATS,
        },
    ),
)
