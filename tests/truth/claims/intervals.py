"""Coverage and width of the intervals of scores and gains, against brute-forced truth."""

import numpy as np

from truth.evidence import Result, at_least, at_most, between
from truth.features import outputs_of
from truth.runner import Claim
from truth.studies import FOLDS, out_of_fold, shuffles
from truth.worlds import World
from whyfit.study.statistics.corrected import fold_means, nadeau_bengio
from whyfit.study.statistics.ensemble import paired_gain
from whyfit.study.statistics.interval import gain_spread, score_spread
from whyfit.study.statistics.proportion import zero_one_estimate
from whyfit.study.statistics.spread import Spread

SIZES = (100, 300, 1000, 5000)
TASKS = ("regression", "binary")
REPEATS = (2, 4)
MEMBERS = 4
"""Seeds a fit; the members of the ensemble. Arms are judged on the first seed alone."""

STUDIES, STUDIES_A_CHUNK = 400, 20
SAMPLES, SAMPLES_A_CHUNK, FRESH_ROWS = 2000, 100, 2000
"""Fresh training samples behind each truth, each judged on fresh rows of its own, without label noise."""

LEAST_CELL, MEAN_LOW, MEAN_HIGH, WIDEST, WIDEST_NB = 0.91, 0.93, 0.985, 1.5, 2.2
"""STATISTICS 8: 400 studies at a true 95 % land above 91 % in nearly every cell."""

LABELS = [f"{task}-{rows}" for task in TASKS for rows in SIZES]


def run(label: str, index: int) -> dict[str, list]:
    """One chunk: of truth, or of studies."""
    kind, task, size = label.rsplit("-", 2) if label.startswith("truth") else ("study", *label.split("-"))
    noise = np.random.default_rng([SIZES.index(int(size)), TASKS.index(task), kind == "truth", index])
    one = _truth if kind == "truth" else _study
    count = SAMPLES_A_CHUNK if kind == "truth" else STUDIES_A_CHUNK
    rows = [one(World(task), int(size), noise) for _ in range(count)]
    return {name: [row[name] for row in rows] for name in rows[0]}


