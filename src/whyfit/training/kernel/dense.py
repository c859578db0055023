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
from whyfit.training.kernel.stop import finite


@inlined
def dense_forward(table: IntArray, layer: int, parameters: AnyArray, work: AnyArray, rows: int) -> bool:
    """Z = W·A + b; whether every value is finite, asked before an activation could hide an infinity."""
    inputs, units = table[layer, INPUTS], table[layer, UNITS]
    weights = matrix(parameters, table[layer, WEIGHT], units, inputs)
    before = matrix(work, table[layer - 1, OUTPUTS], inputs, rows)
    values = matrix(work, table[layer, VALUES], units, rows)
    np.dot(weights, before, values)
    if table[layer, BIAS]:
        add_bias(values, vector(parameters, table[layer, BIAS], units))
    return finite(vector(work, table[layer, VALUES], units * rows))


@inside
def add_bias(values: AnyArray, bias: AnyArray) -> None:
    """Add a bias a unit."""
    for unit in range(values.shape[0]):
        shift = bias[unit]
        for r in range(values.shape[1]):
            values[unit, r] += shift


@inlined
def dense_backward(table: IntArray, layer: int, work: AnyArray, gradients: AnyArray, rows: int) -> None:
    """DW = dZ·Aᵀ and db = Σ dZ."""
    inputs, units = table[layer, INPUTS], table[layer, UNITS]
    delta = matrix(work, table[layer, DELTA], units, rows)
    turned = matrix(work, table[layer - 1, TURNED], rows, inputs)
    np.dot(delta, turned, matrix(gradients, table[layer, WEIGHT], units, inputs))
    if table[layer, BIAS]:
        sum_rows(delta, vector(gradients, table[layer, BIAS], units))


@inside
def sum_rows(delta: AnyArray, sums: AnyArray) -> None:
    """Of each unit over the batch."""
    for unit in range(delta.shape[0]):
        total = delta.dtype.type(0)
        for r in range(delta.shape[1]):
            total += delta[unit, r]
        sums[unit] = total


@inlined
def dense_down(table: IntArray, layer: int, parameters: AnyArray, work: AnyArray, rows: int) -> None:
    """DA = Wᵀ·dZ, the gradient at the outputs of the layer below."""
    inputs, units = table[layer, INPUTS], table[layer, UNITS]
    weights = matrix(parameters, table[layer, WEIGHT], units, inputs)
    delta = matrix(work, table[layer, DELTA], units, rows)
    np.dot(weights.T, delta, matrix(work, table[layer - 1, ARRIVED], inputs, rows))
