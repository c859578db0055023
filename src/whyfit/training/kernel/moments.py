"""Sums over the numbers of a matrix."""

from __future__ import annotations

import math

import numpy as np

from whyfit.evidence.types import AnyArray
from whyfit.training.kernel.inline import inside


@inside
def moments(values: AnyArray) -> tuple[float, float]:
    """Sum and sum of squares of a matrix; a row in its own precision, the rows in double: fast, and close enough."""
    total, squares, zero = 0.0, 0.0, values.dtype.type(0)
    for row in range(values.shape[0]):
        part, part_squares = zero, zero
        for i in range(values.shape[1]):
            part += values[row, i]
            part_squares += values[row, i] * values[row, i]
        total += part
        squares += part_squares
    return total, squares


@inside
def deviation(values: AnyArray) -> float:
    """Standard deviation."""
    total, squares = moments(values)
    mean = total / values.size
    return math.sqrt(max(squares / values.size - mean * mean, 0.0))


@inside
def change(now: AnyArray, before: AnyArray) -> float:
    """Euclidean norm of the difference."""
    total = 0.0
    for row in range(now.shape[0]):
        for i in range(now.shape[1]):
            total += (np.float64(now[row, i]) - np.float64(before[row, i])) ** 2
    return math.sqrt(total)
