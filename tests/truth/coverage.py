"""Coverage and width of the intervals of a score, of gains and of an ensemble: what their simulations share."""

from collections.abc import Mapping, Sequence

import numpy as np

from truth.evidence import Result, Rule, at_least, at_most, between
from truth.studies import FOLDS
from whyfit.study.statistics.corrected import fold_means, nadeau_bengio
from whyfit.study.statistics.ensemble import paired_gain
from whyfit.study.statistics.interval import gain_spread, score_spread
from whyfit.study.statistics.limits import error_estimate
from whyfit.study.statistics.spread import Spread

LEAST_CELL, MEAN_LOW, MEAN_HIGH, WIDEST, WIDEST_NB = 0.91, 0.93, 0.985, 1.5, 2.2
"""Of 400 studies at a true 95 %, 91 % or more are covered in nearly every cell; widths in oracles, 1 being the best."""

FILES = (
    "src/whyfit/study/statistics/corrected.py",
    "src/whyfit/study/statistics/ensemble.py",
    "src/whyfit/study/statistics/interval.py",
    "src/whyfit/study/statistics/limits.py",
    "src/whyfit/study/statistics/proportion.py",
    "src/whyfit/study/statistics/quantiles.py",
    "src/whyfit/study/statistics/refit.py",
    "src/whyfit/study/statistics/spread.py",
    "tests/truth/coverage.py",
    "tests/truth/studies.py",
    "tests/truth/worlds.py",
)
"""What such evidence holds for."""


def intervals_of(
    losses: np.ndarray,
    arms: Sequence[str],
    together: np.ndarray,
    target: np.ndarray,
    folds: np.ndarray,
    repeats: Sequence[int],
) -> dict[str, list[float]]:
    """Every interval of one study: value, low, high, and whether it is the wider one.

    `losses` is (arms, repeats, seeds, rows), plain first, arms judged on the first seed; `together` (repeats, 1, rows)
    the loss of the mean prediction of plain's seeds; integer targets mean 0-1 error. Keys are quantity/method/repeats.
    """
    seen: dict[str, list[float]] = {}
    for count in repeats:
        cut = _Cut(folds[:count], target)
        plain = losses[0, :count, :1]
        seen |= cut.of("score", score_spread(plain, cut.folds, training_rows=cut.trained, baseline=cut.baseline), plain)
        for number, name in enumerate(arms[1:], 1):
            arm = losses[number, :count, :1]
            spread = gain_spread(plain, arm, cut.folds, training_rows=cut.trained, baseline=cut.baseline)
            seen |= cut.of(name, spread, plain - arm)
        alone, mean = losses[0, :count].mean(axis=1, keepdims=True), together[:count]
        spread = paired_gain(alone, mean, cut.folds, loss=cut.loss, training_rows=cut.trained)
        seen |= cut.of("ensemble", spread, alone - mean)
    return seen


class _Cut:
    """The first repeats of a study, and the two methods on them."""

    def __init__(self, folds: np.ndarray, target: np.ndarray) -> None:
        classify = target.dtype.kind == "i"
        self.folds, self.rows = folds, target.size
        self.trained = target.size * (FOLDS - 1) // FOLDS
        self.loss = "zero_one" if classify else "squared_error"
        self.baseline = None if classify else float(target.var())

    def of(self, name: str, spread: Spread, d: np.ndarray) -> dict[str, list[float]]:
        means = fold_means(d.mean(axis=1), self.folds, FOLDS)
        corrected = nadeau_bengio(means, scored=self.rows / FOLDS, trained=self.trained)
        bounded = self.loss == "zero_one"
        ours = error_estimate(spread, bounded=bounded) if name == "score" else spread.estimate()
        theirs, count, wider = corrected.estimate(), self.folds.shape[0], float(spread.method == "nadeau_bengio")
        return {
            f"{name}/given/{count}": [ours.value, ours.low, ours.high, wider],
            f"{name}/nadeau_bengio/{count}": [theirs.value, theirs.low, theirs.high, 1.0],
        }


def cells_of(values: Mapping[str, list[dict]], labels: Sequence[str]) -> dict[str, dict[str, float]]:
    """The cell of every label and key, from the chunks of studies and of `truth-LABEL`."""
    cells = {}
    for label in labels:
        for key in values[label][0]:
            truth = np.concatenate([np.atleast_1d(chunk[key.split("/")[0]]) for chunk in values[f"truth-{label}"]])
            table = np.array([row for chunk in values[label] for row in chunk[key]], dtype=float)
            cells[f"{label}/{key}"] = cell(table, truth)
    return cells


def cell(table: np.ndarray, truth: np.ndarray) -> dict[str, float]:
    """Coverage of the truth and width over the oracle, 1.96 standard deviations of the estimate over studies."""
    value, low, high, wider = table.T
    middle, half = float(truth.mean()), float((high - low).mean() / 2)
    return {
        "truth": middle,
        "truth_error_share": float(truth.std(ddof=1) / np.sqrt(truth.size) / half),
        "mean": float(value.mean()),
        "coverage": float(np.mean((low <= middle) & (middle <= high))),
        "width": half / float(1.96 * value.std(ddof=1)),
        "wider_share": float(wider.mean()),
        "studies": int(value.size),
    }


def result_of(cells: Mapping[str, dict[str, float]], repeats: Sequence[int], not_run: tuple[str, ...]) -> Result:
    """The rules on the intervals that are given after the most repeats, and the means of both methods."""
    means = {
        f"{method}_{count}_repeats": _means(_ending(cells, f"/{method}/{count}"))
        for method in ("given", "nadeau_bengio")
        for count in repeats
    }
    return Result(_rules(_ending(cells, f"/given/{max(repeats)}")), {"cells": dict(cells), **means}, not_run)


def _ending(cells: Mapping[str, dict[str, float]], end: str) -> list[dict[str, float]]:
    return [one for key, one in cells.items() if key.endswith(end)]


def _means(cells: Sequence[dict[str, float]]) -> dict[str, float]:
    covered = [one["coverage"] for one in cells]
    width = float(np.mean([one["width"] for one in cells]))
    return {"coverage": float(np.mean(covered)), "lowest": min(covered), "width": width}


def _rules(given: Sequence[dict[str, float]]) -> tuple[Rule, ...]:
    all_of_them = _means(given)
    by_rows = [one["width"] for one in given if one["wider_share"] < 0.5]
    wider = [one["width"] for one in given if one["wider_share"] >= 0.5]
    rules = [
        at_least("lowest coverage of a cell", all_of_them["lowest"], LEAST_CELL),
        between("mean coverage", all_of_them["coverage"], MEAN_LOW, MEAN_HIGH),
        at_most("mean width over the oracle, row and refit", float(np.mean(by_rows)), WIDEST),
        at_most("standard error of a truth over half the interval", max(o["truth_error_share"] for o in given), 0.1),
    ]
    if wider:
        rules.append(at_most("mean width over the oracle, Nadeau-Bengio", float(np.mean(wider)), WIDEST_NB))
    return tuple(rules)
