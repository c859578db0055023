"""Guessing a target as cheaply as can be: as the nearest row has it, by all columns or by one."""

from __future__ import annotations

import numpy as np

from whyfit.data.encode import features_of
from whyfit.evidence.dataset import Dataset
from whyfit.evidence.types import AnyArray, FloatArray, IntArray

CHUNK = 256
"""Rows whose distances to all others are held at once."""


def feature_values(data: Dataset, rows: IntArray, without: str | None = None) -> FloatArray:
    """(rows, features) standardised over these rows, 0 where missing; without the features of one column."""
    features = features_of(data)
    names = np.array([name.split("=", 1)[0].removesuffix(" is missing") for name in features.names])
    values = features.values[rows][:, names != without].astype(np.float64)
    known = ~np.isnan(values)
    count = np.maximum(known.sum(axis=0), 1)
    mean = np.where(known, values, 0.0).sum(axis=0) / count
    centred = np.where(known, values - mean, 0.0)
    deviation = np.sqrt((centred**2).sum(axis=0) / count)
    scaled: FloatArray = centred / np.where(deviation > 0, deviation, 1.0)
    return scaled


def nearest(values: FloatArray, labels: AnyArray | None = None, width: float = 0.0) -> IntArray:
    """Each row's nearest other row; with labels, the nearest whose label differs from its own by more than the width.

    Parameters
    ----------
    values
        (rows, features).
    labels
        (rows,) groups, or positions in time.

    Returns
    -------
    positions
        (rows,) positions, −1 where no other row is allowed.
    """
    values = values.astype(np.float32)
    squares = (values**2).sum(axis=1)
    positions = np.empty(len(values), dtype=np.int64)
    for start in range(0, len(values), CHUNK):
        rows = np.arange(start, min(start + CHUNK, len(values)))
        distance = squares[None, :] - 2 * values[rows] @ values.T
        distance[np.arange(rows.size), rows] = np.inf
        if labels is not None:
            distance[np.abs(labels[rows][:, None] - labels[None, :]) <= width] = np.inf
        found = distance.argmin(axis=1)
        positions[rows] = np.where(np.isinf(distance[np.arange(rows.size), found]), -1, found)
    return positions


def losses(data: Dataset, rows: IntArray, guessed: IntArray) -> FloatArray:
    """(rows,) loss of the guess that a row's target is that of another: 0-1 error, or the squared error's half.

    Half, as the difference of two targets has twice the variance of one. Targets of several columns are standardised.
    """
    if data.task == "classification":
        wrong: FloatArray = (data.target[rows] != data.target[guessed]).astype(np.float64)
        return wrong
    scale = np.where(data.target.std(axis=0) > 0, data.target.std(axis=0), 1.0)
    squares: FloatArray = (((data.target[rows] - data.target[guessed]) / scale) ** 2).mean(axis=1)
    return squares / 2


def constant_loss(data: Dataset) -> float:
    """The loss of the best constant: the share of all other classes; 1 for standardised numbers."""
    return 1 - float(np.bincount(data.target).max()) / data.rows if data.task == "classification" else 1.0


def loss_by_column(data: Dataset, column: AnyArray, rows: IntArray) -> float:
    """Mean loss of guessing that each row's target is that of the row nearest to it in one column.

    Rows with an equal value are the nearest, one of them at random; missing values are equal to each other. Classes are
    guessed by most of the rows of an equal value, where there are two others or more: one of them at random would err
    twice as often as a network that knows the column.
    """
    values = column[rows].astype(np.float64)
    values = np.where(np.isnan(values), np.nanmax(values) + 1, values)
    noise = np.random.default_rng(rows.size)
    order = np.lexsort((noise.random(rows.size), values))
    gaps = np.concatenate([[np.inf], np.diff(values[order]), [np.inf]])
    places = np.arange(rows.size)
    neighbours = order[places + np.where(gaps[1:] < gaps[:-1], 1, -1)]
    lost = np.empty(rows.size)
    lost[order] = losses(data, rows[order], rows[neighbours])
    if data.task == "classification":
        shared, wrong = _by_most(values, data.target[rows])
        lost[shared] = wrong
    return float(lost.mean())


def _by_most(values: FloatArray, target: IntArray) -> tuple[IntArray, FloatArray]:
    """Rows whose value at least two others have, and whether the commonest class of those others is another one."""
    _, place, sizes = np.unique(values, return_inverse=True, return_counts=True)
    shared = np.flatnonzero(sizes[place] > 2)  # itself and two others
    _, group = np.unique(place[shared], return_inverse=True)
    own, each = target[shared], np.arange(shared.size)
    counts = np.zeros((int(group.max(initial=-1)) + 1, int(target.max()) + 1))
    np.add.at(counts, (group, own), 1)
    others = counts[group]
    others[each, own] -= 1
    return shared, (others.argmax(axis=1) != own).astype(np.float64)
