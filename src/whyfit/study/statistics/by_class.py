"""The error of each class, with an interval where the class has rows enough."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from whyfit.evidence.estimate import Estimate
from whyfit.evidence.types import AnyArray, FloatArray, IntArray
from whyfit.study.statistics.power import rows_for_width
from whyfit.study.statistics.proportion import zero_one_estimate
from whyfit.study.statistics.refit import row_and_refit
from whyfit.study.statistics.weighted import effective_size, weighed, weighted_mean

LEAST_CLASS_ROWS = 10
"""A class with fewer scored rows has no interval of its own (chosen: one row is ten points of its error)."""

WORTH_KNOWING = 0.1
"""Half-width, ± ten points, for which the rows of a small class are computed."""


@dataclass(frozen=True, slots=True)
class ClassScore:
    """The error on the rows of one class.

    Attributes
    ----------
    code
        Of the class.
    error
        With its interval; `too_few_rows` under ten rows.
    needed
        Rows of this class at which its error would be known to ± ten points; None where there is an interval.
    """

    code: int
    error: Estimate
    needed: int | None = None


def class_scores(
    losses: FloatArray,
    target: IntArray,
    folds: IntArray,
    *,
    training_rows: int,
    groups: IntArray | None = None,
    weights: AnyArray | None = None,
) -> tuple[ClassScore, ...]:
    """The 0-1 error of every class that has rows, in the order of the codes.

    Parameters
    ----------
    losses
        (repeats, seeds, rows): 0-1 losses.
    target
        (rows,): class codes.
    folds, training_rows, groups
        As in `row_and_refit`.
    weights
        (rows,) of the rows; None where all count alike.

    Examples
    --------
    >>> folds = np.stack([np.arange(40) % 5, np.arange(40) // 8])
    >>> losses = np.tile(np.arange(40) % 4 == 0, (2, 1, 1)).astype(float)
    >>> first, second = class_scores(losses, (np.arange(40) > 34).astype(int), folds, training_rows=32)
    >>> first.error.value, second.error.why_none, second.needed
    (0.2571428571428571, 'too_few_rows', 91)
    """
    overall = weighted_mean(losses, weights)
    return tuple(
        _class_score(code, losses, target == code, folds, training_rows, groups, overall, weights)
        for code in np.unique(target).tolist()
    )


def _class_score(
    code: int,
    losses: FloatArray,
    its: FloatArray,
    folds: IntArray,
    training_rows: int,
    groups: IntArray | None,
    overall: float,
    weights: AnyArray | None,
) -> ClassScore:
    rows, own = int(its.sum()), None if weights is None else weights[its]
    if rows < LEAST_CLASS_ROWS:
        value = weighted_mean(losses[..., its], own)
        silent = Estimate(value, method="wilson", rows=rows, training_rows=training_rows, why_none="too_few_rows")
        heavier = rows / effective_size(own, rows)
        needed = rows_for_width(WORTH_KNOWING, heavier * overall * (1.0 - overall), folds=int(folds.max()) + 1)
        return ClassScore(code, silent, max(LEAST_CLASS_ROWS, needed))
    counted = np.array(losses, dtype=np.float64)
    counted[..., its] = weighed(counted[..., its], own)
    spread = row_and_refit(counted, folds, training_rows=training_rows, groups=groups, subset=its)
    return ClassScore(code, zero_one_estimate(spread))
