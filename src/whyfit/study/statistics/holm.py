"""Several remedies at once: Holm's step-down rule.

With the p-values in rising order, the j-th of M is rejected at level α as long as all before it are and
p_(j) ≤ α/(M − j + 1). False claims anywhere among the remedies happen with probability at most α, whatever their
dependence (Holm 1979).
"""

from __future__ import annotations

import numpy as np

from whyfit.errors import ArgumentError
from whyfit.evidence.types import AnyArray, FloatArray


def holm_adjusted(p: AnyArray) -> FloatArray:
    """The smallest family level at which each hypothesis would be rejected.

    A remedy that was not tested has p = NaN: it counts as one of the hypotheses and is never rejected.

    Raises
    ------
    ArgumentError
        Where a p lies outside [0, 1].

    Examples
    --------
    >>> holm_adjusted(np.array([0.01, 0.04, 0.03]))
    array([0.03, 0.06, 0.06])
    """
    values = np.asarray(p, dtype=np.float64)
    if np.any((values < 0.0) | (values > 1.0)):
        raise ArgumentError(f"`p` must lie in [0, 1], got {values}.", advice="Give p-values, NaN where not tested.")
    tested = np.where(np.isnan(values), 1.0, values)
    order = np.argsort(tested, kind="stable")
    steps = tested[order] * np.arange(values.size, 0, -1)
    adjusted = np.empty_like(tested)
    adjusted[order] = np.minimum(1.0, np.maximum.accumulate(steps))
    return adjusted
