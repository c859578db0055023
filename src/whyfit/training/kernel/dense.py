"""The dense layer: Z = W·A + b forwards; dW = dZ·Aᵀ, db = Σ dZ, dA = Wᵀ·dZ backwards.

The batch stands in columns. Of the forms in which BLAS takes a product, that with the second matrix transposed ran at
half the rate of the others (32 rows, 128 units), so the weight gradient reads a turned copy of A, made once in the
forward pass.
"""

from __future__ import annotations

import numpy as np

from whyfit.evidence.types import AnyArray, IntArray
from whyfit.training.kernel.inline import inlined, inside
from whyfit.training.kernel.layout import ARRIVED, BIAS, DELTA, INPUTS, OUTPUTS, TURNED, UNITS, VALUES, WEIGHT
from whyfit.training.kernel.memory import matrix, vector
from whyfit.training.kernel.stop import finite, left

AT_ONCE = 1 << 32
"""Products of two numbers between two looks at the flag: an eighth of a second on one core at 70 GFLOP/s (measured)."""

LEAST = 32
"""Units that a product is cut by: whole blocks of the vector registers, so that a cut changes no bit of
float32 (a test holds it). Equality does not rest on it: where a product is cut follows from sizes alone."""


@inside
def slab_of(units: int, each: int) -> int:
    """How many units of a product are made at once, when one takes `each` products of two numbers; nearly always all.

    A function of sizes alone, never of the clock: the same member is always cut alike.
    """
    if units * each <= AT_ONCE:
        return units
    return max(AT_ONCE // each // LEAST, 1) * LEAST


@inside
def next_slab(slab: int, left: int) -> int:
    """The last two become one where the last would be a sliver: BLAS makes slivers by other code, with other bits."""
    return slab if left >= 2 * slab else left


@inlined
def dense_forward(
    table: IntArray, layer: int, parameters: AnyArray, work: AnyArray, rows: int, cancel: AnyArray
) -> bool:
    """Z = W·A + b; whether every value is finite, asked before an activation could hide an infinity.

    A product is left unfinished where the flag is set: whoever calls asks it first.
    """
    inputs, units, unit = table[layer, INPUTS], table[layer, UNITS], 0
    weights, values, slab = table[layer, WEIGHT], table[layer, VALUES], slab_of(units, inputs * rows)
    before = matrix(work, table[layer - 1, OUTPUTS], inputs, rows)
    while unit < units and not cancel[0]:
        size = next_slab(slab, units - unit)
        out = matrix(work, values + unit * rows, size, rows)
        np.dot(matrix(parameters, weights + unit * inputs, size, inputs), before, out)
        unit += size
    n = left(rows, cancel)
    if table[layer, BIAS]:
        add_bias(matrix(work, values, units, n), vector(parameters, table[layer, BIAS], units))
    return finite(vector(work, values, units * left(n, cancel)))


@inside
def add_bias(values: AnyArray, bias: AnyArray) -> None:
    """Add a bias a unit."""
    for unit in range(values.shape[0]):
        shift = bias[unit]
        for r in range(values.shape[1]):
            values[unit, r] += shift


@inlined
def dense_backward(
    table: IntArray, layer: int, work: AnyArray, gradients: AnyArray, rows: int, cancel: AnyArray
) -> None:
    """DW = dZ·Aᵀ and db = Σ dZ; unfinished where the flag is set."""
    inputs, units, unit = table[layer, INPUTS], table[layer, UNITS], 0
    weights, delta, slab = table[layer, WEIGHT], table[layer, DELTA], slab_of(units, inputs * rows)
    turned = matrix(work, table[layer - 1, TURNED], rows, inputs)
    while unit < units and not cancel[0]:
        size = next_slab(slab, units - unit)
        out = matrix(gradients, weights + unit * inputs, size, inputs)
        np.dot(matrix(work, delta + unit * rows, size, rows), turned, out)
        unit += size
    if table[layer, BIAS]:
        sum_rows(matrix(work, delta, units, left(rows, cancel)), vector(gradients, table[layer, BIAS], units))


@inside
def sum_rows(delta: AnyArray, sums: AnyArray) -> None:
    """Of each unit over the batch."""
    for unit in range(delta.shape[0]):
        total = delta.dtype.type(0)
        for r in range(delta.shape[1]):
            total += delta[unit, r]
        sums[unit] = total


@inlined
def dense_down(table: IntArray, layer: int, parameters: AnyArray, work: AnyArray, rows: int, cancel: AnyArray) -> None:
    """DA = Wᵀ·dZ, the gradient at the outputs of the layer below; unfinished where the flag is set."""
    inputs, units = table[layer, INPUTS], table[layer, UNITS]
    weights = matrix(parameters, table[layer, WEIGHT], units, inputs)
    delta, arrived = matrix(work, table[layer, DELTA], units, rows), table[layer - 1, ARRIVED]
    slab = slab_of(inputs, units * rows)
    if slab >= inputs:
        np.dot(weights.T, delta, matrix(work, arrived, inputs, rows))
    else:
        down_in_slabs(weights, delta, work, arrived, slab, cancel)


@inside
def down_in_slabs(
    weights: AnyArray, delta: AnyArray, work: AnyArray, arrived: int, slab: int, cancel: AnyArray
) -> None:
    """The same, so many inputs at a time: their columns of W, copied, as a product takes whole memory."""
    (units, inputs), rows, start = weights.shape, delta.shape[1], 0
    columns = np.empty(2 * slab * units, weights.dtype)
    while start < inputs and not cancel[0]:
        size = next_slab(slab, inputs - start)
        some = matrix(columns, 0, units, size)
        for unit in range(units):
            for i in range(size):
                some[unit, i] = weights[unit, start + i]
        np.dot(some.T, delta, matrix(work, arrived + start * rows, size, rows))
        start += size
