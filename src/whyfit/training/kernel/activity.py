"""What the values of each layer are like around its activation, summed up a chunk of rows at a time."""

from __future__ import annotations

import numpy as np

from whyfit.evidence.types import AnyArray, BoolArray, FloatArray, IntArray
from whyfit.training.kernel.inline import inlined, inside
from whyfit.training.kernel.job import Vectors
from whyfit.training.kernel.layout import ACTIVATED, DEACTIVATE, DELTA, SLOPE, UNITS, VALUES, WIDTH
from whyfit.training.kernel.memory import call, matrix, vector

BEFORE_SUM, BEFORE_SQUARES, AFTER_SUM, AFTER_SQUARES, ZEROS, FLAT, SUMS = (np.int64(i) for i in range(7))
"""Places in the sums of a layer, and how many there are."""

PIECE = 512
"""Numbers that are summed at once: long enough that adding up the lanes of a vector register costs nothing."""


@inlined
def observe(
    table: IntArray, layer: int, vectors: Vectors, rows: int, flat: float, sums: FloatArray, alive: BoolArray
) -> None:
    """Add the chunk of rows that was just passed."""
    work, units, width = vectors.work, table[layer, UNITS], table[layer, WIDTH]
    last = layer == table.shape[0] - 1
    after = table[layer, VALUES] if last else table[layer, ACTIVATED]
    add_moments(vector(work, table[layer, VALUES], units * rows), sums[layer - 1], BEFORE_SUM)
    add_moments(vector(work, after, width * rows), sums[layer - 1], AFTER_SUM)
    sums[layer - 1, ZEROS] += count_zeros(vector(work, after, width * rows))
    note_alive(matrix(work, after, width, rows), alive[layer - 1])
    if units != width:
        sums[layer - 1, FLAT] += (units - width) * rows  # of the pieces of a unit, all but the winner
    elif table[layer, DEACTIVATE]:
        delta, size = vector(work, table[layer, DELTA], units * rows), units * rows
        for i in range(size):
            delta[i] = 1
        values, outputs = vector(work, table[layer, VALUES], size), vector(work, after, size)
        call(
            table[layer, DEACTIVATE], (values, outputs, delta, vector(vectors.parameters, table[layer, SLOPE], 1), size)
        )
        sums[layer - 1, FLAT] += count_under(delta, delta.dtype.type(flat))


@inside
def add_moments(values: AnyArray, sums: FloatArray, place: np.int64) -> None:
    """Sum and sum of squares of a flat piece, to two neighbouring places; `PIECE` numbers in their own precision, the
    pieces in double.
    """
    zero = values.dtype.type(0)
    for start in range(0, values.size, PIECE):
        part, part_squares, piece = zero, zero, vector(values, start, min(PIECE, values.size - start))
        for i in range(piece.size):
            part += piece[i]
            part_squares += piece[i] * piece[i]
        sums[place] += part
        sums[place + 1] += part_squares


@inside
def count_zeros(values: AnyArray) -> float:
    """Of a flat piece. Counted in the values' own type: that vectorises."""
    total, none, one = 0.0, values.dtype.type(0), values.dtype.type(1)
    for start in range(0, values.size, PIECE):
        count, piece = none, vector(values, start, min(PIECE, values.size - start))
        for i in range(piece.size):
            count += one if piece[i] == none else none
        total += count
    return total


@inside
def note_alive(values: AnyArray, alive: BoolArray) -> None:
    """A unit with fewer zeros than rows is alive; one that is known to be is not asked again."""
    none, one = values.dtype.type(0), values.dtype.type(1)
    for unit in range(values.shape[0]):
        if not alive[unit]:
            zeros = none
            for r in range(values.shape[1]):
                zeros += one if values[unit, r] == none else none
            alive[unit] = zeros < values.shape[1]


@inside
def count_under(values: AnyArray, limit: float) -> float:
    """How many are nearer to zero than the limit."""
    total, none, one = 0.0, values.dtype.type(0), values.dtype.type(1)
    for start in range(0, values.size, PIECE):
        count, piece = none, vector(values, start, min(PIECE, values.size - start))
        for i in range(piece.size):
            count += one if abs(piece[i]) < limit else none
        total += count
    return total


@inlined
def sum_up(table: IntArray, rows: int, sums: FloatArray, alive: BoolArray, out: FloatArray) -> None:
    """From the sums over all rows to the first seven numbers of `LAYER_NUMBERS`; then begin anew."""
    for i in range(sums.shape[0]):
        before, after = rows * float(table[i + 1, UNITS]), rows * float(table[i + 1, WIDTH])
        out[i, 0], out[i, 1] = mean_and_deviation(sums[i, BEFORE_SUM], sums[i, BEFORE_SQUARES], before)
        out[i, 2], out[i, 3] = mean_and_deviation(sums[i, AFTER_SUM], sums[i, AFTER_SQUARES], after)
        out[i, 4], out[i, 6], out[i, 5] = sums[i, ZEROS] / after, sums[i, FLAT] / before, 0.0
        for unit in range(table[i + 1, WIDTH]):
            out[i, 5] += not alive[i, unit]
            alive[i, unit] = False
        for place in range(SUMS):
            sums[i, place] = 0.0


@inside
def mean_and_deviation(total: float, squares: float, count: float) -> tuple[float, float]:
    """Of `count` numbers by their sum and sum of squares."""
    mean = total / count
    return mean, np.sqrt(max(squares / count - mean * mean, 0.0))
