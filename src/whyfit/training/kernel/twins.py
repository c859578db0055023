"""How many units are unlike all others: twins stay twins, and a layer of twins learns one thing."""

from __future__ import annotations

import math

import numpy as np

from whyfit.evidence.types import AnyArray, FloatArray
from whyfit.rules.jit import jit

NEAR = 1e-6
"""Of the largest norm of a unit: closer units are twins (`LayerVitals`)."""


@jit
def distinct(units: AnyArray) -> int:
    """Rows of (units, numbers) that differ from every other by more than `NEAR` times the largest norm of a row.

    The means of two rows, times the root of their length, are never further apart than the rows themselves. So one
    number a row rules out nearly all pairs, and only what is left is compared number by number.
    """
    rows, length = units.shape
    marks, largest = np.empty(rows), 0.0
    for row in range(rows):
        total, squares = 0.0, 0.0
        for i in range(length):
            total += units[row, i]
            squares += np.float64(units[row, i]) * np.float64(units[row, i])
        marks[row] = total / math.sqrt(length)
        largest = max(largest, squares)
    limit, count = NEAR * math.sqrt(largest), 0
    for row in range(rows):
        count += not has_twin(units, marks, row, limit)
    return count


@jit
def has_twin(units: AnyArray, marks: FloatArray, row: int, limit: float) -> bool:
    """Whether some other row is within the limit."""
    mark, reach = marks[row], limit * (1.0 + NEAR)
    for other in range(units.shape[0]):
        if abs(marks[other] - mark) <= reach and other != row and gap(units, row, other) <= limit:
            return True
    return False


@jit
def gap(units: AnyArray, one: int, other: int) -> float:
    """Distance of two rows."""
    total = 0.0
    for i in range(units.shape[1]):
        total += (np.float64(units[one, i]) - np.float64(units[other, i])) ** 2
    return math.sqrt(total)
