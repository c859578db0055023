"""One step: a batch forwards and backwards, its gradient, and the update."""

from __future__ import annotations

from whyfit.evidence.types import AnyArray, FloatArray, IntArray
from whyfit.rules.jit import jit
from whyfit.rules.optimizers.dispatch import step as apply_rule
from whyfit.training.kernel.assess import load_batch
from whyfit.training.kernel.gather import gather_targets
from whyfit.training.kernel.head import loss_of
from whyfit.training.kernel.job import (
    NOT_FINITE_GRADIENT,
    NOT_FINITE_LOSS,
    NOT_FINITE_VALUE,
    NOT_FINITE_WEIGHT,
    Numbers,
    Rows,
    Vectors,
)
from whyfit.training.kernel.layout import BIAS, DELTA, INPUTS, UNITS, VALUES, WEIGHT
from whyfit.training.kernel.memory import matrix, vector
from whyfit.training.kernel.passes import backward, forward
from whyfit.training.kernel.score import errors_of, weigh
from whyfit.training.schedule import rate_factor


@jit
def gradient_of(
    table: IntArray, numbers: Numbers, data: Rows, vectors: Vectors, rows: IntArray, sums: FloatArray
) -> tuple[int, int]:
    """The gradient of the mean loss over a batch, into `vectors.gradients`.

    Adds weighted losses, weights and errors to `sums`. Gives what is not finite and in which layer, (0, 0) for nothing.
    """
    last, n, work = table.shape[0] - 1, rows.size, vectors.work
    load_batch(table, data, rows, work)
    bad = forward(table, vectors.parameters, work, n, True)
    if bad:
        weights = vector(vectors.parameters, table[bad, WEIGHT], table[bad, INPUTS] * table[bad, UNITS])
        return (NOT_FINITE_VALUE if finite(weights) else NOT_FINITE_WEIGHT), bad
    outputs = table[last, UNITS]
    values = matrix(work, table[last, VALUES], outputs, n)
    wanted = matrix(vectors.wanted, 0, outputs, n)
    delta = matrix(work, table[last, DELTA], outputs, n)
    gather_targets(data, rows, numbers.smoothing, wanted)
    losses = vector(vectors.losses, 0, n)
    loss_of(numbers.loss, values, wanted, delta, losses)
    loss = weigh(data, rows, delta, losses, sums)
    if loss * 0.0 != 0.0:
        return NOT_FINITE_LOSS, last
    sums[2] += errors_of(data, rows, values)
    backward(table, vectors.parameters, vectors.gradients, work, n)
    return NOT_FINITE_GRADIENT * (not finite(vectors.gradients)), 0


@jit
def finite(values: AnyArray) -> bool:
    """Whether all are: a finite value times zero is zero, anything else is NaN."""
    zero = values.dtype.type(0)
    total = zero
    for i in range(values.size):
        total += values[i] * zero
    return total == zero


@jit
def layer_not_finite(table: IntArray, flat: AnyArray) -> int:
    """The first layer whose part of a flat vector is not finite, 0 for none."""
    for layer in range(1, table.shape[0]):
        size = table[layer, INPUTS] * table[layer, UNITS]
        weights, biases = (
            vector(flat, table[layer, WEIGHT], size),
            vector(flat, table[layer, BIAS], table[layer, UNITS]),
        )
        if not (finite(weights) and finite(biases)):
            return layer
    return 0


@jit
def update(numbers: Numbers, vectors: Vectors, steps: int, t: int) -> None:
    """One step of the rule, at the rate that the schedule gives step t (from 1) of `steps`."""
    rate = numbers.rate * rate_factor(numbers.schedule, numbers.warmup, steps, t)
    apply_rule(numbers.optimizer, vectors.parameters, vectors.gradients, vectors.state, rate, t, vectors.settings)
