"""A batch: fetched, passed forwards, its loss and its gradient at the outputs taken."""

from __future__ import annotations

import numpy as np

from whyfit.evidence.types import AnyArray, FloatArray, IntArray
from whyfit.training.kernel.augment import add_mixed_errors, change, gather_mixed, weigh_mixed
from whyfit.training.kernel.embed import look_up
from whyfit.training.kernel.gather import gather_inputs, gather_targets
from whyfit.training.kernel.inline import apart, inlined
from whyfit.training.kernel.job import TRAIN, Numbers, Rows, Vectors
from whyfit.training.kernel.layout import DELTA, INPUTS, OUTPUTS, TURNED, VALUES, WIDTH
from whyfit.training.kernel.memory import call, matrix, vector
from whyfit.training.kernel.passes import forward
from whyfit.training.kernel.score import add_errors, weigh
from whyfit.training.kernel.stop import left
from whyfit.training.kernel.turn import turn


@apart
def pass_batch(
    table: IntArray,
    numbers: Numbers,
    data: Rows,
    vectors: Vectors,
    rows: IntArray,
    mode: int,
    key: np.uint64,
    sums: FloatArray,
    cancel: AnyArray,
) -> int:
    """Forwards through the network and the loss; the first layer not finite, 0 for none.

    In training, the rows are changed by the numbers that augmentation drew last; never in other modes.

    Adds to `sums`: weighted losses, weights, weighted errors, the weights of those. Leaves the gradient of the batch's
    loss at the outputs. What comes out means nothing where the flag was set meanwhile.
    """
    last, n, work = table.shape[0] - 1, rows.size, vectors.work
    outputs, mixes = table[last, WIDTH], mode == TRAIN and data.changes.mixes
    fetch(table, data, vectors, rows, mode, cancel)
    bad = forward(table, numbers, vectors, n, mode, key, cancel)
    if bad or cancel[0]:
        return bad
    values, delta = matrix(work, table[last, VALUES], outputs, n), matrix(work, table[last, DELTA], outputs, n)
    wanted, losses = matrix(vectors.wanted, 0, outputs, n), vector(vectors.losses, 0, n)
    if mixes:
        gather_mixed(data, rows, numbers.smoothing, wanted, data.changes.weights)
    else:
        gather_targets(data, rows, numbers.smoothing, wanted)
    call(numbers.loss, (values, wanted, delta, losses, outputs, n))
    if cancel[0]:
        return 0
    if mixes:
        weigh_mixed(data, rows, delta, losses, sums)
    else:
        weigh(data, rows, delta, losses, sums)
    if mixes and data.codes.size == 0 and data.labels == 0:
        add_mixed_errors(data, rows, values, wanted, sums)
    else:
        add_errors(data, rows, values, sums)
    return 0


@inlined
def fetch(table: IntArray, data: Rows, vectors: Vectors, rows: IntArray, mode: int, cancel: AnyArray) -> None:
    """The inputs of a batch, (features, rows) and turned; what is to be changed waits where the former will stand."""
    n, width, work = rows.size, table[0, WIDTH], vectors.work
    gathered = matrix(work, table[0, VALUES], n, table[0, INPUTS])
    if mode == TRAIN and data.changes.apply:
        before = matrix(work, table[0, OUTPUTS], n, table[0, INPUTS])
        gather_inputs(data, rows, before, cancel)
        change(data.changes, before, gathered)
    else:
        gather_inputs(data, rows, gathered, cancel)
    turned = matrix(work, table[0, TURNED], n, width)
    if data.tables.shape[0] and not cancel[0]:  # places that were not gathered lie anywhere
        look_up(data.tables, gathered, vectors.parameters, turned)
    n = left(n, cancel)
    turn(matrix(work, table[0, TURNED], n, width), matrix(work, table[0, OUTPUTS], width, n))
