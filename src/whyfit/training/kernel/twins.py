"""How many units are unlike all others: twins stay twins, and a layer of twins learns one thing."""

from __future__ import annotations

import numpy as np

from whyfit.evidence.types import AnyArray
from whyfit.rules.jit import jit

NEAR = 1e-6
"""Of the largest norm of a unit: closer units are twins (`LayerVitals`)."""


@jit
def distinct(units: AnyArray) -> int:
    """Rows of (units, numbers) that differ from every other by more than `NEAR` times the largest norm of a row.

    A pair is left as soon as it is far enough apart, so that a layer without twins costs little more than one look a
    pair.
    """
    limit, count = 0.0, 0
    for unit in range(units.shape[0]):
        squares = 0.0
        for i in range(units.shape[1]):
            squares += np.float64(units[unit, i]) ** 2
        limit = max(limit, NEAR * NEAR * squares)
    for unit in range(units.shape[0]):
        count += not has_twin(units, unit, limit)
    return count


@jit
def has_twin(units: AnyArray, unit: int, limit: float) -> bool:
    """Whether some other row is within the limit, a squared distance."""
    for other in range(units.shape[0]):
        apart, i = 0.0, 0
        while i < units.shape[1] and apart <= limit:
            apart += (np.float64(units[unit, i]) - np.float64(units[other, i])) ** 2
            i += 1
        if apart <= limit and other != unit:
            return True
    return False
