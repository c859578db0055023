"""Where every number of a network lies: its parameters in one flat vector, its workspace in another.

A layer is one row of an integer table that compiled code reads; the columns are named here. Values are laid out with one
column a row of the batch, so Z = W·A + b as on paper, and every reduction over rows runs along memory. Offsets are
multiples of 16 numbers, one cache line of float32: the numbers between are zero and stay zero under every rule.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from whyfit.evidence.types import IntArray

INPUTS, UNITS, WEIGHT, BIAS, ACTIVATION, VALUES, OUTPUTS, TURNED, DELTA = range(9)
"""Columns of the table: units in and out; offsets of weights and biases in the parameters; the code of the activation;
offsets in the workspace of the values before the activation (units, rows), after it, the latter turned (rows, units),
and of the loss gradient at the values before the activation."""

COLUMNS = 9
LINE = 16


@dataclass(frozen=True, eq=False, slots=True)
class Layout:
    """The table and the sizes of the flat vectors.

    Attributes
    ----------
    table
        (layers + 1, COLUMNS) int64; row 0 is the input: its units, outputs and turned copy alone.
    parameters, workspace
        How many numbers each vector holds.
    rows
        The most rows that the workspace can take at once.
    """

    table: IntArray
    parameters: int
    workspace: int
    rows: int


class _Vector:
    """Hands out places in a flat vector."""

    def __init__(self) -> None:
        self.size = 0

    def take(self, count: int) -> int:
        start, self.size = self.size, -(-(self.size + count) // LINE) * LINE
        return start


def lay_out(units: tuple[int, ...], activation: int, rows: int) -> Layout:
    """Lay out a perceptron with these units from inputs to outputs; its last layer has no activation."""
    table = np.zeros((len(units), COLUMNS), np.int64)
    parameters, workspace = _Vector(), _Vector()
    for layer, count in enumerate(units):
        row = table[layer]
        row[UNITS], row[OUTPUTS] = count, workspace.take(count * rows)
        row[TURNED] = workspace.take(count * rows)
        if layer:
            row[INPUTS] = units[layer - 1]
            row[WEIGHT], row[BIAS] = parameters.take(count * units[layer - 1]), parameters.take(count)
            row[VALUES], row[DELTA] = workspace.take(count * rows), workspace.take(count * rows)
            row[ACTIVATION] = activation if layer < len(units) - 1 else 0
    return Layout(table, parameters.size, workspace.size, rows)
