"""Intervals of a share of wrong answers: Wilson's, which never leaves [0, 1].

    centre ± half = [ p + c²/2N ± c·√(p(1−p)/N + c²/4N²) ] / (1 + c²/N)

Wilson (1927); Brown, Cai and DasGupta (2001) on why it is to be preferred. Under cross-validation N is not the number
of rows but n_eff = θ(1−θ)/V, the number of independent rows that would have the variance V of `row_and_refit`.
"""

from __future__ import annotations

import math

from whyfit.errors import ArgumentError
from whyfit.evidence.estimate import Estimate
from whyfit.study.statistics.quantiles import critical_value, normal_quantile
from whyfit.study.statistics.spread import Spread


def wilson(share: float, count: float, *, critical: float | None = None, level: float = 0.95) -> tuple[float, float]:
    """The ends of Wilson's interval of a share seen in `count` independent rows (which may be a fraction).

    `critical` replaces the normal quantile of `level`, such as by one of Student's t.

    Raises
    ------
    ArgumentError
        Where the share is outside [0, 1] or the count not positive.

    Examples
    --------
    >>> low, high = wilson(0.1, 100)
    >>> round(low, 4), round(high, 4)
    (0.0552, 0.1744)
    """
    if not (0.0 <= share <= 1.0 and count > 0.0):
        raise ArgumentError(
            f"`share` must lie in [0, 1] and `count` above 0, got {share} and {count}.",
            advice="Give the share of wrong answers and the number of rows.",
        )
    c = normal_quantile(0.5 + level / 2.0) if critical is None else critical
    shrink = 1.0 + c * c / count
    centre = (share + c * c / (2.0 * count)) / shrink
    half = c / shrink * math.sqrt(share * (1.0 - share) / count + (c / (2.0 * count)) ** 2)
    low = 0.0 if share == 0.0 else max(0.0, centre - half)
    return low, 1.0 if share == 1.0 else min(1.0, centre + half)


def zero_one_estimate(spread: Spread, level: float = 0.95) -> Estimate:
    """A 0-1 score with Wilson's interval at n_eff = θ(1−θ)/V, and t(J − 1) in place of the normal quantile.

    Where no network erred, or all did, V is 0 and tells nothing: then N is the number of rows.

    Examples
    --------
    >>> spread = Spread(value=0.02, rows_variance=9e-5, nets_variance=1e-5, fits=15, rows=150, training_rows=96,
    ...                 folds=5, repeats=3, method="row_and_refit")
    >>> zero_one_estimate(spread)
    Estimate(0.02 [0.00712, 0.05489], wilson)
    """
    if spread.why_none not in {None, "no_spread"} or spread.degrees < 1:
        return spread.estimate(level)
    critical = critical_value(level, spread.degrees)
    low, high = wilson(spread.value, effective_rows(spread), critical=critical)
    return Estimate(spread.value, low, high, level, "wilson", spread.fits, spread.rows, spread.training_rows)


def effective_rows(spread: Spread) -> float:
    """n_eff = θ(1−θ)/V: how many independent rows would tell as much; n where V or θ(1−θ) is 0."""
    binomial = spread.value * (1.0 - spread.value)
    if spread.why_none is not None or binomial <= 0.0 or spread.variance <= 0.0:
        return float(spread.rows)
    return binomial / spread.variance
