"""Sums over the numbers of a flat vector."""

from __future__ import annotations

import math

import numpy as np

from whyfit.evidence.types import AnyArray
from whyfit.rules.jit import jit

STRETCH = 256
"""Numbers summed in the vector's own precision before they go into a double: fast, and the error stays that of so
few."""


@jit
def moments(values: AnyArray) -> tuple[float, float]:
    """Sum and sum of squares."""
    total, squares, zero = 0.0, 0.0, values.dtype.type(0)
    for start in range(0, values.size, STRETCH):
        part, part_squares = zero, zero
        for i in range(start, min(start + STRETCH, values.size)):
            part += values[i]
            part_squares += values[i] * values[i]
        total += part
        squares += part_squares
    return total, squares


@jit
def deviation(values: AnyArray) -> float:
    """Standard deviation."""
    total, squares = moments(values)
    mean = total / values.size
    return math.sqrt(max(squares / values.size - mean * mean, 0.0))


@jit
def change(now: AnyArray, before: AnyArray) -> float:
    """Euclidean norm of the difference."""
    total = 0.0
    for i in range(now.size):
        total += (np.float64(now[i]) - np.float64(before[i])) ** 2
    return math.sqrt(total)
