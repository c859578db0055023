"""Splits by a splitter of the user's own: scikit-learn's, or pairs of row numbers."""

from __future__ import annotations

import copy
import warnings
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from whyfit.data.division import STOP_SHARE, By, Division, division_of, random_state, with_stop
from whyfit.data.split_checks import refuse_number, refuse_share
from whyfit.errors import ArgumentError
from whyfit.evidence.dataset import Dataset
from whyfit.evidence.split import Split
from whyfit.evidence.types import AnyArray, IntArray


def from_splitter(
    cv: Any, data: Dataset, seed: int = 0, *, repeat: int = 0, stop: float = STOP_SHARE
) -> tuple[Split, ...]:
    """Splits of any scikit-learn splitter, or of pairs (training rows, scored rows); stop is cut from training rows.

    A splitter that shuffles without a `random_state` of its own gets one from the seed, so a study can be repeated.

    Examples
    --------
    >>> from sklearn.model_selection import KFold
    >>> from whyfit.data.load import load
    >>> from_splitter(KFold(3), load())[0]
    Split(train=958, stop=240, score=599)
    """
    refuse_number("seed", seed, 0)
    refuse_share(stop)
    pairs = [_checked_pair(rest, score, data) for rest, score in _pairs(cv, data, random_state(seed, repeat, 4))]
    if not pairs:
        raise ArgumentError("`cv` gave no split.", advice="Check the splitter.")
    if all(rest.max() < score.min() for rest, score in pairs):
        return tuple(_latest_stop(rest, score, stop) for rest, score in pairs)
    division = division_of(data, parts=2, by="groups" if data.groups is not None else _plain(data))
    return tuple(
        with_stop(data, rest, score, stop, _possible(data, rest, division), random_state(seed, repeat, 5, number))
        for number, (rest, score) in enumerate(pairs)
    )


def _plain(data: Dataset) -> By:
    return "stratified" if data.task == "classification" else "random"


def _possible(data: Dataset, rest: IntArray, division: Division) -> Division:
    """Groups are kept whole unless the splitter left one group only to train on."""
    one = data.groups is not None and np.unique(data.groups[rest]).size < 2
    return division_of(data, parts=2, by=_plain(data)) if one else division


def _latest_stop(rest: IntArray, score: IntArray, stop: float) -> Split:
    size = max(1, round(stop * rest.size))
    return Split(rest[:-size], rest[-size:], score)


def _pairs(cv: Any, data: Dataset, state: int) -> Iterator[tuple[Any, Any]]:
    if hasattr(cv, "split"):
        own = copy.copy(cv)
        if getattr(own, "random_state", 0) is None and getattr(own, "shuffle", True):
            own.random_state = state
        try:
            with warnings.catch_warnings():
                warnings.filterwarnings("ignore", "The groups parameter is ignored")  # whether they are whole is judged
                pairs = list(own.split(np.zeros((data.rows, 1)), _labels(data), data.groups))
        except ValueError as error:
            raise ArgumentError(f"`cv` cannot divide this data: {error}", advice="Choose another splitter.") from error
        yield from pairs
        return
    if not isinstance(cv, Iterable):
        raise ArgumentError(
            f"`cv` must be a scikit-learn splitter or pairs of row numbers, got {type(cv).__name__}.",
            advice="For k folds use `kfold(data, k)`.",
        )
    yield from cv


def _labels(data: Dataset) -> AnyArray:
    return data.target if data.task == "classification" else data.target[:, 0]


def _checked_pair(rest: Any, score: Any, data: Dataset) -> tuple[IntArray, IntArray]:
    parts = []
    for name, part in (("training", rest), ("scored", score)):
        rows = np.asarray(part)
        rows = np.flatnonzero(rows) if rows.dtype == bool else rows
        if rows.ndim != 1 or rows.dtype.kind not in "iu" or rows.size < (2 if name == "training" else 1):
            raise ArgumentError(
                f"`cv` gave {name} rows that are no row numbers, or too few.", advice="Check the splitter."
            )
        if rows.min() < 0 or rows.max() >= data.rows:
            raise ArgumentError(
                f"`cv` gave the row {int(rows.max())}, but the data has {data.rows}.",
                advice="Was it made for other data?",
            )
        parts.append(np.unique(rows).astype(np.int64))
    both = np.intersect1d(parts[0], parts[1])
    if both.size:
        raise ArgumentError(
            f"`cv` puts {both.size} rows on both sides, such as row {int(both[0])}.",
            advice="A scored row must not train.",
        )
    return parts[0], parts[1]
