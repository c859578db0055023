"""From the gradient of the loss to the update: penalties, clipping, decay, the rule.

Decay is due on weights of dense layers and tables of embeddings alone: a bias has no scale that could be too large, and
the scale of a norm is its point. With `decay_biases` it is due on everything.
"""

from __future__ import annotations

import numpy as np

from whyfit.evidence.types import AnyArray, IntArray
from whyfit.training.kernel.inline import inside
from whyfit.training.kernel.job import Numbers, Vectors
from whyfit.training.kernel.layout import INPUTS, NUMBERS, PLACES, TABLE, UNITS, WEIGHT
from whyfit.training.kernel.memory import call, vector
from whyfit.training.schedule import rate_factor

CLIP_EPSILON = 1e-6
"""torch's `clip_grad_norm_`: added to the norm before dividing by it."""


@inside
def update(table: IntArray, tables: IntArray, numbers: Numbers, vectors: Vectors, steps: int, t: int) -> None:
    """One step of the rule, at the rate that the schedule gives step t (from 1) of `steps`."""
    w, g, state, settings = vectors.parameters, vectors.gradients, vectors.state, vectors.settings
    rate = numbers.rate * rate_factor(numbers.schedule, numbers.warmup, steps, t)
    if numbers.l1 or numbers.l2:
        for_decay(table, tables, numbers, w, g, numbers.l1, numbers.l2, 0.0)
    if numbers.clip_value < np.inf:
        clip_values(g, numbers.clip_value)
    if numbers.clip_norm < np.inf:
        clip_by_norm(g, numbers.clip_norm)
    if numbers.decay:
        for_decay(table, tables, numbers, w, g, 0.0, 0.0, rate * numbers.decay)
    if numbers.others:
        step_with_matrices(table, numbers, vectors, t, rate)
    else:
        call(numbers.rule, (w, g, state, settings, w.size, state.shape[0], settings.size, t, rate))


@inside
def step_with_matrices(table: IntArray, numbers: Numbers, vectors: Vectors, t: int, rate: float) -> None:
    """The weights between hidden layers by the rule for matrices, each as one thing; all between them by the other.

    What lies from a to b has its state from slots·a on, so that both rules find theirs in one piece.
    """
    slots, done = vectors.state.shape[0], 0
    for layer in range(2, table.shape[0] - 1):
        start, units, inputs = table[layer, WEIGHT], table[layer, UNITS], table[layer, INPUTS]
        step_numbers(numbers, vectors, done, start, t, rate)
        done = start + units * inputs
        w, g = vector(vectors.parameters, start, done - start), vector(vectors.gradients, start, done - start)
        state, settings = vector(vectors.state, slots * start, done - start), vector(vectors.settings, 0, numbers.known)
        call(numbers.rule, (w, g, state, settings, units, inputs, numbers.known, t, rate))
    step_numbers(numbers, vectors, done, vectors.parameters.size, t, rate)


@inside
def step_numbers(numbers: Numbers, vectors: Vectors, start: int, end: int, t: int, rate: float) -> None:
    """The other rule on the parameters from `start` to `end`."""
    slots, size, known = vectors.state.shape[0], end - start, vectors.settings.size - numbers.known
    w, g = vector(vectors.parameters, start, size), vector(vectors.gradients, start, size)
    state, settings = vector(vectors.state, slots * start, slots * size), vector(vectors.settings, numbers.known, known)
    call(numbers.others, (w, g, state, settings, size, slots, known, t, rate))


@inside
def for_decay(
    table: IntArray,
    tables: IntArray,
    numbers: Numbers,
    w: AnyArray,
    g: AnyArray,
    l1: float,
    l2: float,
    share: float,
) -> None:
    """Penalties into the gradient, or a share off the weights, where decay is due."""
    if numbers.decay_biases:
        penalise_or_shrink(w, g, l1, l2, share)
        return
    for layer in range(1, table.shape[0]):
        start, size = table[layer, WEIGHT], table[layer, INPUTS] * table[layer, UNITS]
        penalise_or_shrink(vector(w, start, size), vector(g, start, size), l1, l2, share)
    for column in range(tables.shape[0]):
        start, size = tables[column, TABLE], tables[column, PLACES] * tables[column, NUMBERS]
        penalise_or_shrink(vector(w, start, size), vector(g, start, size), l1, l2, share)


@inside
def penalise_or_shrink(w: AnyArray, g: AnyArray, l1: float, l2: float, share: float) -> None:
    """On flat vectors: w ← (1 − share)·w where there is a share, else g ← g + l1·sign(w) + l2·w; sign(0) = 0."""
    number = w.dtype.type
    one, zero, first, second, rest = number(1), number(0), number(l1), number(l2), number(1.0 - share)
    if share:
        for i in range(w.size):
            w[i] *= rest
        return
    for i in range(w.size):
        sign = one if w[i] > zero else (-one if w[i] < zero else zero)
        g[i] += first * sign + second * w[i]


@inside
def clip_values(g: AnyArray, limit: float) -> None:
    """Each entry into [−limit, limit]."""
    most = g.dtype.type(limit)
    for i in range(g.size):
        g[i] = most if g[i] > most else (max(g[i], -most))


@inside
def clip_by_norm(g: AnyArray, limit: float) -> None:
    """g·min(1, limit/(‖g‖ + ε)) for the gradient as a whole (Pascanu et al. 2013, algorithm 1)."""
    squares = 0.0
    for i in range(g.size):
        squares += np.float64(g[i]) * np.float64(g[i])
    share = limit / (np.sqrt(squares) + CLIP_EPSILON)
    if share < 1.0:
        factor = g.dtype.type(share)
        for i in range(g.size):
            g[i] *= factor
