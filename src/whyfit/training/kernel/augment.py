"""Augmentation: the rows of a training batch changed as they pass, and mixed targets where rows are mixed.

Of a row mixed from a (share λ) and b, weights w count as if both were there, λ and 1 − λ times: the row weighs
W = λ·w_a + (1 − λ)·w_b, and its target is (λ·w_a·y_a + (1 − λ)·w_b·y_b)/W. So each class, and each row, counts as much
as without mixing; where all rows weigh alike it is the plain λ·y_a + (1 − λ)·y_b.
"""

from __future__ import annotations

import numpy as np

from whyfit.evidence.types import AnyArray, FloatArray, IntArray
from whyfit.training.draws import fill_draws
from whyfit.training.kernel.inline import inside
from whyfit.training.kernel.job import Changes, Rows
from whyfit.training.kernel.memory import call, matrix


@inside
def draw(changes: Changes, key: np.uint64, rows: int) -> None:
    """The numbers of one step, for so many rows."""
    fill_draws(key, changes.normal, matrix(changes.draws, 0, rows, changes.drawn))


@inside
def change(changes: Changes, x: AnyArray, out: AnyArray) -> None:
    """From rows as they are to rows as they are trained on, (rows, features) each, by the numbers drawn last."""
    rows, features = x.shape
    arrays = (x, out, changes.draws, changes.columns, changes.spread, changes.partner, changes.share)
    picture = (changes.height, changes.width, changes.channels)
    call(changes.apply, arrays + (rows, features, changes.drawn) + picture + (changes.strength,))  # noqa: RUF005  # Numba knows no stars


@inside
def gather_mixed(data: Rows, rows: IntArray, smoothing: float, wanted: AnyArray, weights: FloatArray) -> None:
    """What the outputs should be, (outputs, rows), and the rows' weights."""
    changes, number = data.changes, wanted.dtype.type
    if data.codes.size == 0:
        for r in range(rows.size):
            mine, its = rows[r], rows[changes.partner[r]]
            one, two = changes.share[r], 1.0 - changes.share[r]
            if data.weights.size > 0:
                one, two = one * data.weights[mine], two * data.weights[its]
            weights[r] = one + two
            for k in range(wanted.shape[0]):
                mixed = (one * data.targets[mine, k] + two * data.targets[its, k]) / weights[r]
                wanted[k, r] = number((mixed - data.target_shift[k]) / data.target_scale[k])
        return
    wanted[:, :] = number(smoothing / wanted.shape[0])
    for r in range(rows.size):
        own, other = data.codes[rows[r]], data.codes[rows[changes.partner[r]]]
        one = changes.share[r] * data.class_weights[own]
        two = (1.0 - changes.share[r]) * data.class_weights[other]
        if data.weights.size > 0:
            one, two = one * data.weights[rows[r]], two * data.weights[rows[changes.partner[r]]]
        weights[r] = one + two
        wanted[own, r] += number((1.0 - smoothing) * one / weights[r])
        wanted[other, r] += number((1.0 - smoothing) * two / weights[r])


@inside
def weigh_mixed(data: Rows, rows: IntArray, delta: AnyArray, losses: AnyArray, sums: FloatArray) -> None:
    """As `whyfit.training.kernel.score.weigh`, by the weights of mixed rows."""
    number, changes = delta.dtype.type, data.changes
    weights, total, weight, shares = changes.weights, 0.0, 0.0, 0.0
    for r in range(rows.size):
        total += weights[r] * losses[r]
        weight += weights[r]
        if data.weights.size == 0:
            shares += weights[r]
        elif data.codes.size == 0:
            shares += 1.0
        else:
            mine, its = data.codes[rows[r]], data.codes[rows[changes.partner[r]]]
            one, two = changes.share[r], 1.0 - changes.share[r]
            shares += one * data.class_weights[mine] + two * data.class_weights[its]
    for k in range(delta.shape[0]):
        for r in range(rows.size):
            delta[k, r] *= number(weights[r] / shares)
    sums[0] += total
    sums[1] += weight


@inside
def add_mixed_errors(data: Rows, rows: IntArray, values: AnyArray, wanted: AnyArray, sums: FloatArray) -> None:
    """Squared errors against mixed targets, in the target's own units, by the weights of the rows themselves."""
    for r in range(rows.size):
        error, weight = 0.0, 1.0 if data.weights.size == 0 else data.weights[rows[r]]
        for k in range(values.shape[0]):
            error += ((values[k, r] - wanted[k, r]) * data.target_scale[k]) ** 2
        sums[2] += weight * error / values.shape[0]
        sums[3] += weight
