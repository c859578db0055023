"""Batch norm: each unit brought to mean 0 and variance 1 over the batch, then scaled and shifted by learned numbers.

Forward in training    x̂ = (x − mean)/√(var + ε), y = γ·x̂ + β; running statistics move a tenth of the way
Forward in evaluation  the same with the running statistics
Backward               dβ = Σ dy, dγ = Σ dy·x̂, dx = γ/√(var + ε)·(dy − dβ/n − x̂·dγ/n)

Ioffe & Szegedy 2015, algorithms 1 and 2. A unit is one row of the arrays here, so every sum runs along memory.
"""

from __future__ import annotations

import numpy as np

from whyfit.evidence.types import AnyArray
from whyfit.training.kernel.inline import inside
from whyfit.training.kernel.job import TRAIN

EPSILON = 1e-5
"""torch's."""

MOMENTUM = 0.1
"""torch's: the share of the way that running statistics move at each batch."""


@inside
def normalise(x: AnyArray, normed: AnyArray, spread: AnyArray, mean: AnyArray, variance: AnyArray, mode: int) -> None:
    """Write x̂ (units, rows) and one over the deviation (units,); in training move the running statistics."""
    number, (units, rows) = x.dtype.type, x.shape
    share, momentum = number(1) / number(rows), number(MOMENTUM)
    for unit in range(units):
        total = number(0)
        for r in range(rows):
            total += x[unit, r]
        middle, squares = total * share, number(0)
        for r in range(rows):
            squares += (x[unit, r] - middle) ** 2
        spread[unit] = number(1) / np.sqrt(squares * share + number(EPSILON))
        for r in range(rows):
            normed[unit, r] = (x[unit, r] - middle) * spread[unit]
        if mode == TRAIN and rows > 1:
            mean[unit] += momentum * (middle - mean[unit])
            variance[unit] += momentum * (squares / number(rows - 1) - variance[unit])


@inside
def scale_and_shift(normed: AnyArray, scale: AnyArray, shift: AnyArray, y: AnyArray) -> None:
    """Y = γ·x̂ + β."""
    for unit in range(y.shape[0]):
        for r in range(y.shape[1]):
            y[unit, r] = scale[unit] * normed[unit, r] + shift[unit]


@inside
def normalise_by_running(
    x: AnyArray, y: AnyArray, scale: AnyArray, shift: AnyArray, mean: AnyArray, variance: AnyArray
) -> None:
    """Y = γ·(x − mean)/√(variance + ε) + β with the running statistics; `y` may be `x`."""
    number = x.dtype.type
    for unit in range(x.shape[0]):
        factor = scale[unit] / np.sqrt(variance[unit] + number(EPSILON))
        offset = shift[unit] - mean[unit] * factor
        for r in range(x.shape[1]):
            y[unit, r] = x[unit, r] * factor + offset


@inside
def norm_backward(
    d: AnyArray, normed: AnyArray, spread: AnyArray, scale: AnyArray, d_scale: AnyArray, d_shift: AnyArray
) -> None:
    """Turn the gradient at y into that at x, in place; write the gradients of γ and β."""
    number, (units, rows) = d.dtype.type, d.shape
    share = number(1) / number(rows)
    for unit in range(units):
        total, along = number(0), number(0)
        for r in range(rows):
            total += d[unit, r]
            along += d[unit, r] * normed[unit, r]
        d_shift[unit], d_scale[unit] = total, along
        factor, total, along = scale[unit] * spread[unit], total * share, along * share
        for r in range(rows):
            d[unit, r] = factor * (d[unit, r] - total - normed[unit, r] * along)
