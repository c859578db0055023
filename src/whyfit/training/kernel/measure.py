"""Vitals: what each layer does at a sampled epoch.

Numbers of activations come from all training rows in evaluation mode; those of gradients from the first
`MEASURED_ROWS` training rows, norms by that batch and nothing dropped; those of weights from the weights. The numbers
stand in the order of `LAYER_NUMBERS`. Nothing of the member is changed: the gradients and the workspace are written
anew at the next step.
"""

from __future__ import annotations

import numpy as np

from whyfit.evidence.types import AnyArray, FloatArray, IntArray
from whyfit.training.kernel.activity import sum_up
from whyfit.training.kernel.assess import NO_KEY
from whyfit.training.kernel.batch import pass_batch
from whyfit.training.kernel.inline import inlined
from whyfit.training.kernel.job import MEASURE, STEPS, Numbers, Rows, Vectors, Written
from whyfit.training.kernel.layout import DELTA, INPUTS, UNITS, WEIGHT
from whyfit.training.kernel.memory import matrix
from whyfit.training.kernel.moments import change, deviation, moments
from whyfit.training.kernel.passes import backward
from whyfit.training.kernel.twins import distinct
from whyfit.training.schedule import MEASURED_ROWS


@inlined
def measure(
    table: IntArray,
    numbers: Numbers,
    data: Rows,
    vectors: Vectors,
    rows: IntArray,
    written: Written,
    cancel: AnyArray,
    place: int,
    epoch: int,
) -> None:
    """Write the vitals of the sampled epoch at `place`; a pass over the training rows has just been observed."""
    out = written.vitals[place]
    sum_up(table, rows.size, written.sums, written.alive, out)
    measure_gradients(table, numbers, data, vectors, rows[:MEASURED_ROWS], cancel, out)
    measure_weights(table, vectors, epoch, out)
    if not cancel[0]:
        written.vital_steps[place] = written.facts[STEPS]


@inlined
def measure_gradients(
    table: IntArray, numbers: Numbers, data: Rows, vectors: Vectors, rows: IntArray, cancel: AnyArray, out: FloatArray
) -> None:
    """Gradients of one fixed batch, in the mode made for it."""
    layers, deviations = table.shape[0] - 1, out[:, 8]
    pass_batch(table, numbers, data, vectors, rows, MEASURE, NO_KEY, np.zeros(4), cancel)
    deviations[layers - 1] = deviation(matrix(vectors.work, table[layers, DELTA], table[layers, UNITS], rows.size))
    backward(table, data.tables, numbers, vectors, rows.size, MEASURE, deviations, cancel)
    for layer in range(1, layers + 1):
        units, inputs = table[layer, UNITS], table[layer, INPUTS]
        gradient = matrix(vectors.gradients, table[layer, WEIGHT], units, inputs)
        out[layer - 1, 7], out[layer - 1, 12] = np.sqrt(moments(gradient)[1]), distinct(gradient)


@inlined
def measure_weights(table: IntArray, vectors: Vectors, epoch: int, out: FloatArray) -> None:
    """Norm and last change of each layer's weights."""
    for layer in range(1, table.shape[0]):
        start, units, inputs = table[layer, WEIGHT], table[layer, UNITS], table[layer, INPUTS]
        weights = matrix(vectors.parameters, start, units, inputs)
        norm = np.sqrt(moments(weights)[1])
        out[layer - 1, 9], out[layer - 1, 11] = norm, distinct(weights)
        if epoch and norm > 0.0:
            out[layer - 1, 10] = change(weights, matrix(vectors.before, start, units, inputs)) / norm
