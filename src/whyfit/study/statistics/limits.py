"""The limits of an error, which is never negative: Wilson's for a share, on the log scale where there is no bound.

    0-1 error       Wilson's interval (`proportion`)
    other losses    θ·exp(± t·√V/θ): the interval of log θ, whose standard error is √V/θ to first order

A mean of squared errors is skewed: where it comes out low its standard error does too, and θ ± t·√V ends below the
truth too often. Simulated with learners that hardly beat a constant at 60 to 200 rows (2,000 studies a cell), the plain
limits covered 90.3 to 95.9 %, these 92.7 to 97.2 %, and were 1 to 3 % wider where the plain ones had been right. A gain
has no sign of its own, and keeps the plain ones.
"""

from __future__ import annotations

import math
from dataclasses import replace

from whyfit.evidence.estimate import Estimate
from whyfit.study.statistics.proportion import zero_one_estimate
from whyfit.study.statistics.spread import Spread

LARGEST_REACH = 50.0
"""An interval of a factor e⁵⁰ says nothing, and its end is given as infinite."""


def error_estimate(spread: Spread, *, bounded: bool, level: float = 0.95) -> Estimate:
    """An error with its interval; `bounded` says that it lies between 0 and 1.

    Examples
    --------
    >>> spread = Spread(value=0.2, rows_variance=2e-3, nets_variance=5e-4, fits=15, rows=300, training_rows=192,
    ...                 folds=5, repeats=3, method="row_and_refit")
    >>> error_estimate(spread, bounded=False)
    Estimate(0.2 [0.117, 0.3419], row_and_refit)
    >>> error_estimate(spread, bounded=True)
    Estimate(0.2 [0.1139, 0.3269], wilson)
    """
    return zero_one_estimate(spread, level) if bounded else log_scaled(spread.estimate(level))


def log_scaled(estimate: Estimate) -> Estimate:
    """The same interval on the log scale: it reaches further up than down. As it is where the value is not positive.

    Examples
    --------
    >>> log_scaled(Estimate(2.0, 1.0, 3.0, method="nadeau_bengio"))
    Estimate(2 [1.213, 3.297], nadeau_bengio)
    """
    if estimate.low is None or estimate.high is None or estimate.value <= 0:
        return estimate
    low, high = on_log_scale(estimate.value, (estimate.high - estimate.low) / 2 / estimate.value)
    return replace(estimate, low=low, high=high)


def on_log_scale(value: float, reach: float) -> tuple[float, float]:
    """A positive value over and times e^reach."""
    return value * math.exp(-reach), value * (math.exp(reach) if reach < LARGEST_REACH else math.inf)
