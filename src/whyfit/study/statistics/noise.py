"""Noise where inputs repeat: the only place where one data set tells it from bias.

Squared error, with the repeated inputs in G groups of together n rows::

    noise = Σ(y − group mean)²/(n − G)

0-1 error, with a the rate at which two rows of one input disagree, C classes (Cover and Hart 1967)::

    (C − 1)/C·(1 − √(1 − C/(C − 1)·a))  ≤  Bayes error  ≤  a          two classes: (1 − √(1 − 2a))/2

They hold for the inputs that repeat, and how many those are is said beside them. Without repeats the noise lies between
0 and the upper limit of the best measured error, and no more can be said.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from whyfit.evidence.types import AnyArray, FloatArray, IntArray

LEAST_REPEATED = 20
"""Repeated inputs below which no interval is given: the bootstrap over fewer groups is too narrow (docs/evidence)."""

BOOTSTRAPS = 1000
"""Draws of the bootstrap over groups: the ends move by under a twentieth of the width."""

BOOTSTRAP_SEED = 19670101
"""The same draws in every run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Noise:
    """The noise at repeated inputs.

    Attributes
    ----------
    value
        Squared error: the noise, mean over outputs. 0-1 error: None, as only bounds are known.
    low, high
        Ends of its interval. 0-1 error: lower limit of the lower bound, upper limit of the upper bound. None under 20
        repeated inputs.
    bounds
        0-1 error: the bounds themselves; None for squared error.
    inputs, rows
        How many inputs repeat, and in how many rows; of `all_rows`.
    """

    value: float | None
    low: float | None
    high: float | None
    bounds: tuple[float, float] | None
    inputs: int
    rows: int
    all_rows: int


def input_codes(inputs: AnyArray) -> IntArray:
    """(rows,): rows with equal inputs (missing values equal too) get equal codes.

    Examples
    --------
    >>> input_codes(np.array([[1.0, 2.0], [0.0, 1.0], [1.0, 2.0]])).tolist()
    [1, 0, 1]
    """
    table = np.asarray(inputs, dtype=np.float64)
    missing = np.isnan(table)
    both = np.concatenate([np.where(missing, 0.0, table), missing], axis=1)
    return np.unique(both, axis=0, return_inverse=True)[1].reshape(-1)


def repeated_noise(codes: IntArray, target: AnyArray, *, classes: int | None = None) -> Noise | None:
    """The noise at repeated inputs; None where none repeats.

    Parameters
    ----------
    codes
        (rows,): equal for rows with equal inputs.
    target
        (rows,) or (rows, outputs) values, or (rows,) class codes.
    classes
        C for classification; None for regression.

    Examples
    --------
    >>> noise = repeated_noise(np.array([0, 0, 1, 1, 2]), np.array([1.0, 2.0, 5.0, 5.0, 9.0]))
    >>> noise.value, noise.inputs, noise.rows
    (0.25, 2, 4)
    """
    counts = np.bincount(codes)
    kept = counts[codes] > 1
    if not kept.any():
        return None
    groups = np.unique(codes[kept], return_inverse=True)[1].reshape(-1)
    facts = (int(groups.max()) + 1, int(kept.sum()), int(codes.size))
    if classes is None:
        return _squared(groups, np.asarray(target, dtype=np.float64)[kept], facts)
    return _zero_one(groups, np.asarray(target)[kept], classes, facts)


def bayes_bounds(disagreement: float, classes: int) -> tuple[float, float]:
    """Cover and Hart's bounds on the least possible error, from the rate at which two rows of one input disagree.

    Examples
    --------
    >>> [round(bound, 4) for bound in bayes_bounds(0.18, 2)]
    [0.1, 0.18]
    """
    most = (classes - 1) / classes  # two independent answers of C equal classes disagree that often
    return most * (1.0 - math.sqrt(max(0.0, 1.0 - disagreement / most))), min(disagreement, most)


def _squared(groups: IntArray, target: FloatArray, facts: tuple[int, int, int]) -> Noise:
    values = target.reshape(groups.size, -1)
    sizes = np.bincount(groups)
    means = np.stack([np.bincount(groups, weights=column) / sizes for column in values.T], axis=1)
    squares = np.bincount(groups, weights=((values - means[groups]) ** 2).mean(axis=1))
    draws = _bootstrap(facts[0])
    low, high = (
        _ends(squares[draws].sum(axis=1) / (sizes - 1)[draws].sum(axis=1)) if draws is not None else (None, None)
    )
    value = float(squares.sum() / (sizes - 1).sum())
    return Noise(value=value, low=low, high=high, bounds=None, inputs=facts[0], rows=facts[1], all_rows=facts[2])


def _zero_one(groups: IntArray, target: IntArray, classes: int, facts: tuple[int, int, int]) -> Noise:
    sizes = np.bincount(groups)
    counts = np.stack([np.bincount(groups, weights=target == c) for c in range(classes)], axis=1)
    agree = (counts * (counts - 1)).sum(axis=1) / (sizes * (sizes - 1))
    weights = sizes * (1.0 - agree)  # rows count alike, whatever the size of their group
    bounds = bayes_bounds(float(weights.sum() / sizes.sum()), classes)
    draws = _bootstrap(facts[0])
    low = high = None
    if draws is not None:
        least, most = _ends(weights[draws].sum(axis=1) / sizes[draws].sum(axis=1))
        low, high = bayes_bounds(least, classes)[0], bayes_bounds(most, classes)[1]
    return Noise(value=None, low=low, high=high, bounds=bounds, inputs=facts[0], rows=facts[1], all_rows=facts[2])


def _bootstrap(groups: int) -> IntArray | None:
    if groups < LEAST_REPEATED:
        return None
    return np.random.default_rng(BOOTSTRAP_SEED).integers(0, groups, size=(BOOTSTRAPS, groups))


def _ends(values: FloatArray) -> tuple[float, float]:
    low, high = np.quantile(values, [0.025, 0.975])
    return float(low), float(high)
