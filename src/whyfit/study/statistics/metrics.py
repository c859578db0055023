"""Other metrics beside the loss: of one set of scored rows to a number, and over repeated k-fold to an interval.

What is a mean over rows (mean absolute error, Brier score, confidence gap) has its row and refit interval; what is not
(AUC, F1, R², …) is taken fold by fold and has Nadeau and Bengio's. A metric of the user's own is a fold metric.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from whyfit.errors import ArgumentError
from whyfit.evidence.types import AnyArray, FloatArray, IntArray, Task
from whyfit.study.statistics.corrected import nadeau_bengio
from whyfit.study.statistics.label_metrics import macro_auc, macro_f1, subset_rows
from whyfit.study.statistics.losses import classes_of, log_softmax
from whyfit.study.statistics.refit import row_and_refit
from whyfit.study.statistics.spread import Spread
from whyfit.study.statistics.weighted import effective_size, weighed

CALIBRATION_BINS = 10
"""Bins of equal size in the calibration error (chosen; the debiased form hardly depends on it)."""

ONE_ROW = 1e-9
"""A bin whose weight is this near to that of one row has no variance to be lowered by."""


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric.

    Attributes
    ----------
    name
        As in the report.
    task
        What it is for.
    better
        `higher`, `lower`, or `zero` where neither sign is good.
    of
        (outputs (rows, outputs), target, weights of the rows or None) to one number, NaN where it is not defined; or,
        with `by_row`, (outputs (..., rows, outputs), target) to one number a row.
    by_row
        Whether the metric is the mean of what `of` gives.
    """

    name: str
    task: Task
    better: Literal["higher", "lower", "zero"]
    of: Callable[..., float | FloatArray]
    by_row: bool = False


def metric_spread(
    metric: Metric,
    outputs: AnyArray,
    target: AnyArray,
    folds: IntArray,
    *,
    training_rows: int,
    groups: IntArray | None = None,
    weights: AnyArray | None = None,
) -> Spread:
    """A metric over repeated k-fold, with the interval that is right for it.

    Parameters
    ----------
    outputs
        (repeats, seeds, rows, outputs): out-of-fold raw outputs.
    target, folds, training_rows, groups
        As in `row_and_refit`.
    weights
        (rows,) of the rows; None where all count alike.

    Examples
    --------
    >>> noise = np.random.default_rng(0)
    >>> folds = np.stack([noise.permutation(60) % 5 for _ in range(2)])
    >>> target = noise.integers(0, 2, size=60)
    >>> outputs = noise.normal(size=(2, 1, 60, 2)) + np.eye(2)[target]
    >>> metric_spread(METRICS["auc"], outputs, target, folds, training_rows=48).estimate()
    Estimate(0.8476 [0.7733, 0.9219], nadeau_bengio)
    """
    if metric.by_row:
        rows = weighed(np.asarray(metric.of(outputs, target)), weights)
        return row_and_refit(rows, folds, training_rows=training_rows, groups=groups)
    values = fold_values(metric, outputs, target, folds, weights)
    scored = folds.shape[1] / values.shape[1]
    return nadeau_bengio(values, scored=scored, trained=training_rows, rows=folds.shape[1])


def fold_values(
    metric: Metric, outputs: AnyArray, target: AnyArray, folds: IntArray, weights: AnyArray | None = None
) -> FloatArray:
    """(repeats, folds): the metric on the scored rows of each fit, mean over seeds."""
    parts = range(int(folds.max()) + 1)

    def mean(repeat: AnyArray, rows: AnyArray) -> float:
        own = None if weights is None else weights[rows]
        return float(np.mean([metric.of(seed[rows], target[rows], own) for seed in repeat]))

    return np.array(
        [[mean(repeat, fold == part) for part in parts] for repeat, fold in zip(outputs, folds, strict=True)]
    )


def probabilities(outputs: AnyArray) -> FloatArray:
    """Softmax over the last axis, in float64."""
    shares: FloatArray = np.exp(log_softmax(outputs))
    return shares


def auc(outputs: AnyArray, target: AnyArray, weights: AnyArray | None = None) -> float:
    """Area under the ROC curve: of class 1 for two classes, mean of one against the rest for more; NaN if one lacks."""
    from sklearn.metrics import roc_auc_score  # noqa: PLC0415  # a second of import that few need

    shares = probabilities(outputs)
    count = shares.shape[1]
    if np.unique(target).size < count or not np.isfinite(shares).all():
        return math.nan
    judged = range(1, 2) if count == 2 else range(count)
    return float(np.mean([roc_auc_score(target == c, shares[:, c], sample_weight=weights) for c in judged]))


def balanced_accuracy(outputs: AnyArray, target: AnyArray, weights: AnyArray | None = None) -> float:
    """Mean over the classes that are there of the share of their rows that is right."""
    right, own = classes_of(outputs) == target, _ones(target, weights)
    return float(np.mean([np.average(right[target == c], weights=own[target == c]) for c in np.unique(target)]))


def _ones(target: AnyArray, weights: AnyArray | None) -> FloatArray:
    return np.ones(np.shape(target)[0]) if weights is None else np.asarray(weights, dtype=np.float64)


def f1(outputs: AnyArray, target: AnyArray, weights: AnyArray | None = None) -> float:
    """F1: of class 1 for two classes, mean over classes for more; a class neither there nor answered does not count."""
    answers, count, own = classes_of(outputs), np.shape(outputs)[-1], _ones(target, weights)
    judged = range(1, 2) if count == 2 else range(count)
    scores = [_f1(answers == c, np.asarray(target) == c, own) for c in judged]
    known = [score for score in scores if not math.isnan(score)]
    return float(np.mean(known)) if known else math.nan


