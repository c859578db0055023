"""What stands behind the dense layer of a hidden layer: norm, activation, norm, dropout; forwards and backwards."""

from __future__ import annotations

import numpy as np

from whyfit.evidence.types import AnyArray, FloatArray, IntArray
from whyfit.rules.activations import maxout
from whyfit.training.kernel.dropout import drop
from whyfit.training.kernel.inline import inlined, inside
from whyfit.training.kernel.job import EVALUATE, TRAIN, Numbers, Vectors
from whyfit.training.kernel.layout import (
    ACTIVATE,
    ACTIVATED,
    AFTER,
    ARRIVED,
    BEFORE,
    BOTH,
    CHOICE,
    DEACTIVATE,
    DELTA,
    MASK,
    MEAN,
    NORM,
    NORMED,
    OUTPUTS,
    SCALE,
    SHIFT,
    SLOPE,
    SPREAD,
    UNITS,
    VALUES,
    VARIANCE,
    WIDTH,
)
from whyfit.training.kernel.memory import call, matrix, vector
from whyfit.training.kernel.moments import deviation
from whyfit.training.kernel.norm import norm_backward, normalise, normalise_by_running, scale_and_shift
from whyfit.training.kernel.stop import left
from whyfit.training.streams import fill_kept


@inlined
def hidden_forward(
    table: IntArray,
    layer: int,
    numbers: Numbers,
    vectors: Vectors,
    rows: int,
    mode: int,
    key: np.uint64,
    cancel: AnyArray,
) -> None:
    """Norm (before), activation, norm (after), dropout; unfinished where the flag is set."""
    work, norm, units, width = vectors.work, table[layer, NORM], table[layer, UNITS], table[layer, WIDTH]
    if norm == BEFORE:
        norm_forward(table, layer, vectors, matrix(work, table[layer, VALUES], units, rows), table[layer, VALUES], mode)
    rows = left(rows, cancel)
    activate(table, layer, vectors, rows, mode)
    rows = left(rows, cancel)
    if norm == AFTER:
        norm_forward(
            table, layer, vectors, matrix(work, table[layer, ACTIVATED], width, rows), table[layer, OUTPUTS], mode
        )
        rows = left(rows, cancel)
    if numbers.dropout > 0.0:
        source = table[layer, OUTPUTS] if norm == AFTER else table[layer, ACTIVATED]
        values, outputs = vector(work, source, width * rows), vector(work, table[layer, OUTPUTS], width * rows)
        if mode == TRAIN:
            kept = vector(vectors.masks, table[layer, MASK], width * rows)
            fill_kept(key, layer - 1, numbers.dropout, kept)
            drop(values, kept, numbers.dropout, outputs)
        elif norm != AFTER:
            outputs[:] = values


@inlined
def activate(table: IntArray, layer: int, vectors: Vectors, rows: int, mode: int) -> None:
    """A = f(Z); in training, f′(Z) in place of Z where the activation makes both at once."""
    work, units, width = vectors.work, table[layer, UNITS], table[layer, WIDTH]
    if units != width:
        choice = matrix(work, table[layer, CHOICE], width, rows)
        values, outputs = matrix(work, table[layer, VALUES], units, rows), table[layer, ACTIVATED]
        maxout.forward(values, matrix(work, outputs, width, rows), choice)
    elif table[layer, BOTH] and mode != EVALUATE:
        z, a = (vector(work, table[layer, VALUES], units * rows), vector(work, table[layer, ACTIVATED], units * rows))
        call(table[layer, BOTH], (z, a, units * rows))
    elif table[layer, ACTIVATE]:
        values, outputs = table[layer, VALUES], vector(work, table[layer, ACTIVATED], units * rows)
        slope = vector(vectors.parameters, table[layer, SLOPE], 1)
        call(table[layer, ACTIVATE], (vector(work, values, units * rows), outputs, slope, units * rows))
    else:
        vector(work, table[layer, ACTIVATED], units * rows)[:] = vector(work, table[layer, VALUES], units * rows)


