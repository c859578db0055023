"""Splits by a splitter of the user's own: scikit-learn's, pairs of row numbers, or splits of three parts."""

from __future__ import annotations

import copy
import re
import warnings
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

import numpy as np

from whyfit.data.division import STOP_SHARE, By, Division, division_of, labels_of, random_state, with_stop
from whyfit.data.split_checks import refuse_number, refuse_share
from whyfit.errors import ArgumentError
from whyfit.evidence.dataset import Dataset
from whyfit.evidence.split import Split
from whyfit.evidence.types import AnyArray, IntArray

MOST_SPLITS = 1_000
"""More are refused before they are made: leaving out every pair of 1,000 rows would give half a million."""


LONGEST_WHY = 200
"""Characters of a splitter's own error that are shown."""

GROUPS_WANTED = re.compile(r"'groups' parameter|number of groups: 1\b")
"""How scikit-learn says that a splitter wants groups."""

PAIRS = "Give pairs (training rows, scored rows): whole numbers from 0, or one truth value a row."


def from_splitter(
    cv: Any, data: Dataset, seed: int = 0, *, repeat: int = 0, stop: float = STOP_SHARE
) -> tuple[Split, ...]:
    """Splits of any scikit-learn splitter, or of pairs (training rows, scored rows); stop is cut from training rows.

    A splitter that shuffles without a whole number as its `random_state` gets one from the seed, so a study can be
    repeated; one that has such a number keeps it in the first repeat, and is shuffled anew in the others. Splits of
    three parts, as `kfold` gives them, are taken as they are.

    Examples
    --------
    >>> from sklearn.model_selection import KFold
    >>> from whyfit.data.load import load
    >>> from_splitter(KFold(3), load())[0]
    Split(train=958, stop=240, score=599)
    """
    refuse_number("seed", seed, 0)
    refuse_share(stop)
    given = list(islice(_given(cv, data, repeat, random_state(seed, repeat, 4)), MOST_SPLITS + 1))
    if not 0 < len(given) <= MOST_SPLITS:
        count = "no split" if not given else f"more than {MOST_SPLITS} splits"
        raise ArgumentError(f"`cv` gave {count}.", advice="Check the splitter; 5 or 10 folds are usual.")
    if all(isinstance(one, Split) for one in given):
        return tuple(_of_these_rows(one, data) for one in given)
    pairs = [_checked_pair(one, data) for one in given]
    if all(rest.max() < score.min() for rest, score in pairs):
        return tuple(_latest_stop(rest, score, stop) for rest, score in pairs)
    division = division_of(data, parts=2, by="groups" if data.groups is not None else _plain(data))
    return tuple(
        with_stop(data, rest, score, stop, _possible(data, rest, division), random_state(seed, repeat, 5, number))
        for number, (rest, score) in enumerate(pairs)
    )


def _plain(data: Dataset) -> By:
    return "random" if data.task == "regression" else "stratified"


def _possible(data: Dataset, rest: IntArray, division: Division) -> Division:
    """Groups are kept whole unless the splitter left one group only to train on."""
    one = data.groups is not None and np.unique(data.groups[rest]).size < 2
    return division_of(data, parts=2, by=_plain(data)) if one else division


def _latest_stop(rest: IntArray, score: IntArray, stop: float) -> Split:
    size = max(1, round(stop * rest.size))
    return Split(rest[:-size], rest[-size:], score)


def is_splitter(cv: Any) -> bool:
    """Whether it divides rows when asked; text can be split too, but into words."""
    return hasattr(cv, "split") and not isinstance(cv, str | bytes)


def reshuffles(cv: Any) -> bool:
    """Whether a splitter can be shuffled anew: it has a random state, and no `shuffle` that is off.

    Examples
    --------
    >>> from sklearn.model_selection import GroupKFold, KFold, RepeatedKFold
    >>> [reshuffles(cv) for cv in (KFold(5), KFold(5, shuffle=True), RepeatedKFold(), GroupKFold(), [([0], [1])])]
    [False, True, True, False, False]
    """
    return is_splitter(cv) and hasattr(cv, "random_state") and bool(getattr(cv, "shuffle", True))


