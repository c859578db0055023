"""Forward and backward through all layers."""

from __future__ import annotations

from whyfit.evidence.types import AnyArray, IntArray
from whyfit.rules.activations.dispatch import activate, deactivate
from whyfit.rules.jit import jit
from whyfit.training.kernel.dense import dense_backward, dense_down, dense_forward
from whyfit.training.kernel.gather import turn
from whyfit.training.kernel.layout import ACTIVATION, BIAS, DELTA, OUTPUTS, TURNED, UNITS, VALUES
from whyfit.training.kernel.memory import matrix, vector


@jit
def forward(table: IntArray, parameters: AnyArray, work: AnyArray, rows: int, training: bool) -> int:
    """From the inputs in the workspace to the values of the last layer; the first layer not finite, 0 for none."""
    last = table.shape[0] - 1
    for layer in range(1, last + 1):
        if not dense_forward(table, layer, parameters, work, rows):
            return layer
        if layer < last:
            units, size = table[layer, UNITS], table[layer, UNITS] * rows
            outputs = vector(work, table[layer, OUTPUTS], size)
            slope = vector(parameters, table[layer, BIAS], 1)
            activate(table[layer, ACTIVATION], vector(work, table[layer, VALUES], size), outputs, slope)
            if training:
                turn(matrix(work, table[layer, OUTPUTS], units, rows), matrix(work, table[layer, TURNED], rows, units))
    return 0


@jit
def backward(table: IntArray, parameters: AnyArray, gradients: AnyArray, work: AnyArray, rows: int) -> None:
    """From the loss gradient at the last layer's values to the gradients of all parameters."""
    for layer in range(table.shape[0] - 1, 0, -1):
        dense_backward(table, layer, work, gradients, rows)
        if layer > 1:
            dense_down(table, layer, parameters, work, rows)
            below = layer - 1
            size = table[below, UNITS] * rows
            values, outputs = vector(work, table[below, VALUES], size), vector(work, table[below, OUTPUTS], size)
            delta, slope = vector(work, table[below, DELTA], size), vector(parameters, table[below, BIAS], 1)
            deactivate(table[below, ACTIVATION], values, outputs, delta, slope)
