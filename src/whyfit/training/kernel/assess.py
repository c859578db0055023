"""The network in evaluation mode over many rows: mean loss, mean error, predictions."""

from __future__ import annotations

from typing import Any

import numpy as np

from whyfit.evidence.types import AnyArray, FloatArray, IntArray
from whyfit.training.kernel.activity import observe
from whyfit.training.kernel.batch import pass_batch
from whyfit.training.kernel.inline import apart
from whyfit.training.kernel.job import (
    CANCELLED,
    EPOCH,
    EVALUATE,
    NOT_FINITE_LOSS,
    NOT_FINITE_VALUE,
    STATUS,
    Numbers,
    Rows,
    Vectors,
    Written,
)
from whyfit.training.kernel.layout import VALUES, WIDTH
from whyfit.training.kernel.memory import matrix
from whyfit.training.kernel.stop import fail
from whyfit.training.kernel.turn import turn

CHUNK = 32
"""Rows a pass. Fixed, as the last bit of a product may depend on it. With 32 the values of two layers of 128 units stay
beside the weights in the nearest cache: 0.43 µs a row, 0.54 with 64, 0.64 with 256 (64-128-128-10, measured)."""

NO_KEY: Any = np.uint64(0)
"""Nothing is drawn in evaluation."""

PLAIN: Any = np.int64(0)
WATCH: Any = np.int64(1)
"""What `assess` does; not Python's truth values, as Numba would compile it once for each."""


@apart
def assess(
    table: IntArray,
    numbers: Numbers,
    data: Rows,
    vectors: Vectors,
    rows: IntArray,
    predictions: AnyArray,
    written: Written,
    cancel: AnyArray,
    means: FloatArray,
    watch: int,
) -> bool:
    """Mean loss and mean error of these rows into `means`, NaN for no rows; False where it ended otherwise.

    `predictions` takes the outputs where it has as many rows. With `WATCH`, the activity of every layer is summed up.
    """
    facts, sums, last = written.facts, np.zeros(4), table.shape[0] - 1
    means[0], means[1] = np.nan, np.nan
    for start in range(0, rows.size, CHUNK):
        chunk = rows[start : start + CHUNK]
        bad = pass_batch(table, numbers, data, vectors, chunk, EVALUATE, NO_KEY, sums, cancel)
        if cancel[0]:
            facts[STATUS] = CANCELLED
            return False
        if bad:
            return fail(facts, NOT_FINITE_VALUE, facts[EPOCH], 0, bad)
        if predictions.shape[0] == rows.size:
            values = matrix(vectors.work, table[last, VALUES], table[last, WIDTH], chunk.size)
            turn(values, predictions[start : start + CHUNK])
        if watch == WATCH:
            for layer in range(1, last + 1):
                observe(table, layer, vectors, chunk.size, numbers.flat, written.sums, written.alive)
    if rows.size:
        means[0], means[1] = sums[0] / sums[1], sums[2] / sums[3]
        if means[0] * 0.0 != 0.0:
            return fail(facts, NOT_FINITE_LOSS, facts[EPOCH], 0, last)
    return True
