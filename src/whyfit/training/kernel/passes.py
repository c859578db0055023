"""Forward and backward through all layers."""

from __future__ import annotations

import numpy as np

from whyfit.evidence.types import AnyArray, FloatArray, IntArray
from whyfit.training.kernel.dense import dense_backward, dense_down, dense_forward
from whyfit.training.kernel.embed import gather_gradients
from whyfit.training.kernel.hidden import hidden_backward, hidden_forward
from whyfit.training.kernel.inline import inlined, inside
from whyfit.training.kernel.job import EVALUATE, Numbers, Vectors
from whyfit.training.kernel.layout import ARRIVED, INPUTS, OUTPUTS, TURNED, VALUES, WIDTH
from whyfit.training.kernel.memory import matrix
from whyfit.training.kernel.stop import left
from whyfit.training.kernel.turn import turn


@inlined
def forward(
    table: IntArray, numbers: Numbers, vectors: Vectors, rows: int, mode: int, key: np.uint64, cancel: AnyArray
) -> int:
    """From the inputs in the workspace to the values of the last layer; the first layer not finite, 0 for none.

    `key` is the batch's own of the stream `DROPOUT`; in evaluation any. What comes out means nothing where the flag was
    set meanwhile; so for `backward`.
    """
    last, work = table.shape[0] - 1, vectors.work
    for layer in range(1, last + 1):
        if not dense_forward(table, layer, vectors.parameters, work, rows, cancel):
            return layer
        if layer < last:
            hidden_forward(table, layer, numbers, vectors, rows, mode, key, cancel)
            if mode != EVALUATE:
                width, n = table[layer, WIDTH], left(rows, cancel)
                turn(matrix(work, table[layer, OUTPUTS], width, n), matrix(work, table[layer, TURNED], n, width))
    return 0


@inside
def backward(
    table: IntArray,
    tables: IntArray,
    numbers: Numbers,
    vectors: Vectors,
    rows: int,
    mode: int,
    deviations: FloatArray,
    cancel: AnyArray,
) -> None:
    """From the loss gradient at the last layer's values to the gradients of all parameters.

    Where `deviations` has a place a layer, the deviation of the gradient before the activation is written there.
    """
    for layer in range(table.shape[0] - 1, 0, -1):
        dense_backward(table, layer, vectors.work, vectors.gradients, rows, cancel)
        if layer > 1:
            dense_down(table, layer, vectors.parameters, vectors.work, rows, cancel)
            hidden_backward(table, layer - 1, numbers, vectors, left(rows, cancel), mode, deviations, cancel)
    if tables.shape[0] and not cancel[0]:  # as in `fetch`
        dense_down(table, 1, vectors.parameters, vectors.work, rows, cancel)
        gathered = matrix(vectors.work, table[0, VALUES], rows, table[0, INPUTS])
        gather_gradients(
            tables, gathered, matrix(vectors.work, table[0, ARRIVED], table[0, WIDTH], rows), vectors.gradients
        )