def _f1(answered: AnyArray, there: AnyArray, own: FloatArray) -> float:
    both = own[answered].sum() + own[there].sum()
    return float(2.0 * own[answered & there].sum() / both) if both else math.nan


def brier_rows(outputs: AnyArray, target: AnyArray) -> FloatArray:
    """(..., rows): squared distance of the probabilities from the class that it is, summed over classes."""
    shares = probabilities(outputs)
    distance: FloatArray = ((shares - np.eye(shares.shape[-1])[target]) ** 2).sum(axis=-1)
    return distance


def confidence_rows(outputs: AnyArray, target: AnyArray) -> FloatArray:
    """(..., rows): largest probability minus whether it was right; its mean is above 0 for an overconfident network."""
    shares = probabilities(outputs)
    gap: FloatArray = shares.max(axis=-1) - (classes_of(outputs) == target)
    return gap


def calibration(outputs: AnyArray, target: AnyArray, weights: AnyArray | None = None) -> float:
    """Root mean squared gap between confidence and accuracy over bins of equal size, debiased (Kumar et al. 2019).

    Each bin's squared gap is lowered by the variance of its accuracy, ȳ(1 − ȳ)/(n − 1); without that a perfectly
    calibrated network shows a gap in every small fold. With weights n is that of as many equal rows (Kish). NaN where a
    bin would hold fewer than two rows.
    """
    shares = probabilities(outputs)
    if shares.shape[0] < 2 * CALIBRATION_BINS or not np.isfinite(shares).all():
        return math.nan
    confidence, right = shares.max(axis=1), classes_of(outputs) == target
    own = _ones(target, weights)
    bins = np.array_split(np.argsort(confidence, kind="stable"), CALIBRATION_BINS)
    total = sum(own[rows].sum() * _squared_gap(confidence[rows], right[rows], own[rows]) for rows in bins)
    return math.sqrt(max(0.0, total / own.sum()))


def _squared_gap(confidence: FloatArray, right: AnyArray, own: FloatArray) -> float:
    accuracy, count = float(np.average(right, weights=own)), effective_size(own, own.size)
    if count <= 1.0 + ONE_ROW:
        return 0.0
    return float((np.average(confidence, weights=own) - accuracy) ** 2 - accuracy * (1.0 - accuracy) / (count - 1))


def rmse(outputs: AnyArray, target: AnyArray, weights: AnyArray | None = None) -> float:
    """Root of the mean squared error over rows and outputs."""
    squares = ((np.asarray(outputs, dtype=np.float64) - target) ** 2).mean(axis=1)
    return float(np.sqrt(np.average(squares, weights=weights)))


def absolute_rows(outputs: AnyArray, target: AnyArray) -> FloatArray:
    """(..., rows): mean absolute error over outputs."""
    distance: FloatArray = np.abs(np.asarray(outputs, dtype=np.float64) - target).mean(axis=-1)
    return distance


def r2(outputs: AnyArray, target: AnyArray, weights: AnyArray | None = None) -> float:
    """1 − squared error over the variance of the scored rows, mean over outputs; NaN where a target is constant."""
    values, own = np.asarray(target, dtype=np.float64), _ones(target, weights)[:, None]
    spread = (own * (values - np.average(values, axis=0, weights=own[:, 0])) ** 2).sum(axis=0)
    if values.shape[0] < 2 or not spread.all():
        return math.nan
    errors = (own * (np.asarray(outputs, dtype=np.float64) - values) ** 2).sum(axis=0)
    return float(np.mean(1.0 - errors / spread))


def own_metric(name: str, task: Task, function: Callable[..., float], *, higher: bool) -> Metric:
    """A metric of the user's own: (outputs (rows, outputs), target) to one number; with weights, those come third.

    Raises
    ------
    ArgumentError
        Where the name is taken, or the function is none.

    Examples
    --------
    >>> own_metric("worst", "regression", lambda outputs, target: abs(outputs - target).max(), higher=False).better
    'lower'
    """
    if name in METRICS or not callable(function):
        raise ArgumentError(
            f"`name` must be new and `function` a function, got {name!r}; taken: {', '.join(METRICS)}.",
            advice="Give your metric a name of its own.",
        )

    def of(outputs: AnyArray, target: AnyArray, weights: AnyArray | None = None) -> float:
        return float(function(outputs, target) if weights is None else function(outputs, target, weights))

    return Metric(name, task, "higher" if higher else "lower", of)


METRICS: dict[str, Metric] = {
    metric.name: metric
    for metric in (
        Metric("auc", "classification", "higher", auc),
        Metric("balanced_accuracy", "classification", "higher", balanced_accuracy),
        Metric("f1", "classification", "higher", f1),
        Metric("brier", "classification", "lower", brier_rows, by_row=True),
        Metric("calibration", "classification", "lower", calibration),
        Metric("confidence_gap", "classification", "zero", confidence_rows, by_row=True),
        Metric("rmse", "regression", "lower", rmse),
        Metric("mae", "regression", "lower", absolute_rows, by_row=True),
        Metric("r2", "regression", "higher", r2),
        Metric("macro_auc", "multilabel", "higher", macro_auc),
        Metric("macro_f1", "multilabel", "higher", macro_f1),
        Metric("subset_accuracy", "multilabel", "higher", subset_rows, by_row=True),
    )
}
"""All metrics, by name."""
