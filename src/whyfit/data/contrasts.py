"""Leaks to be measured by networks: the same rows scored as the leak has it, and as is sound.

Each contrast is two ways of dividing the same rows, and of what a network sees of them; who trains is `study.contrast`.
The rows are at most a few thousand, so that the cost has a bound whatever the size of the data.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal, NamedTuple, TypeAlias

import numpy as np

from whyfit.data.division import STOP_SHARE, random_state
from whyfit.data.forward import forward_blocks
from whyfit.data.prepared import SELECT_FROM, Preparing, imputed, prepared, scaled, selected
from whyfit.data.roles import with_groups, with_time, without_column
from whyfit.data.splits import FOLDS, repeat_splits
from whyfit.data.subset import rows_of
from whyfit.data.together import Together
from whyfit.errors import ArgumentError
from whyfit.evidence.dataset import Dataset
from whyfit.evidence.leaks import SuspectFacts, TimeSuspect
from whyfit.evidence.split import Split
from whyfit.evidence.types import IntArray

Kind: TypeAlias = Literal["copies", "groups", "time", "disguised", "numbering", "scaling", "imputing", "selection"]

Paired: TypeAlias = Literal["fits", "blocks", "rows"]
"""What the two ways share beside their rows: every split; every block forward in time; the rows alone."""

MOST_ROWS, MOST_VALUES = 4_000, 2_000_000
"""Rows of a contrast, and rows times columns: 8 MB for one way of seeing the data. Chosen: 20 networks of the default
recipe take 3 s of one core at 4,000 rows of 64 columns."""

LEAST_ROWS = 50
"""Rows below which nothing is told by five folds of them. Chosen."""

REPEATS = 2
"""The fewest that tell split noise from row noise (`refit`): ten fits each way."""

SAMPLE_SEED = 20_005


class Fit(NamedTuple):
    """What one network is to be trained on."""

    data: Dataset
    split: Split


Way: TypeAlias = tuple[tuple[Fit, ...], ...]
"""(repeats, folds)."""


@dataclass(frozen=True, eq=False)
class Contrast:
    """Two ways to train and score networks on the same rows.

    Attributes
    ----------
    kind, columns
        What it is about.
    make
        Makes the way with the leak and the way without it.
    paired
        See there.
    groups
        (rows,) what belongs together among the rows; None where every row stands for itself.
    """

    kind: Kind
    columns: tuple[str, ...]
    make: Callable[[], tuple[Way, Way]]
    paired: Paired = "fits"
    groups: IntArray | None = None

    @cached_property
    def ways(self) -> tuple[Way, Way]:
        """With the leak, and without it; made once."""
        return self.make()


def leak_contrasts(
    loaded: Dataset, data: Dataset, suspects: SuspectFacts, together: Together | None, seed: int
) -> tuple[Contrast, ...]:
    """One for each kind of leak that was found.

    Parameters
    ----------
    loaded
        The data as the user gave it.
    data
        As it is divided and trained on.
    """
    found: list[Contrast] = []
    if together is not None and together.kinds:
        found.append(_copies(together.before, data, seed))
    if suspects.groups:
        found.append(_groups(loaded, suspects.groups[0].column, seed))
    orders = [one for one in suspects.time if one.sorted_by is None]
    if loaded.time is not None or orders:
        found.append(_time(loaded, data, orders, seed))
    numbering = [one.column for one in suspects.numbering if one.column not in suspects.used]
    known = {*numbering, *suspects.used}
    disguised = [one.column for one in suspects.disguised if one.column not in known]
    for kind, names in (("disguised", disguised), ("numbering", numbering)):
        found.extend(_columns(kind, loaded, data, names, seed))  # type: ignore[arg-type]  # both are kinds
    return tuple(found)


def preparing_contrasts(data: Dataset, seed: int) -> tuple[Contrast, ...]:
    """What is fitted before the split by hand: scaling; imputing where values are missing; choosing among many columns.

    None for pictures, which share one scale, and for tables too small to be divided so.
    """
    if data.shape is not None or data.rows < LEAST_ROWS:
        return ()
    ways: list[tuple[Kind, Preparing]] = [("scaling", scaled)]
    if np.isnan(data.numeric).any():
        ways.append(("imputing", imputed))
    if len(data.columns) >= SELECT_FROM:
        ways.append(("selection", selected))
    small = rows_of(data, _some(data))
    return tuple(_preparing(kind, preparing, small, seed) for kind, preparing in ways)


def _copies(before: Dataset, data: Dataset, seed: int) -> Contrast:
    rows = _some(data)
    loose, kept = rows_of(before, rows), rows_of(data, rows)
    paired: Paired = "blocks" if data.time is not None else "rows"
    if paired == "blocks":  # both run forward; what is left out are the rows that come again
        return Contrast("copies", (), lambda: (_forward(loose), _forward(kept)), paired)
    return Contrast(
        "copies", (), lambda: (_divided(kept, loose, seed), _divided(kept, kept, seed)), paired, kept.groups
    )


def _groups(loaded: Dataset, column: str, seed: int) -> Contrast:
    whole = with_groups(loaded, column)
    kept = rows_of(whole, _some(whole))
    torn = replace(kept, groups=None)
    make = lambda: (_divided(kept, torn, seed), _divided(kept, kept, seed))  # noqa: E731  # see above
    return Contrast("groups", (column,), make, "rows", kept.groups)


def _time(loaded: Dataset, data: Dataset, orders: Sequence[TimeSuspect], seed: int) -> Contrast:
    """At random as a user would divide, with all columns; forward in time without that of the time."""
    column = orders[0].column if orders else None
    if loaded.time is not None:
        ordered = data
    else:
        ordered = replace(loaded, time=np.arange(loaded.rows, dtype=np.float64))
        ordered = ordered if column is None else with_time(loaded, column)
    rows = _some(ordered)
    forward, every = rows_of(ordered, rows), rows_of(data if loaded.time is not None else loaded, rows)
    return Contrast(
        "time",
        () if column is None else (column,),
        lambda: (_at_random(forward, replace(every, time=None), seed), _forward(forward)),
        "blocks",
    )


def _columns(kind: Kind, loaded: Dataset, data: Dataset, names: Sequence[str], seed: int) -> Iterator[Contrast]:
    """All of them in, and all of them out: where two tell the target, leaving out one changes nothing."""
    names = [name for name in names if any(column.name == name for column in loaded.columns)]
    if not names or len(names) == len(loaded.columns):
        return
    rows = _some(data)
    inside, outside = replace(loaded, groups=data.groups, time=data.time), data
    for column in data.columns:
        if column.name in names:
            outside = without_column(outside, column.name)
    for column in loaded.columns:
        kept = any(one.name == column.name for one in outside.columns)
        if not kept and column.name not in names:
            inside = without_column(inside, column.name)
    told, silent = rows_of(inside, rows), rows_of(outside, rows)
    if data.time is not None:
        yield Contrast(kind, tuple(names), lambda: (_forward(silent, told), _forward(silent)), "blocks")
        return
    make = lambda: (_divided(told, silent, seed), _divided(silent, silent, seed))  # noqa: E731  # see above
    yield Contrast(kind, tuple(names), make, "fits", silent.groups)


def _preparing(kind: Kind, preparing: Preparing, data: Dataset, seed: int) -> Contrast:
    def make() -> tuple[Way, Way]:
        plain = _forward(data) if data.time is not None else _divided(data, data, seed)
        every = prepared(data, preparing, np.arange(data.rows))
        outside = tuple(tuple(Fit(every, fit.split) for fit in repeat) for repeat in plain)
        inside = tuple(
            tuple(Fit(prepared(data, preparing, fit.split.train), fit.split) for fit in repeat) for repeat in plain
        )
        return outside, inside

    return Contrast(kind, (), make, "fits" if data.time is None else "blocks", data.groups)


def _some(data: Dataset) -> IntArray:
    """Rows that a contrast takes: the latest in time, whole groups, or any, as many as there may be."""
    most = min(MOST_ROWS, max(FOLDS * 10, MOST_VALUES // max(1, len(data.columns))))
    if data.rows <= most:
        return np.arange(data.rows)
    if data.time is not None:
        return np.sort(np.argsort(data.time, kind="stable")[-most:])
    noise = np.random.default_rng(SAMPLE_SEED)
    if data.groups is None:
        return np.sort(noise.permutation(data.rows)[:most])
    order = noise.permutation(int(data.groups.max()) + 1)
    total = np.cumsum(np.bincount(data.groups, minlength=order.size)[order])
    return np.flatnonzero(np.isin(data.groups, order[: max(FOLDS, int((total <= most).sum()))]))


def _divided(seen: Dataset, divided: Dataset, seed: int) -> Way:
    """Networks see the one and are divided by the other; both have the same rows."""
    return tuple(
        tuple(Fit(seen, split) for split in repeat_splits(divided, FOLDS, repeat, seed)) for repeat in range(REPEATS)
    )


def _forward(divided: Dataset, seen: Dataset | None = None) -> Way:
    """Forward in time; repeats differ in their seeds alone."""
    data = seen or divided
    blocks = tuple(Fit(data, split) for split in forward_blocks(divided, FOLDS, STOP_SHARE))
    return (blocks,) * REPEATS


def _at_random(forward: Dataset, seen: Dataset, seed: int) -> Way:
    """The same scored rows and as many training rows as forward in time, but drawn from before and after them."""
    blocks = forward_blocks(forward, FOLDS, STOP_SHARE)
    return tuple(
        tuple(Fit(seen, _drawn(split, seen, random_state(seed, repeat, 2, fold))) for fold, split in enumerate(blocks))
        for repeat in range(REPEATS)
    )


def _drawn(split: Split, data: Dataset, state: int) -> Split:
    others = np.setdiff1d(np.arange(data.rows), split.score)
    if data.groups is not None:
        others = others[~np.isin(data.groups[others], data.groups[split.score])]
    if others.size < 2:
        raise ArgumentError("every other row has a group of the scored ones.", advice="Leave the groups out.")
    order = np.random.default_rng(state).permutation(others)
    train = min(split.train.size, others.size - 1)
    return Split(order[:train], order[train : train + split.stop.size], split.score)
