"""The network in evaluation mode over many rows: mean loss, mean error, predictions."""

from __future__ import annotations

from whyfit.evidence.types import AnyArray, FloatArray, IntArray
from whyfit.rules.jit import jit
from whyfit.training.kernel.gather import gather_inputs, gather_targets, turn
from whyfit.training.kernel.head import loss_of
from whyfit.training.kernel.job import Numbers, Rows, Vectors
from whyfit.training.kernel.layout import DELTA, OUTPUTS, TURNED, UNITS, VALUES
from whyfit.training.kernel.memory import matrix, vector
from whyfit.training.kernel.passes import forward
from whyfit.training.kernel.score import errors_of, weigh

CHUNK = 256
"""Rows a pass. Fixed, as the last bit of a product may depend on it; BLAS is at its full rate from here on (measured)."""


@jit
def load_batch(table: IntArray, data: Rows, rows: IntArray, work: AnyArray) -> None:
    """Fetch the inputs of a batch into the workspace, in both layouts."""
    features, n = table[0, UNITS], rows.size
    turned = matrix(work, table[0, TURNED], n, features)
    gather_inputs(data, rows, turned, matrix(work, table[0, OUTPUTS], features, n))


@jit
def assess(
    table: IntArray,
    numbers: Numbers,
    data: Rows,
    vectors: Vectors,
    parameters: AnyArray,
    rows: IntArray,
    predictions: AnyArray,
    cancel: AnyArray,
    means: FloatArray,
) -> int:
    """Write mean loss and mean error of these rows into `means`; the first layer not finite, 0 for none.

    `predictions` takes the outputs where it has as many rows. A set cancel flag ends it early.
    """
    last, work, sums, errors = table.shape[0] - 1, vectors.work, means[2:], 0.0
    sums[:] = 0.0
    for start in range(0, rows.size, CHUNK):
        if cancel[0]:
            return 0
        chunk = rows[start : start + CHUNK]
        load_batch(table, data, chunk, work)
        bad = forward(table, parameters, work, chunk.size, False)
        if bad:
            return bad
        outputs = table[last, UNITS]
        values = matrix(work, table[last, VALUES], outputs, chunk.size)
        wanted = matrix(vectors.wanted, 0, outputs, chunk.size)
        delta = matrix(work, table[last, DELTA], outputs, chunk.size)
        gather_targets(data, chunk, numbers.smoothing, wanted)
        losses = vector(vectors.losses, 0, chunk.size)
        loss_of(numbers.loss, values, wanted, delta, losses)
        weigh(data, chunk, delta, losses, sums)
        errors += errors_of(data, chunk, values)
        if predictions.shape[0] == rows.size:
            turn(values, predictions[start : start + CHUNK])
    means[0] = sums[0] / sums[1] if rows.size else float("nan")
    means[1] = errors / rows.size if rows.size else float("nan")
    return 0
