"""The training loop of one member."""

from __future__ import annotations

import numpy as np

from whyfit.evidence.types import AnyArray, FloatArray, IntArray
from whyfit.training.kernel.assess import PLAIN, WATCH, assess
from whyfit.training.kernel.augment import draw
from whyfit.training.kernel.batch import pass_batch
from whyfit.training.kernel.inline import inlined
from whyfit.training.kernel.job import (
    BEST_EPOCH,
    CANCELLED,
    EPOCH,
    NOT_FINITE_GRADIENT,
    NOT_FINITE_LOSS,
    NOT_FINITE_VALUE,
    NOT_FINITE_WEIGHT,
    STATUS,
    STEPS,
    TRAIN,
    Numbers,
    Rows,
    Vectors,
    Written,
)
from whyfit.training.kernel.layout import INPUTS, UNITS, WEIGHT
from whyfit.training.kernel.measure import measure
from whyfit.training.kernel.memory import vector
from whyfit.training.kernel.passes import backward
from whyfit.training.kernel.stop import fail, finite, layer_not_finite
from whyfit.training.kernel.update import update
from whyfit.training.streams import fill_permutation, key_of

ORDER, DROPOUT, AUGMENTATION, NO_STEP = np.uint64(1), np.uint64(2), np.uint64(3), np.uint64(0)
"""`Stream.ORDER`, `DROPOUT` and `AUGMENTATION`, as compiled code takes them."""

CUT = -1
"""In place of what was not finite: the flag was set."""

Parts = tuple[IntArray, IntArray, IntArray]
"""Training, stop and score rows."""


@inlined
def train(
    table: IntArray, numbers: Numbers, data: Rows, parts: Parts, vectors: Vectors, written: Written, cancel: AnyArray
) -> None:
    """Train one member from start to kept network; everything that it leaves is in `written`."""
    means, nothing, final = np.empty(2), written.predictions[:0], written.final
    rows, stop = parts[0], parts[1]
    place, epoch, best_loss, seen = 0, 0, np.inf, (-1, np.nan, np.nan)
    going = True
    while going and epoch <= numbers.epochs:
        sampled = place < written.sampled.size and written.sampled[place] == epoch
        if epoch:
            before = vectors.before if sampled else vectors.before[:0]
            going = run_epoch(table, numbers, data, rows, vectors, before, written, cancel, epoch)
            going = going and assess(table, numbers, data, vectors, stop, nothing, written, cancel, means, PLAIN)
            if going:
                best_loss = keep_best(numbers, vectors, written, means, epoch, best_loss)
        watch = WATCH if sampled else PLAIN
        if going and (sampled or epoch == 0):
            going = assess(table, numbers, data, vectors, rows, nothing, written, cancel, means, watch)
            final[6] = means[0] if epoch == 0 else final[6]
            if sampled and epoch == written.facts[BEST_EPOCH]:
                seen = (epoch, means[0], means[1])
            if going and sampled:
                measure(table, numbers, data, vectors, rows, written, cancel, place, epoch)
                place += 1
        waited = epoch - written.facts[BEST_EPOCH]
        if epoch and numbers.patience >= 0 and stop.size > 0 and waited >= numbers.patience:
            break
        epoch += 1
    if going:
        finish(table, numbers, data, parts, vectors, written, cancel, means, seen)


@inlined
def finish(
    table: IntArray,
    numbers: Numbers,
    data: Rows,
    parts: Parts,
    vectors: Vectors,
    written: Written,
    cancel: AnyArray,
    means: FloatArray,
    seen: tuple[int, float, float],
) -> None:
    """The kept weights, and what they give on each part; `seen` are an epoch, and means of the training rows after it.

    A pass that was made with these weights is not made again: the stop rows after the epoch that is kept, and the
    training rows where it was sampled.
    """
    final, best, nothing = written.final, written.facts[BEST_EPOCH], written.predictions[:0]
    vectors.parameters[:] = vectors.best
    vectors.moving[:] = vectors.best_moving
    means[0], means[1] = seen[1], seen[2]
    going = True
    if seen[0] != best:
        going = assess(table, numbers, data, vectors, parts[0], nothing, written, cancel, means, PLAIN)
    if going:
        final[0], final[1] = means[0], means[1]
        final[2], final[3] = written.curves[best - 1, 2], written.curves[best - 1, 3]
        assess(table, numbers, data, vectors, parts[2], written.predictions, written, cancel, means, PLAIN)
        final[4], final[5] = means[0], means[1]


