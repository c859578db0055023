"""Divisions of the rows into three parts (train, stop, score), built on scikit-learn's splitters: `whyfit.splits`.

A network trains on `train`, stops and is chosen by `stop`, and is scored on `score`: rows that decided when to stop
would flatter it. Classes keep their proportions, groups stay whole, and time runs forward, where the data has them.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from whyfit.data.division import STOP_SHARE, By, cut_off, division_of, folds_of, random_state, with_stop
from whyfit.data.forward import forward_blocks, forward_holdout
from whyfit.data.load import load
from whyfit.data.own_splitter import from_splitter
from whyfit.data.resampled import bootstrap
from whyfit.data.split_checks import is_share, refuse_few, refuse_few_groups, refuse_folds, refuse_number, refuse_share
from whyfit.errors import ArgumentError
from whyfit.evidence.split import Split

__all__ = ["bootstrap", "from_splitter", "holdout", "kfold", "load", "repeat_splits", "repeated_kfold"]

FOLDS = 5
"""Default number of folds: 5 or 10 balance bias and variance of the estimate (Kohavi 1995)."""

HOLDOUT_SHARE = 0.15
"""Of all rows, for stopping and for scoring each."""


def holdout(
    data: Any, *, stop: float = HOLDOUT_SHARE, score: float = HOLDOUT_SHARE, seed: int = 0, by: By = "auto"
) -> Split:
    """Divide once: 70 % to train, 15 % to stop, 15 % to score.

    Parameters
    ----------
    data
        A dataset, or anything that `checkup` takes as its data.
    stop, score
        Shares of all rows.
    by
        What to respect: `stratified`, `groups`, `time`, `random`; `auto` takes what the data has.

    Examples
    --------
    >>> from whyfit.data.load import load
    >>> holdout(load())
    Split(train=1258, stop=269, score=270)
    """
    refuse_number("seed", seed, 0)
    if not (is_share(stop) and is_share(score) and stop + score < 1):
        raise ArgumentError(
            f"`stop` and `score` must be shares of the rows with a sum under 1, got {stop!r} and {score!r}.",
            advice="The rest is for training; 0.15 each is usual.",
        )
    data = load(data)
    refuse_few(data, 3)
    division = division_of(data, parts=3, by=by)
    if division.by == "time":
        return forward_holdout(data, stop, score)
    refuse_few_groups(data, division, 3)
    rest, scored = cut_off(data, np.arange(data.rows), score, division, random_state(seed, 0))
    train, stopping = cut_off(data, rest, stop / (1 - score), division, random_state(seed, 1))
    return Split(train, stopping, scored)


def kfold(
    data: Any, folds: int = FOLDS, *, stop: float = STOP_SHARE, seed: int = 0, by: By = "auto"
) -> tuple[Split, ...]:
    """Score every row once: each fold in turn, with the rest divided into train and stop.

    Forward in time, blocks are scored one after the other, and the first block only trains.

    Examples
    --------
    >>> from whyfit.data.load import load
    >>> kfold(load())[0]
    Split(train=1150, stop=287, score=360)
    """
    return repeat_splits(data, folds, 0, seed, stop=stop, by=by)


def repeated_kfold(
    data: Any, folds: int = FOLDS, repeats: int = 2, *, stop: float = STOP_SHARE, seed: int = 0, by: By = "auto"
) -> tuple[Split, ...]:
    """K-fold several times, each time with a new shuffle; the splits of the first repeat come first.

    Examples
    --------
    >>> from whyfit.data.load import load
    >>> len(repeated_kfold(load(), folds=5, repeats=3))
    15
    """
    refuse_number("repeats", repeats, 1)
    data = load(data)
    if repeats > 1 and division_of(data, parts=folds, by=by).by == "time":
        raise ArgumentError(
            "forward in time there is one division only, so repeats would all be equal.", advice="Use `kfold`."
        )
    return tuple(one for repeat in range(repeats) for one in repeat_splits(data, folds, repeat, seed, stop=stop, by=by))


def repeat_splits(
    data: Any, folds: int, repeat: int, seed: int, *, stop: float = STOP_SHARE, by: By = "auto"
) -> tuple[Split, ...]:
    """The folds of one repeat, with a shuffle of its own; forward in time all repeats are equal."""
    refuse_number("seed", seed, 0)
    data = load(data)
    refuse_folds(data, folds)
    refuse_share(stop)
    division = division_of(data, parts=folds, by=by)
    if division.by == "time":
        return forward_blocks(data, folds, stop)
    refuse_few_groups(data, division, max(3, folds))
    every = np.arange(data.rows)
    scored = folds_of(data, every, folds, division, random_state(seed, repeat, 0))
    return tuple(
        with_stop(data, np.delete(every, fold), fold, stop, division, random_state(seed, repeat, 1, number))
        for number, fold in enumerate(scored)
    )