def _given(cv: Any, data: Dataset, repeat: int, state: int) -> Iterator[Any]:
    """What the splitter gives, one by one: some give more than can be counted."""
    if not is_splitter(cv):
        if not isinstance(cv, Iterable) or isinstance(cv, str | bytes | Mapping):
            raise ArgumentError(
                f"`cv` must be a scikit-learn splitter or pairs of row numbers, got {cv!r}.",
                advice="For k folds use `kfold(data, k)`, or give `checkup` their number.",
            )
        yield from cv
        return
    own = copy.copy(cv)
    if reshuffles(cv) and (repeat > 0 or not isinstance(cv.random_state, int | np.integer)):
        own.random_state = state
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "The groups parameter is ignored")  # whether they are whole is judged
            yield from own.split(np.zeros((data.rows, 1)), _labels(data), data.groups)
    except (ValueError, TypeError) as error:
        why = " ".join(str(error).split())  # scikit-learn may list every value of the target
        keyless = data.groups is None and GROUPS_WANTED.search(why) is not None
        raise ArgumentError(
            f"`cv` cannot divide this data: {why if len(why) <= LONGEST_WHY else why[:LONGEST_WHY] + '…'}",
            advice="Say which rows belong together with `groups`." if keyless else "Choose another splitter.",
        ) from error


def _labels(data: Dataset) -> AnyArray:
    return data.target[:, 0] if data.task == "regression" else labels_of(data)


def _of_these_rows(split: Split, data: Dataset) -> Split:
    last = max(int(part.max()) for part in (split.train, split.stop, split.score) if part.size)
    if last >= data.rows or not (split.train.size and split.score.size):
        raise ArgumentError(
            f"`cv` gave {split} with row {last}, but the data has {data.rows}.", advice="Was it made for other data?"
        )
    return split


def _checked_pair(given: Any, data: Dataset) -> tuple[IntArray, IntArray]:
    if not isinstance(given, tuple | list) or len(given) != 2:
        raise ArgumentError(
            f"`cv` must give pairs (training rows, scored rows), got {type(given).__name__}.",
            advice="Check the splitter.",
        )
    rest, score = _checked_rows("training", given[0], 2, data), _checked_rows("scored", given[1], 1, data)
    both = np.intersect1d(rest, score)
    if both.size:
        raise ArgumentError(
            f"`cv` puts {both.size} rows on both sides, such as row {int(both[0])} (counted from 0).",
            advice="A scored row must not train.",
        )
    return rest, score


def _checked_rows(name: str, given: Any, least: int, data: Dataset) -> IntArray:
    """One side of a pair: row numbers from 0, each once, or one truth value for every row."""
    try:
        rows = np.asarray(given)
    except (ValueError, TypeError) as error:
        raise ArgumentError(f"`cv` gave {name} rows that are no row numbers ({error}).", advice=PAIRS) from error
    if rows.dtype == bool and rows.ndim == 1:
        if rows.size != data.rows:
            raise ArgumentError(
                f"`cv` gave {rows.size} truth values for the {name} rows, but the data has {data.rows}.",
                advice="Give one truth value a row, or row numbers.",
            )
        rows = np.flatnonzero(rows)
    if rows.ndim != 1 or (rows.size and rows.dtype.kind not in "iu"):
        raise ArgumentError(f"`cv` gave {name} rows that are no row numbers: {rows.dtype}.", advice=PAIRS)
    if rows.size < least:
        raise ArgumentError(
            f"`cv` gave {rows.size} {name} rows; at least {least} are needed.", advice="Check the splitter."
        )
    for outside in (int(rows.min()), int(rows.max())):
        if not 0 <= outside < data.rows:
            raise ArgumentError(
                f"`cv` gave the row {outside}, but the data has the rows 0 to {data.rows - 1}.",
                advice="Was it made for other data?",
            )
    numbers, times = np.unique(rows, return_counts=True)
    if times.max() > 1:
        raise ArgumentError(
            f"`cv` names {int((times > 1).sum())} {name} rows several times, such as row {int(numbers[times > 1][0])}"
            " (counted from 0).",
            advice="Name each row once; to let rows count several times give `weights`. `whyfit.splits.bootstrap` draws"
            " with replacement.",
        )
    return numbers.astype(np.int64)
