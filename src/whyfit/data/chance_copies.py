"""How many pairs of equal rows chance gives: what the pairs that differ in 1, 2 and 3 columns say about none.

In a table of few distinct values, equal rows arise by themselves. Columns depend on each other, so the number cannot be
taken from each column alone (measured: 17 expected, 1,200 there by chance). The number of columns in which two rows
differ is taken as beta-binomial, which allows for that dependence.
"""

from __future__ import annotations

from math import exp, lgamma, log

import numpy as np

from whyfit.evidence.types import IntArray

LOG_RANGE = (-3.0, 12.0)
"""Of both parameters. Below e⁻³ nearly all pairs would be equal or opposite; above e¹² it is the binomial."""


def expected_equal_pairs(counts: IntArray, columns: int) -> float | None:
    """The pairs of equal rows that chance gives.

    Parameters
    ----------
    counts
        (4,) pairs that differ in exactly 0, 1, 2 and 3 columns; the first is not looked at.
    columns
        Number of columns that vary.

    Returns
    -------
    float or None
        None where there are too few columns to tell.

    Examples
    --------
    >>> expected_equal_pairs(np.array([50, 0, 0, 0]), columns=10)
    0.0
    >>> round(expected_equal_pairs(np.array([0, 40, 180, 480]), columns=10), 1)
    4.2
    """
    near = counts[1:4].astype(np.float64)
    if columns < 3:
        return 0.0 if columns == 2 and near[0] == 0 else None
    if near.sum() == 0:
        return 0.0
    from scipy.optimize import minimize  # noqa: PLC0415  # heavy

    start = np.array([1.0, 1.0])
    best = minimize(_minus_likelihood, start, args=(near, columns), method="L-BFGS-B", bounds=[LOG_RANGE] * 2)
    shares = [exp(value) for value in _log_shares(best.x, columns)]
    return float(near.sum() * shares[0] / sum(shares[1:]))


def _minus_likelihood(logs: np.ndarray, near: np.ndarray, columns: int) -> float:
    """Of the counts at 1, 2 and 3, given that a pair differs in one to three columns."""
    values = _log_shares(logs, columns)[1:]
    top = max(values)
    total = top + log(sum(exp(value - top) for value in values))
    return -float(sum(count * (value - total) for count, value in zip(near, values, strict=True))) / float(near.sum())


def _log_shares(logs: np.ndarray, columns: int) -> list[float]:
    """Log probabilities of 0 to 3 differing columns, up to a constant that they share."""
    a, b = exp(float(logs[0])), exp(float(logs[1]))
    return [_log_share(h, columns, a, b) for h in range(4)]


def _log_share(h: int, columns: int, a: float, b: float) -> float:
    choose = lgamma(columns + 1) - lgamma(h + 1) - lgamma(columns - h + 1)
    return choose + lgamma(h + a) - lgamma(a) + lgamma(columns - h + b) - lgamma(b)