def _truth(world: World, rows: int, noise: np.random.Generator) -> dict[str, float]:
    """The risks of one fresh training sample of m rows; the mean over samples is the truth."""
    x, target = world.draw(rows * (FOLDS - 1) // FOLDS, noise)
    fresh, _ = world.draw(FRESH_ROWS, noise)
    outputs = np.stack([outputs_of(x, target, fresh, int(noise.integers(2**62))) for _ in range(MEMBERS)], axis=1)
    risks = world.risk(outputs, fresh).mean(axis=2)  # (arms, seeds)
    together = world.risk(outputs[0].mean(axis=0), fresh).mean()
    plain, penalty, smaller = risks
    return {
        "score": plain.mean(),
        "penalty": (plain - penalty).mean(),
        "smaller": (plain - smaller).mean(),
        "ensemble": plain.mean() - together,
    }


def _study(world: World, rows: int, noise: np.random.Generator) -> dict[str, list[float]]:
    """Every interval of one study: value, low, high, for each quantity, method and number of repeats."""
    x, target = world.draw(rows, noise)
    folds = shuffles(rows, max(REPEATS), noise)
    outputs = out_of_fold(outputs_of, x, target, folds, MEMBERS, noise)
    losses = world.loss(outputs, target)
    alone, together = losses[0].mean(axis=1, keepdims=True), world.loss(outputs[0].mean(axis=1, keepdims=True), target)
    baseline = float(target.var()) if world.task == "regression" else None
    seen: dict[str, list[float]] = {}
    for count in REPEATS:
        cut = _Cut(folds[:count], rows, world.task)
        plain = losses[0, :count, :1]
        spread = score_spread(plain, cut.folds, training_rows=cut.trained, baseline=baseline)
        seen |= cut.of("score", spread, plain)
        for arm, name in enumerate(("penalty", "smaller"), 1):
            d = plain - losses[arm, :count, :1]
            other = losses[arm, :count, :1]
            spread = gain_spread(plain, other, cut.folds, training_rows=cut.trained, baseline=baseline)
            seen |= cut.of(name, spread, d)
        loss = "zero_one" if world.task == "binary" else "squared_error"
        spread = paired_gain(alone[:count], together[:count], cut.folds, loss=loss, training_rows=cut.trained)
        seen |= cut.of("ensemble", spread, alone[:count] - together[:count])
    return seen


class _Cut:
    """The first repeats of a study, and the two methods on them."""

    def __init__(self, folds: np.ndarray, rows: int, task: str) -> None:
        self.folds, self.rows, self.task = folds, rows, task
        self.trained = rows * (FOLDS - 1) // FOLDS

    def of(self, name: str, spread: Spread, d: np.ndarray) -> dict[str, list[float]]:
        means = fold_means(d.mean(axis=1), self.folds, FOLDS)
        corrected = nadeau_bengio(means, scored=self.rows / FOLDS, trained=self.trained)
        wilson = name == "score" and self.task == "binary"
        ours = zero_one_estimate(spread) if wilson else spread.estimate()
        theirs, count = corrected.estimate(), self.folds.shape[0]
        return {
            f"{name}/given/{count}": [ours.value, ours.low, ours.high],
            f"{name}/nadeau_bengio/{count}": [theirs.value, theirs.low, theirs.high],
        }


def sum_up(values: dict[str, list[dict[str, list]]]) -> Result:
    """Coverage and width of every cell, and the rules of STATISTICS 8."""
    cells = {}
    for label in LABELS:
        truth = {
            name: np.concatenate([c[name] for c in values[f"truth-{label}"]]) for name in values[f"truth-{label}"][0]
        }
        for key in values[label][0]:
            table = np.array([row for chunk in values[label] for row in chunk[key]], dtype=float)
            cells[f"{label}/{key}"] = _cell(table, truth[key.split("/")[0]])
    return Result(_rules(cells), {"cells": cells, **_means(cells)}, NOT_RUN)


def _cell(table: np.ndarray, truth: np.ndarray) -> dict[str, float]:
    value, low, high = table.T
    middle = float(truth.mean())
    oracle = 1.96 * value.std(ddof=1)
    return {
        "truth": middle,
        "truth_error_share": float(truth.std(ddof=1) / np.sqrt(truth.size) / ((high - low).mean() / 2)),
        "mean": float(value.mean()),
        "coverage": float(np.mean((low <= middle) & (middle <= high))),
        "width": float((high - low).mean() / 2 / oracle),
        "studies": int(value.size),
    }


def _pick(cells: dict, method: str, repeats: int, field: str, name: str = "") -> np.ndarray:
    ends = f"/{method}/{repeats}"
    return np.array([cell[field] for key, cell in cells.items() if key.endswith(ends) and f"/{name}" in key])


def _means(cells: dict) -> dict[str, dict[str, float]]:
    return {
        f"{method}_{count}_repeats": {
            "coverage": float(_pick(cells, method, count, "coverage").mean()),
            "lowest": float(_pick(cells, method, count, "coverage").min()),
            "width": float(_pick(cells, method, count, "width").mean()),
        }
        for method in ("given", "nadeau_bengio")
        for count in REPEATS
    }


def _rules(cells: dict) -> tuple:
    last = max(REPEATS)
    ensembles = {key: cell for key, cell in cells.items() if "regression" in key and "/ensemble/given" in key}
    others = {key: cell for key, cell in cells.items() if key not in ensembles}
    return (
        at_least(
            f"lowest coverage of a cell, {last} repeats", _pick(cells, "given", last, "coverage").min(), LEAST_CELL
        ),
        between(f"mean coverage, {last} repeats", _pick(cells, "given", last, "coverage").mean(), MEAN_LOW, MEAN_HIGH),
        at_most(
            f"mean width over the oracle, row and refit, {last} repeats",
            _pick(others, "given", last, "width").mean(),
            WIDEST,
        ),
        at_most(
            f"mean width over the oracle, Nadeau-Bengio, {last} repeats",
            _pick(ensembles, "given", last, "width").mean(),
            WIDEST_NB,
        ),
        at_least(
            f"lowest coverage of Nadeau-Bengio, {last} repeats",
            _pick(cells, "nadeau_bengio", last, "coverage").min(),
            LEAST_CELL,
        ),
        at_most(
            "standard error of a truth over half the interval", max(c["truth_error_share"] for c in cells.values()), 0.1
        ),
    )


NOT_RUN = ("groups", "forward blocks")

CLAIMS = (
    Claim(
        name="interval_coverage",
        states="The intervals of scores and gains hold the truth at m training rows about 95 times in 100.",
        files=(
            "src/whyfit/study/statistics/interval.py",
            "src/whyfit/study/statistics/corrected.py",
            "src/whyfit/study/statistics/ensemble.py",
            "src/whyfit/study/statistics/proportion.py",
            "src/whyfit/study/statistics/quantiles.py",
            "src/whyfit/study/statistics/refit.py",
            "src/whyfit/study/statistics/spread.py",
            "tests/truth/claims/intervals.py",
            "tests/truth/features.py",
            "tests/truth/studies.py",
            "tests/truth/worlds.py",
        ),
        chunks=dict.fromkeys(LABELS, STUDIES // STUDIES_A_CHUNK)
        | {f"truth-{label}": SAMPLES // SAMPLES_A_CHUNK for label in LABELS},
        run=run,
        sum_up=sum_up,
        settings={
            "learner": "random ReLU features with a ridge",
            "arms": "48 units and penalty 0.02; penalty 1.0; 12 units; ensemble of 4 seeds",
            "studies_a_cell": STUDIES,
            "samples_behind_a_truth": SAMPLES,
            "rows": list(SIZES),
            "folds": FOLDS,
            "repeats": list(REPEATS),
        },
    ),
)
