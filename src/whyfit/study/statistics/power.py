"""How many rows, or how large a gain, it takes: what can be shown with what there is.

V falls as 1/n, so a gain θ seen with variance V at n rows is shown with probability 0.8 at

    n·( (c + 0.84)·√V / |θ| )²          rows, c the critical value at which it is tested,

and, where the truth is no effect, a gain of δ is ruled out (|θ| + c·√V ≤ δ) with probability 0.8 at

    n·( (c + 1.28)·√V / δ )²            rows (two one-sided tests: Schuirmann 1987).

The smallest gain that can be shown is (c + 0.84)·√V: 2.8·√V for one remedy, 3.55·√V among six with the last look at
0.04.
"""

from __future__ import annotations

import math

from whyfit.errors import ArgumentError
from whyfit.study.statistics.quantiles import critical_value, normal_quantile
from whyfit.study.statistics.spread import Spread

POWER = 0.8
"""The probability with which something should be shown: the usual one."""


def smallest_gain(variance: float, *, alpha: float = 0.05, remedies: int = 1, degrees: float = math.inf) -> float:
    """The smallest gain that is shown with probability 0.8: (c + 0.84)·√V.

    `variance` is V, or V_rows for unlimited networks; c is the two-sided critical value of t at α divided by the number
    of remedies, the strictest step of Hommel's rule.

    Examples
    --------
    >>> round(smallest_gain(1.0), 2), round(smallest_gain(1.0, alpha=0.04, remedies=6), 2)
    (2.8, 3.55)
    """
    return (_critical(alpha / remedies, degrees) + normal_quantile(POWER)) * math.sqrt(variance)


def rows_to_show(spread: Spread, *, alpha: float = 0.05, remedies: int = 1) -> float:
    """Rows at which this gain would be shown with probability 0.8; infinite for a gain of 0."""
    if spread.value == 0.0:
        return math.inf
    least = smallest_gain(spread.variance, alpha=alpha, remedies=remedies, degrees=spread.degrees)
    return math.ceil(spread.rows * (least / spread.value) ** 2)


def rows_to_rule_out(spread: Spread, delta: float, *, alpha: float = 0.05) -> float:
    """Rows at which, where there is no effect, a gain of δ is ruled out with probability 0.8; infinite for δ = 0."""
    if delta <= 0.0:
        return math.inf
    reach = _critical(alpha, spread.degrees) + normal_quantile(0.5 + POWER / 2.0)
    return math.ceil(spread.rows * spread.variance * (reach / delta) ** 2)


def rows_for_width(half_width: float, variance: float, *, folds: int | None = None) -> int:
    """Rows at which a score is known to ± that half-width: (1.96/h)²·k/(k−1)·variance.

    Parameters
    ----------
    variance
        Of one row's loss: p(1 − p) for an error rate p.
    folds
        k of a k-fold, all rows being scored; None for a hold-out, where the answer counts scored rows.

    Raises
    ------
    ArgumentError
        Where the half-width is not positive or there is one fold.

    Examples
    --------
    >>> rows_for_width(0.01, 0.1 * 0.9, folds=5)
    4322
    """
    if half_width <= 0.0 or (folds is not None and folds < 2):
        raise ArgumentError(
            f"`half_width` must be above 0 and `folds` at least 2, got {half_width} and {folds}.",
            advice="Ask for a width such as 0.01, of 5 folds or of a hold-out.",
        )
    overlap = 1.0 if folds is None else folds / (folds - 1)
    return math.ceil((normal_quantile(0.975) / half_width) ** 2 * overlap * variance)


def _critical(alpha: float, degrees: float) -> float:
    return normal_quantile(1.0 - alpha / 2.0) if math.isinf(degrees) else critical_value(1.0 - alpha, degrees)
