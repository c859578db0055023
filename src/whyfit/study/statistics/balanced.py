"""Every class counts alike: the mean of the classes' mean losses, as a mean over rows.

    θ = mean_c l̄_c        zᵢ = θ + uᵢ·(lᵢ − l̄_c(i)),    uᵢ = n·wᵢ / (C·Σ of w over the rows of i's class)

The plain mean of z is θ, and its spread over rows is that of θ: each class mean is a ratio of sums, linearised as
`weighted` has it (Särndal, Swensson and Wretman 1992, 7.6: post-stratification). In 0-1 error θ is one minus balanced
accuracy. Class weights are judged by it: they give up errors of a common class for those of a rare one, so the plain
error rate cannot show what they are for.

Blind: a class with few rows makes a wide interval; under ten rows there is none.
"""

from __future__ import annotations

import numpy as np

from whyfit.evidence.types import AnyArray, FloatArray, IntArray
from whyfit.study.statistics.weighted import weighted_mean

LEAST_OF_CLASS = 10
"""Rows of the smallest class: below, a class has no interval of its own (chosen), and so neither has their mean."""


def class_weights(target: IntArray, weights: AnyArray | None = None) -> FloatArray:
    """(rows,) u, of mean 1: the rows of every class weigh the same together.

    Examples
    --------
    >>> class_weights(np.array([0, 0, 0, 1])).round(3).tolist()
    [0.667, 0.667, 0.667, 2.0]
    """
    own = np.ones(target.size) if weights is None else np.asarray(weights, dtype=np.float64)
    sums = np.bincount(target, weights=own)
    there = int((sums > 0).sum())
    result: FloatArray = own * target.size / (there * sums[target])
    return result


def balanced(losses: AnyArray, target: IntArray, weights: AnyArray | None = None) -> FloatArray:
    """Z of (…, rows) losses: their plain mean is the mean over classes.

    Parameters
    ----------
    target
        (rows,) class codes.
    weights
        (rows,) of the rows; None where all count alike.

    Examples
    --------
    >>> z = balanced(np.array([0.0, 0.0, 1.0, 1.0]), np.array([0, 0, 0, 1]))
    >>> round(float(z.mean()), 4)  # a third of one class, all of the other
    0.6667
    """
    plain: FloatArray = np.asarray(losses, dtype=np.float64)
    codes = np.unique(target)
    own = None if weights is None else np.asarray(weights, dtype=np.float64)
    means = [weighted_mean(plain[..., target == c], None if own is None else own[target == c]) for c in codes]
    centre = np.array(means)[np.searchsorted(codes, target)]
    result: FloatArray = float(np.mean(means)) + class_weights(target, own) * (plain - centre)
    return result


def too_few_of_a_class(target: IntArray) -> bool:
    """Whether a class has too few rows for an interval.

    Examples
    --------
    >>> too_few_of_a_class(np.array([0] * 40 + [1] * 9)), too_few_of_a_class(np.array([0] * 40 + [1] * 10))
    (True, False)
    """
    return bool(np.unique(target, return_counts=True)[1].min() < LEAST_OF_CLASS)
