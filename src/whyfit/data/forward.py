"""Divisions forward in time: what is scored lies after what was trained on, and equal times stay together."""

from __future__ import annotations

import numpy as np

from whyfit.errors import ArgumentError
from whyfit.evidence.dataset import Dataset
from whyfit.evidence.split import Split
from whyfit.evidence.types import AnyArray, IntArray


def forward_blocks(data: Dataset, folds: int, stop: float) -> tuple[Split, ...]:
    """Score block after block; train on everything before it, and stop on the latest part of that.

    The blocks are those of scikit-learn's `TimeSeriesSplit`, with every border moved to where the time changes.
    """
    from sklearn.model_selection import TimeSeriesSplit  # noqa: PLC0415

    order, times = _ordered(data)
    pairs = TimeSeriesSplit(n_splits=folds).split(times)
    return tuple(_split(data, order, times, (int(test[0]), int(test[-1]) + 1), stop) for _, test in pairs)


def forward_holdout(data: Dataset, stop: float, score: float) -> Split:
    """Score the latest rows, stop on those before, train on the rest; `stop` is a share of all rows."""
    order, times = _ordered(data)
    first = data.rows - max(1, round(score * data.rows))
    return _split(data, order, times, (first, data.rows), stop / (1 - score))


def _ordered(data: Dataset) -> tuple[IntArray, AnyArray]:
    assert data.time is not None
    order = np.argsort(data.time, kind="stable")
    return order, data.time[order]


def _split(data: Dataset, order: IntArray, times: AnyArray, block: tuple[int, int], stop: float) -> Split:
    begin, end = _border(times, block[0]), _border(times, block[1])
    middle = _border(times, begin - max(1, round(stop * begin)))
    if not 0 < middle < begin < end:
        raise ArgumentError(
            f"too many rows have the same time to cut {data.rows} rows into that many blocks.",
            advice="Use fewer folds, `holdout`, or a finer time column.",
        )
    train, stopping, scored = order[:middle], order[middle:begin], order[begin:end]
    return _apart(data, train, stopping, scored)


def _border(times: AnyArray, at: int) -> int:
    """The first row with the time of row `at`, so that equal times are on one side."""
    return times.size if at >= times.size else int(np.searchsorted(times, times[at], side="left"))


def _apart(data: Dataset, train: IntArray, stop: IntArray, score: IntArray) -> Split:
    """Leave out of the earlier parts what has a group in a later one, where the data has groups too."""
    if data.groups is not None:
        stop = stop[~np.isin(data.groups[stop], data.groups[score])]
        later = data.groups[np.concatenate([stop, score])]
        train = train[~np.isin(data.groups[train], later)]
    if not (train.size and stop.size):
        raise ArgumentError(
            "every earlier row has a group that comes back later, so no division respects both time and groups.",
            advice="Load the data with `groups` or with `time`, whichever the network will meet anew.",
        )
    return Split(train, stop, score)
