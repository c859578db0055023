"""Augmentation: the rows of a training batch changed as they pass, and mixed targets where rows are mixed.

Of a row mixed from a (share λ) and b, class weights w count as if both were there, λ and 1 − λ times: the row weighs
W = λ·w_a + (1 − λ)·w_b, and its target is (λ·w_a·y_a + (1 − λ)·w_b·y_b)/W. So each class counts as much as without
mixing; where all rows weigh alike it is the plain λ·y_a + (1 − λ)·y_b.
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
        weights[: rows.size] = 1.0
        for k in range(wanted.shape[0]):
            for r in range(rows.size):
                own, other = data.targets[rows[r], k], data.targets[rows[changes.partner[r]], k]
                mixed = changes.share[r] * own + (1.0 - changes.share[r]) * other
                wanted[k, r] = number((mixed - data.target_shift[k]) / data.target_scale[k])
        return
    wanted[:, :] = number(smoothing / wanted.shape[0])
    for r in range(rows.size):
        own, other = data.codes[rows[r]], data.codes[rows[changes.partner[r]]]
        one = changes.share[r] * data.class_weights[own]
        two = (1.0 - changes.share[r]) * data.class_weights[other]
        weights[r] = one + two
        wanted[own, r] += number((1.0 - smoothing) * one / weights[r])
        wanted[other, r] += number((1.0 - smoothing) * two / weights[r])


@inside
def weigh_mixed(weights: FloatArray, delta: AnyArray, losses: AnyArray, sums: FloatArray) -> None:
    """As `whyfit.training.kernel.score.weigh`, by the weights of mixed rows."""
    number, rows = delta.dtype.type, delta.shape[1]
    total, weight = 0.0, 0.0
    for r in range(rows):
        total += weights[r] * losses[r]
        weight += weights[r]
    for k in range(delta.shape[0]):
        for r in range(rows):
            delta[k, r] *= number(weights[r] / weight)
    sums[0] += total
    sums[1] += weight


@inside
def mixed_errors(data: Rows, values: AnyArray, wanted: AnyArray) -> float:
    """Sum of squared errors against mixed targets, in the target's own units."""
    total: float = 0.0
    for k in range(values.shape[0]):
        for r in range(values.shape[1]):
            total += ((values[k, r] - wanted[k, r]) * data.target_scale[k]) ** 2
    return total / float(values.shape[0])