@inlined
def keep_best(
    numbers: Numbers, vectors: Vectors, written: Written, means: FloatArray, epoch: int, best_loss: float
) -> float:
    """Write the epoch down, and keep its weights where its stop loss is the lowest so far, or where none is chosen
    by.
    """
    facts = written.facts
    written.curves[epoch - 1, 2], written.curves[epoch - 1, 3] = means[0], means[1]
    facts[EPOCH] = epoch
    if numbers.patience < 0 or not means[0] >= best_loss:
        best_loss, facts[BEST_EPOCH] = means[0], epoch
        vectors.best[:] = vectors.parameters
        vectors.best_moving[:] = vectors.moving
    return best_loss


@inlined
def run_epoch(
    table: IntArray,
    numbers: Numbers,
    data: Rows,
    rows: IntArray,
    vectors: Vectors,
    before: AnyArray,
    written: Written,
    cancel: AnyArray,
    epoch: int,
) -> bool:
    """Every training row once, in this epoch's own order; False where the member diverged or was cancelled.

    `before` takes the parameters before the last step, as many as it has room for.
    """
    facts, sums, order = written.facts, np.zeros(4), written.order
    steps, step, going = (rows.size + numbers.batch - 1) // numbers.batch, 0, True
    if not cancel[0]:
        fill_permutation(key_of(numbers.seed, ORDER, np.uint64(epoch), NO_STEP), order)
    if not cancel[0]:  # a million rows in no order take as long again as drawing the order
        for i in range(rows.size):
            order[i] = rows[order[i]]
    while going and step < steps:
        if step == steps - 1:
            before[:] = vectors.parameters[: before.size]
        batch = order[step * numbers.batch : (step + 1) * numbers.batch]
        going = one_step(
            table, numbers, data, vectors, batch, written, sums, cancel, epoch, step, numbers.epochs * steps
        )
        if cancel[0]:
            facts[STATUS], going = CANCELLED, False
        step += 1
    if going:
        layer = layer_not_finite(table, data.tables, vectors.parameters)
        if layer:
            going = fail(facts, NOT_FINITE_WEIGHT, epoch, steps - 1, layer)
        written.curves[epoch - 1, 0], written.curves[epoch - 1, 1] = sums[0] / sums[1], sums[2] / sums[3]
    return going


@inlined
def one_step(
    table: IntArray,
    numbers: Numbers,
    data: Rows,
    vectors: Vectors,
    rows: IntArray,
    written: Written,
    sums: FloatArray,
    cancel: AnyArray,
    epoch: int,
    step: int,
    steps: int,
) -> bool:
    """A batch forwards and backwards, and the update; False where something was not finite, or the flag was set.

    After each pass the flag is asked first, as a pass that it cut short leaves numbers that mean nothing.
    """
    facts = written.facts
    if data.changes.apply:
        draw(data.changes, key_of(numbers.seed, AUGMENTATION, np.uint64(epoch), np.uint64(step)), rows.size)
    key = key_of(numbers.seed, DROPOUT, np.uint64(epoch), np.uint64(step))
    layer = pass_batch(table, numbers, data, vectors, rows, TRAIN, key, sums, cancel)
    what = NOT_FINITE_VALUE if layer else 0
    if cancel[0]:
        what = CUT
    elif layer:
        size, broken = (
            table[layer, INPUTS] * table[layer, UNITS],
            layer_not_finite(table, data.tables, vectors.parameters),
        )
        if broken >= table.shape[0] or not finite(vector(vectors.parameters, table[layer, WEIGHT], size)):
            what, layer = NOT_FINITE_WEIGHT, max(broken, layer)
    elif sums[0] * 0.0 != 0.0:
        what, layer = NOT_FINITE_LOSS, table.shape[0] - 1
    else:
        backward(table, data.tables, numbers, vectors, rows.size, TRAIN, written.curves[:0, 0], cancel)
        if cancel[0]:
            what = CUT
        elif not finite(vectors.gradients):
            what, layer = NOT_FINITE_GRADIENT, layer_not_finite(table, data.tables, vectors.gradients)
    if what == CUT:
        facts[STATUS] = CANCELLED
    elif what:
        fail(facts, what, epoch, step, layer)
    else:
        facts[STEPS] += 1
        update(table, data.tables, numbers, vectors, steps, facts[STEPS])
    return what == 0
