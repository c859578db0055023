"""The error over the number of training rows, as a power law, and what the law says beyond the rows that there are.

    error(m) = c + b·m^(−α),    c ≥ 0, b ≥ 0, 0.05 ≤ α ≤ 2

the form that errors of networks follow over orders of magnitude (Hestness et al. 2017; Viering and Loog 2023 review it
beside others). α is searched on a grid; c and b are then least squares under their bounds, each size
weighted by the inverse of the variance of its mean. What the law says of another m has the interval of the jackknife's
pseudo-values over fits, with Nadeau and Bengio's overlap term. It holds the noise of the points. That errors follow the
law at all is an assumption that no data within m rows can prove, so it is a projection: no promise of 95 %.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from whyfit.errors import ArgumentError
from whyfit.evidence.types import AnyArray, FloatArray
from whyfit.study.statistics.corrected import overlap_spread
from whyfit.study.statistics.spread import Spread

LEAST_SIZES = 3
"""The law has three numbers."""
EXPONENTS = np.geomspace(0.05, 2.0, 60)
"""From slower than any network that Hestness et al. measured (0.07) to twice the rate of a well-specified model (1)."""
LEAST_WEIGHT = 1e-3
"""Of the mean variance: a size whose fits agree to the last digit does not decide alone (chosen)."""


@dataclass(frozen=True, slots=True)
class PowerLaw:
    """error(m) = floor + scale·m^(−exponent)."""

    floor: float
    scale: float
    exponent: float

    def at(self, rows: float) -> float:
        """The error that the law gives for so many training rows.

        Examples
        --------
        >>> PowerLaw(0.1, 2.0, 0.5).at(400)
        0.2
        """
        return float(self.floor + self.scale * rows**-self.exponent)


def fit_power_law(rows: AnyArray, errors: AnyArray, weights: AnyArray | None = None) -> PowerLaw:
    """The law of least squares through mean errors at some sizes.

    Parameters
    ----------
    rows, errors, weights
        (sizes,): training rows, mean errors, and weights (all equal where None).

    Raises
    ------
    ArgumentError
        Where there are fewer than three sizes.

    Examples
    --------
    >>> rows = np.array([100, 200, 400, 800])
    >>> law = fit_power_law(rows, 0.1 + 2.0 * rows**-0.5)
    >>> round(law.at(1600), 3)
    0.15
    """
    if np.size(rows) < LEAST_SIZES or np.shape(rows) != np.shape(errors):
        raise ArgumentError(
            f"`rows` and `errors` must hold at least {LEAST_SIZES} sizes, got {np.shape(rows)} and {np.shape(errors)}.",
            advice="Train on further shares of the rows.",
        )
    sizes, seen = np.asarray(rows, dtype=np.float64), np.asarray(errors, dtype=np.float64)
    roots = np.sqrt(np.ones_like(seen) if weights is None else np.asarray(weights, dtype=np.float64))
    found = [_at_exponent(sizes, seen, roots, float(exponent)) for exponent in EXPONENTS]
    return min(found, key=lambda pair: pair[0])[1]


def _at_exponent(rows: FloatArray, errors: FloatArray, roots: FloatArray, exponent: float) -> tuple[float, PowerLaw]:
    """Weighted squares left over, and the law with this exponent."""
    from scipy.optimize import nnls  # noqa: PLC0415  # heavy, and only a study needs it

    largest = rows.max()  # in units of the largest size, so that both columns are near 1
    table = np.stack([np.ones_like(rows), (rows / largest) ** -exponent], axis=1)
    (floor, scale), left = nnls(table * roots[:, None], errors * roots)
    return float(left), PowerLaw(float(floor), float(scale * largest**exponent), exponent)


def fitted(rows: AnyArray, by_fit: FloatArray) -> PowerLaw:
    """The law through the means of (repeats, folds, sizes) errors, weighted by the inverse of their variances."""
    flat = by_fit.reshape(-1, by_fit.shape[-1])
    spread = flat.var(axis=0, ddof=1)
    weights = 1.0 / np.maximum(spread, LEAST_WEIGHT * spread.mean() or 1.0)
    return fit_power_law(rows, flat.mean(axis=0), weights)


def projected(rows: AnyArray, by_fit: AnyArray, beyond: float, *, scored: float, trained: int) -> Spread:
    """What the law says of another number of rows, with the spread of the points that it went through.

    Parameters
    ----------
    rows
        (sizes,).
    by_fit
        (repeats, folds, sizes): mean error of each fit on its scored rows.
    beyond
        Training rows to look at.
    scored, trained
        Rows scored and trained on in one fit of the largest size.

    Examples
    --------
    >>> noise = np.random.default_rng(0)
    >>> rows = np.array([100, 200, 400, 800])
    >>> by_fit = 0.1 + 2.0 * rows**-0.5 + 0.005 * noise.normal(size=(2, 5, 4))
    >>> seen = projected(rows, by_fit, 1600, scored=200, trained=800).estimate()
    >>> seen.low < 0.15 < seen.high
    True
    """
    table = np.asarray(by_fit, dtype=np.float64)
    repeats, folds, sizes = table.shape
    flat, count = table.reshape(-1, sizes), repeats * folds
    whole = fitted(rows, table).at(beyond)
    cuts = [fitted(rows, np.delete(flat, index, axis=0)[None]).at(beyond) for index in range(count)]
    pseudo = count * whole - (count - 1) * np.array(cuts)
    return overlap_spread(pseudo.reshape(repeats, folds), scored=scored, trained=trained, value=whole, rows=0)
