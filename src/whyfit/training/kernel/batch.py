"""A batch: fetched, passed forwards, its loss and its gradient at the outputs taken."""

from __future__ import annotations

import numpy as np

from whyfit.evidence.types import FloatArray, IntArray
from whyfit.training.kernel.gather import gather_inputs, gather_targets
from whyfit.training.kernel.inline import inside
from whyfit.training.kernel.job import Numbers, Rows, Vectors
from whyfit.training.kernel.layout import DELTA, OUTPUTS, TURNED, VALUES, WIDTH
from whyfit.training.kernel.memory import call, matrix, vector
from whyfit.training.kernel.passes import forward
from whyfit.training.kernel.score import errors_of, weigh


@inside
def pass_batch(
    table: IntArray,
    numbers: Numbers,
    data: Rows,
    vectors: Vectors,
    rows: IntArray,
    mode: int,
    key: np.uint64,
    sums: FloatArray,
) -> int:
    """Forwards through the network and the loss; the first layer not finite, 0 for none.

    Adds to `sums`: weighted losses, weights of rows, errors. Leaves the gradient of the batch's mean loss at the
    outputs.
    """
    last, n, work = table.shape[0] - 1, rows.size, vectors.work
    features, outputs = table[0, WIDTH], table[last, WIDTH]
    turned = matrix(work, table[0, TURNED], n, features)
    gather_inputs(data, rows, turned, matrix(work, table[0, OUTPUTS], features, n))
    bad = forward(table, numbers, vectors, n, mode, key)
    if bad:
        return bad
    values, delta = matrix(work, table[last, VALUES], outputs, n), matrix(work, table[last, DELTA], outputs, n)
    wanted, losses = matrix(vectors.wanted, 0, outputs, n), vector(vectors.losses, 0, n)
    gather_targets(data, rows, numbers.smoothing, wanted)
    call(numbers.loss, (values, wanted, delta, losses, outputs, n))
    weigh(data, rows, delta, losses, sums)
    sums[2] += errors_of(data, rows, values)
    return 0
