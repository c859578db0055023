"""Rows that count by weights: means, their spread, and how many equal rows tell as much.

    θ = Σ wᵢ·lᵢ / Σ wᵢ        zᵢ = c + wᵢ·(lᵢ − c),    weights with mean 1

For any constant c the plain mean of z is θ; with c near θ its spread over rows is that of the ratio θ, by linearisation
(Hájek 1971; Särndal, Swensson and Wretman 1992, section 5.6). So whatever is computed from a loss a row (row and refit,
fold means, jackknife, gains, the gain of the chosen strength) is computed from z instead, by the same formulas: what is
estimated is then the mean over a population in which rows stand as often as they weigh.

    n_eff = (Σ w)²/Σ w² = n/mean(w²)

is how many equal rows tell as much about a mean that has nothing to do with the weights (Kish 1965, section 11.7).

Simulated coverage against known truth: `tests/study/statistics/test_weighted.py`. With few heavy rows (n_eff under 30
or so) every such interval is short, as that of any mean of few skewed numbers.
"""

from __future__ import annotations

import numpy as np

from whyfit.evidence.types import AnyArray, FloatArray


def weighed(values: AnyArray, weights: AnyArray | None, centre: float | None = None) -> FloatArray:
    """Z of (…, rows) values: their plain mean is the weighted mean; the values themselves without weights.

    Parameters
    ----------
    weights
        (rows,) of any mean above 0; scaled to mean 1 over these rows.
    centre
        c; the weighted mean of what is finite unless given. What is compared with each other needs one and the same.

    Examples
    --------
    >>> z = weighed(np.array([0.0, 1.0, 1.0]), np.array([2.0, 0.5, 0.5]))
    >>> float(z.mean()), float(np.average([0.0, 1.0, 1.0], weights=[2.0, 0.5, 0.5]))
    (0.3333333333333333, 0.3333333333333333)
    """
    plain: FloatArray = np.asarray(values, dtype=np.float64)
    if weights is None:
        return plain
    own = np.asarray(weights, dtype=np.float64) / np.mean(weights)
    c = weighted_mean(plain, own) if centre is None else centre
    with np.errstate(invalid="ignore"):  # what diverged stays what it is
        result: FloatArray = c + own * (plain - c)
    return result


def weighted_mean(values: AnyArray, weights: AnyArray | None) -> float:
    """Σ w·v/Σ w over all of (…, rows) that is no NaN; NaN where nothing is.

    Examples
    --------
    >>> weighted_mean(np.array([[1.0, 4.0], [np.nan, 4.0]]), np.array([1.0, 3.0]))
    3.5714285714285716
    """
    plain = np.asarray(values, dtype=np.float64)
    known = ~np.isnan(plain)
    if not known.any():
        return float("nan")
    if weights is None:
        return float(plain[known].mean())
    own = np.broadcast_to(np.asarray(weights, dtype=np.float64), plain.shape)[known]
    return float((own * plain[known]).sum() / own.sum())


def effective_size(weights: AnyArray | None, rows: int) -> float:
    """n_eff of so many rows: Kish's (Σ w)²/Σ w²; all of them where they count alike.

    Examples
    --------
    >>> effective_size(np.array([1.0, 1.0, 2.0]), 3), effective_size(None, 3)
    (2.6666666666666665, 3.0)
    """
    if weights is None:
        return float(rows)
    own = np.asarray(weights, dtype=np.float64)
    return float(own.sum() ** 2 / (own**2).sum())