@inside
def norm_forward(table: IntArray, layer: int, vectors: Vectors, x: AnyArray, out: int, mode: int) -> None:
    """Batch norm of x (units, rows) into the workspace from `out` on."""
    units, rows = x.shape
    y = matrix(vectors.work, out, units, rows)
    scale, shift = (
        vector(vectors.parameters, table[layer, SCALE], units),
        vector(vectors.parameters, table[layer, SHIFT], units),
    )
    mean, variance = (
        vector(vectors.moving, table[layer, MEAN], units),
        vector(vectors.moving, table[layer, VARIANCE], units),
    )
    if mode == EVALUATE:
        normalise_by_running(x, y, scale, shift, mean, variance)
        return
    normed = matrix(vectors.work, table[layer, NORMED], units, rows)
    normalise(x, normed, vector(vectors.work, table[layer, SPREAD], units), mean, variance, mode)
    scale_and_shift(normed, scale, shift, y)


@inlined
def hidden_backward(
    table: IntArray,
    layer: int,
    numbers: Numbers,
    vectors: Vectors,
    rows: int,
    mode: int,
    deviations: FloatArray,
    cancel: AnyArray,
) -> None:
    """Dropout, norm (after), activation, norm (before): from the gradient at what is handed on to that at W·A + b;
    unfinished where the flag is set.
    """
    work, norm, units, width = vectors.work, table[layer, NORM], table[layer, UNITS], table[layer, WIDTH]
    if numbers.dropout > 0.0 and mode == TRAIN:
        arrived = vector(work, table[layer, ARRIVED], width * rows)
        drop(arrived, vector(vectors.masks, table[layer, MASK], width * rows), numbers.dropout, arrived)
    if norm == AFTER:
        normed_backward(table, layer, vectors, matrix(work, table[layer, ARRIVED], width, rows))
    rows = left(rows, cancel)
    deactivate(table, layer, vectors, rows)
    rows = left(rows, cancel)
    if deviations.size:
        deviations[layer - 1] = deviation(matrix(work, table[layer, DELTA], units, rows))
    if norm == BEFORE:
        normed_backward(table, layer, vectors, matrix(work, table[layer, DELTA], units, rows))


@inlined
def deactivate(table: IntArray, layer: int, vectors: Vectors, rows: int) -> None:
    """DZ = dA·f′(Z)."""
    work, units, width = vectors.work, table[layer, UNITS], table[layer, WIDTH]
    if units != width:
        choice, arrived = matrix(work, table[layer, CHOICE], width, rows), table[layer, ARRIVED]
        maxout.backward(choice, matrix(work, arrived, width, rows), matrix(work, table[layer, DELTA], units, rows))
    elif table[layer, BOTH]:
        multiply(vector(work, table[layer, DELTA], units * rows), vector(work, table[layer, VALUES], units * rows))
    elif table[layer, DEACTIVATE]:
        values, outputs = table[layer, VALUES], vector(work, table[layer, ACTIVATED], units * rows)
        delta, slope = vector(work, table[layer, DELTA], units * rows), table[layer, SLOPE]
        place = vector(vectors.parameters, slope, 1)
        gradient = call(
            table[layer, DEACTIVATE], (vector(work, values, units * rows), outputs, delta, place, units * rows)
        )
        if slope:
            vectors.gradients[slope] = gradient


@inside
def multiply(delta: AnyArray, slopes: AnyArray) -> None:
    """DZ = dA·f′(Z), where the forward pass left f′(Z)."""
    for i in range(delta.size):
        delta[i] *= slopes[i]


@inside
def normed_backward(table: IntArray, layer: int, vectors: Vectors, d: AnyArray) -> None:
    """The gradient before the norm, in place, and those of its scale and shift."""
    units, rows = d.shape
    scale, shift = table[layer, SCALE], table[layer, SHIFT]
    normed, spread = (
        matrix(vectors.work, table[layer, NORMED], units, rows),
        vector(vectors.work, table[layer, SPREAD], units),
    )
    d_scale, d_shift = vector(vectors.gradients, scale, units), vector(vectors.gradients, shift, units)
    norm_backward(d, normed, spread, vector(vectors.parameters, scale, units), d_scale, d_shift)
