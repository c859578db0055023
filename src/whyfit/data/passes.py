"""How a study divides by a splitter of the user's own: in passes that score every row once, where it can be asked anew.

Row and refit rests on repeats with a shuffle of their own. Five ways are told apart, and each has its own interval:

    shuffled   every pass scores every row once, and each repeat is shuffled anew      row and refit, remedies
    passes     several such passes, given once and for all                             the same, so many repeats
    fixed      one such pass: unshuffled folds, groups left out one by one             Nadeau and Bengio over folds
    loose      splits that score a row several times or never, as `ShuffleSplit`       Nadeau and Bengio over splits
    forward    every split trains on rows before those that it scores                  blocks forward in time
    holdout    one split                                                               of the networks in hand
    torn       folds that have rows of one group on both sides                         Nadeau and Bengio over folds
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Literal, TypeAlias

import numpy as np

from whyfit.data.own_splitter import from_splitter, is_splitter, reshuffles
from whyfit.errors import ArgumentError
from whyfit.evidence.dataset import Dataset
from whyfit.evidence.split import Split

Mode: TypeAlias = Literal["shuffled", "passes", "fixed", "loose", "forward", "holdout", "torn"]

MOST_FOLDS = 100
"""A study trains at least two networks a fold; leaving out row by row would train thousands. Chosen."""

LONGEST_NAME = 80
"""Characters of a splitter's own words that a report shows."""


@dataclass(frozen=True, slots=True)
class OwnDivision:
    """A splitter of the user's own as a study uses it.

    Attributes
    ----------
    name
        What the splitter calls itself.
    mode
        See the module.
    splits_of
        The splits of one repeat.
    folds
        Splits of one repeat.
    most_repeats
        Repeats that differ; None where each is shuffled anew.
    """

    name: str
    mode: Mode
    splits_of: Callable[[int], tuple[Split, ...]]
    folds: int
    most_repeats: int | None = None

    @property
    def once(self) -> bool:
        """Whether there is one division only: repeats then bring other seeds alone, and no remedy is measured."""
        return self.mode not in ("shuffled", "passes")


def own_division(cv: Any, data: Dataset, seed: int) -> tuple[Dataset, OwnDivision]:
    """Divide by a splitter; the data comes back with an order in time where the splitter runs forward.

    Raises
    ------
    ArgumentError
        Where it gives no splits of this data, or so many that a study has no end.

    Examples
    --------
    >>> from sklearn.model_selection import KFold, ShuffleSplit
    >>> from whyfit.data.load import load
    >>> [own_division(cv, load(), 0)[1].mode for cv in (KFold(3, shuffle=True), KFold(3), ShuffleSplit(3))]
    ['shuffled', 'fixed', 'loose']
    """
    cv = cv if is_splitter(cv) else _kept(cv)

    @cache
    def drawn(repeat: int) -> tuple[Split, ...]:
        return from_splitter(cv, data, seed, repeat=repeat)

    first = drawn(0)
    name = _name(cv, len(first))
    if len(first) == 1:
        return data, OwnDivision(name, "holdout", lambda _: first, 1)
    if all(max(split.train.max(), split.stop.max(initial=-1)) < split.score.min() for split in first):
        ordered = replace(data, time=np.arange(data.rows, dtype=np.float64), groups=None)
        return ordered, OwnDivision(name, "forward", lambda _: first, _checked(len(first), name))
    if _tears_groups(first, data):
        return data, OwnDivision(name, "torn", lambda _: first, _checked(len(first), name))
    passes = passes_of(first, data.rows)
    if passes is None:
        return data, OwnDivision(name, "loose", lambda _: first, _checked(len(first), name))
    folds = _checked(len(passes[0]), name)
    if reshuffles(cv) and [one.digest for one in drawn(1)] != [one.digest for one in first]:
        return data, OwnDivision(name, "shuffled", _each_anew(drawn, data.rows, len(passes)), folds)
    mode: Mode = "passes" if len(passes) > 1 else "fixed"
    return data, OwnDivision(name, mode, lambda repeat: passes[repeat % len(passes)], folds, len(passes))


def passes_of(splits: Sequence[Split], rows: int) -> tuple[tuple[Split, ...], ...] | None:
    """Splits in passes that score every row once, each of as many splits; None where they do not come so.

    Examples
    --------
    >>> from whyfit.data.load import load
    >>> from whyfit.data.splits import repeated_kfold
    >>> splits = repeated_kfold(load(), folds=5, repeats=2)
    >>> [len(one) for one in passes_of(splits, 1797)], passes_of(splits[1:], 1797)
    ([5, 5], None)
    """
    passes: list[tuple[Split, ...]] = []
    present: list[Split] = []
    times = np.zeros(rows, dtype=np.int64)
    for split in splits:
        times[split.score] += 1
        present.append(split)
        if times.max() > 1:
            return None
        if times.min() == 1:
            passes.append(tuple(present))
            present, times = [], np.zeros(rows, dtype=np.int64)
    whole = passes and not present and len({len(one) for one in passes}) == 1
    return tuple(passes) if whole else None


def _each_anew(drawn: Callable[[int], tuple[Split, ...]], rows: int, passes: int) -> Callable[[int], tuple[Split, ...]]:
    """Repeat after repeat out of draws of several passes each."""

    def splits_of(repeat: int) -> tuple[Split, ...]:
        draw, number = divmod(repeat, passes)
        found = passes_of(drawn(draw), rows)
        if found is None or len(found) != passes:
            raise ArgumentError(
                "`cv` divides otherwise when it is shuffled anew.",
                advice="Give a splitter with as many folds each time.",
            )
        return found[number]

    return splits_of


def _tears_groups(splits: Sequence[Split], data: Dataset) -> bool:
    """Whether a declared group has rows on both sides of some split: no interval by groups can be given then."""
    groups = data.groups
    return groups is not None and any(np.isin(groups[one.score], groups[one.train]).any() for one in splits)


def _kept(cv: Any) -> Any:
    """Pairs as a list: a generator would be empty when it is asked again."""
    return cv if isinstance(cv, str | bytes | dict) or not hasattr(cv, "__iter__") else list(cv)


def _checked(folds: int, name: str) -> int:
    if folds > MOST_FOLDS:
        raise ArgumentError(
            f"`cv` gives {folds} folds ({name}); a study trains two networks or more in each, so {MOST_FOLDS} is the"
            " most.",
            advice="Use fewer folds: 5 or 10 are usual.",
        )
    return folds


def _name(cv: Any, splits: int) -> str:
    """The splitter in its own words, else how many splits there are."""
    words = " ".join(repr(cv).split()) if is_splitter(cv) else f"{splits} splits"
    return words if len(words) <= LONGEST_NAME else words[: LONGEST_NAME - 1] + "…"
