"""The training loop of one member."""

from __future__ import annotations

import numpy as np

from whyfit.evidence.types import AnyArray, FloatArray, IntArray
from whyfit.rules.jit import jit
from whyfit.training.kernel.assess import assess
from whyfit.training.kernel.job import (
    BEST_EPOCH,
    CANCELLED,
    DIVERGED,
    EPOCH,
    LAYER,
    NOT_FINITE_GRADIENT,
    NOT_FINITE_LOSS,
    NOT_FINITE_VALUE,
    NOT_FINITE_WEIGHT,
    STATUS,
    STEP,
    STEPS,
    WHAT,
    Numbers,
    Rows,
    Vectors,
    Written,
)
from whyfit.training.kernel.step import gradient_of, layer_not_finite, update
from whyfit.training.streams import fill_permutation, key_of

ORDER = np.uint64(1)
"""`Stream.ORDER`, as compiled code takes it."""

Parts = tuple[IntArray, IntArray, IntArray]
"""Training, stop and score rows."""


@jit
def train(
    table: IntArray,
    numbers: Numbers,
    data: Rows,
    parts: Parts,
    vectors: Vectors,
    written: Written,
    cancel: AnyArray,
) -> None:
    """Train one member from start to kept network; everything that it leaves is in `written`."""
    means = np.empty(4)
    start = vectors.parameters
    if not look(table, numbers, data, vectors, start, parts[0], written.predictions[:0], written, cancel, means):
        return
    written.final[6] = means[0]
    if not run_epochs(table, numbers, data, parts, vectors, written, cancel, means):
        return
    for part in range(3):
        rows, keep = parts[part], written.predictions[: (part == 2) * parts[2].size]
        if not look(table, numbers, data, vectors, vectors.best, rows, keep, written, cancel, means):
            return
        written.final[2 * part], written.final[2 * part + 1] = means[0], means[1]


@jit
def run_epochs(
    table: IntArray,
    numbers: Numbers,
    data: Rows,
    parts: Parts,
    vectors: Vectors,
    written: Written,
    cancel: AnyArray,
    means: FloatArray,
) -> bool:
    """All epochs, until patience is over; False where the member diverged or was cancelled."""
    facts, stop = written.facts, parts[1]
    choosing, best_loss = numbers.patience >= 0 and stop.size > 0, np.inf
    for epoch in range(1, numbers.epochs + 1):
        if not run_epoch(table, numbers, data, parts[0], vectors, written, cancel, epoch):
            return False
        nothing = written.predictions[:0]
        if not look(table, numbers, data, vectors, vectors.parameters, stop, nothing, written, cancel, means):
            return False
        written.curves[epoch - 1, 2], written.curves[epoch - 1, 3] = means[0], means[1]
        facts[EPOCH] = epoch
        if choosing and means[0] >= best_loss:
            if epoch - facts[BEST_EPOCH] >= numbers.patience:
                return True
        else:
            best_loss, facts[BEST_EPOCH] = means[0], epoch
            if choosing or epoch == numbers.epochs:
                vectors.best[:] = vectors.parameters
    return True


@jit
def run_epoch(
    table: IntArray,
    numbers: Numbers,
    data: Rows,
    rows: IntArray,
    vectors: Vectors,
    written: Written,
    cancel: AnyArray,
    epoch: int,
) -> bool:
    """Every training row once, in this epoch's own order; False where the member diverged or was cancelled."""
    facts, sums, order = written.facts, np.zeros(3), np.empty(rows.size, np.int64)
    steps = (rows.size + numbers.batch - 1) // numbers.batch
    fill_permutation(key_of(numbers.seed, ORDER, np.uint64(epoch), np.uint64(0)), order)
    for i in range(rows.size):
        order[i] = rows[order[i]]
    for step in range(steps):
        if cancel[0]:
            facts[STATUS] = CANCELLED
            return False
        batch = order[step * numbers.batch : (step + 1) * numbers.batch]
        what, layer = gradient_of(table, numbers, data, vectors, batch, sums)
        if what == NOT_FINITE_GRADIENT:
            layer = layer_not_finite(table, vectors.gradients)
        if what:
            return fail(facts, what, epoch, step, layer)
        facts[STEPS] += 1
        update(numbers, vectors, numbers.epochs * steps, facts[STEPS])
    layer = layer_not_finite(table, vectors.parameters)
    if layer:
        return fail(facts, NOT_FINITE_WEIGHT, epoch, steps - 1, layer)
    written.curves[epoch - 1, 0], written.curves[epoch - 1, 1] = sums[0] / sums[1], sums[2] / rows.size
    return True


@jit
def look(
    table: IntArray,
    numbers: Numbers,
    data: Rows,
    vectors: Vectors,
    parameters: AnyArray,
    rows: IntArray,
    predictions: AnyArray,
    written: Written,
    cancel: AnyArray,
    means: FloatArray,
) -> bool:
    """`assess`, and what follows from it: False where the member diverged or was cancelled."""
    facts = written.facts
    bad = assess(table, numbers, data, vectors, parameters, rows, predictions, cancel, means)
    if cancel[0]:
        facts[STATUS] = CANCELLED
        return False
    if bad:
        return fail(facts, NOT_FINITE_VALUE, facts[EPOCH], 0, bad)
    if rows.size and means[0] * 0.0 != 0.0:
        return fail(facts, NOT_FINITE_LOSS, facts[EPOCH], 0, table.shape[0] - 1)
    return True


@jit
def fail(facts: IntArray, what: int, epoch: int, step: int, layer: int) -> bool:
    """Write down what was not finite, and where; False, so that it can be returned."""
    facts[STATUS], facts[WHAT], facts[EPOCH], facts[STEP], facts[LAYER] = DIVERGED, what, epoch, step, layer
    return False
