"""Groups, times and columns that were not declared, and by which a score may be better than the network.

Groups and time: the guess "as the nearest row has it" is made twice, with every other row, and with those of another
group or another time only. If it is much worse then, rows of one group answer for each other, and a random split scores
memory. What is told apart: values that only happen to repeat (a city, an age) do not make rows each other's nearest
neighbours. Blind to groups that no other column shows.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from whyfit.data.guesses import constant_loss, feature_values, loss_by_column, losses, nearest
from whyfit.data.order import order_facts
from whyfit.data.sorted_rows import shuffled_within, sorted_by
from whyfit.data.subset import rows_of
from whyfit.evidence.dataset import Dataset
from whyfit.evidence.leaks import ColumnSuspect, GroupSuspect, SuspectFacts, TimeSuspect
from whyfit.evidence.types import AnyArray, IntArray

MOST_ROWS = 3_000
"""Rows whose neighbours are looked for: 9 million distances, some tenths of a second a column."""

MOST_BY_COLUMN = 10 * MOST_ROWS
"""Rows whose target is guessed by one column alone, which costs a sort."""

LEAST_ROWS, LEAST_GROUPS = 100, 10
"""Fewer tell nothing. Chosen."""

GROUP_SIZE = (1.5, 0.2)
"""Rows a group on average at least, and the share of rows that the largest may hold at most. Chosen."""

WITHIN = 0.3
"""Share of rows with their nearest neighbour in their own group, from which a column is suspected. Chosen."""

WINDOW = 0.02
"""Share of the rows that is forbidden before and after a row in time. Chosen."""

SUSPECT_P = 0.0005
"""Of the purse of 0.002 for all rules of question 1 beside copies and likeness: a quarter for groups, divided by the
columns that are tried, and a quarter for time."""

WAYS_IN_TIME = 2
"""By all columns, and by time alone; the purse is divided between them."""

LEAST_RISE, LEAST_DOUBLED = 0.1, 0.01
"""Least rise of the guess's loss, as a share of the loss of the best constant; the second where the loss doubles at
least. Chosen."""

NEARLY_PERFECT = {"classification": 0.01, "regression": 0.003, "multilabel": 0.01}
"""Share of the best constant's loss up to which a column alone is suspected of being the target; and one row more for
each border between two classes, where neighbours differ. Chosen: the best single columns of iris, wine and breast
cancer leave an error of 6 to 29 %."""

ROUNDED = 1e-10
"""Share of its variance by which a straight line of the target may be off it: columns are stored in float32, whose
rounding leaves 1e-14 of a column with its zero near its values, more where it is far. Chosen."""

HALF = 0.5
"""Share of the rows whose next row is of the same group, above which the order of rows is that of the groups. In any
order that has nothing to do with groups it is about the share of the largest one."""

EXPLAINED = 0.5
"""Share of the rise that an order which only keeps the rows sorted must bring, to explain what their own brings.
Chosen: of 200 healthy tables that are sorted, one warns; columns that drift are found in 20 of 20
(docs/evidence, `leaks`)."""

MOST_CANDIDATES = 12
SAMPLE_SEED = 20_003


def suspect_facts(data: Dataset) -> SuspectFacts:
    """Look for all of them; empty for images, whose pixels are none of them, and for small tables."""
    if data.rows < LEAST_ROWS or data.shape is not None:
        return SuspectFacts()
    numbering, disguised = _columns(data)
    return SuspectFacts(
        groups=() if data.groups is not None else tuple(_groups(data)),
        time=() if data.time is not None else tuple(_times(data)),
        disguised=disguised,
        numbering=numbering,
        rows_compared=min(MOST_ROWS, data.rows),
        rows_by_column=min(MOST_BY_COLUMN, data.rows),
    )


def group_candidates(data: Dataset) -> list[tuple[str, IntArray]]:
    """(name, codes) of columns whose values repeat as those of groups do, the ones with most groups first."""
    found = dict(data.keys)
    numeric, codes = iter(data.numeric.T), iter(data.codes.T)
    for column in data.columns:
        values = next(numeric) if column.kind == "numeric" else next(codes)
        if column.name not in found and not column.moment and _whole(values):
            found[column.name] = np.unique(values, return_inverse=True)[1]
    fitting = [(name, codes) for name, codes in found.items() if _could_be_groups(codes)]
    return sorted(fitting, key=lambda one: -int(one[1].max()))[:MOST_CANDIDATES]


def _whole(values: AnyArray) -> bool:
    return bool(np.isfinite(values).all() and (values == np.round(values)).all())


def _could_be_groups(codes: IntArray) -> bool:
    sizes = np.bincount(codes)
    sizes = sizes[sizes > 0]
    smallest, largest = GROUP_SIZE
    return bool(sizes.size >= LEAST_GROUPS and sizes.mean() >= smallest and sizes.max() <= largest * codes.size)


def _groups(data: Dataset) -> Iterator[GroupSuspect]:
    candidates = group_candidates(data)
    for name, codes in candidates:
        rows = _whole_groups(codes)
        values = feature_values(data, rows, without=name)
        if values.shape[1] == 0:
            continue
        free = nearest(values)
        within = float((codes[rows] == codes[rows[free]]).mean())
        if within < WITHIN:
            continue
        shares = np.bincount(codes[rows]) / rows.size
        apart = nearest(values, codes[rows])
        p, with_all, without = _rise(data, rows, free, apart, codes[rows])
        if p <= SUSPECT_P / len(candidates) and _matters(data, with_all, without):
            chance = float((shares**2).sum())
            yield GroupSuspect(name, np.unique(codes).size, within, chance, with_all, without, p)


def _whole_groups(codes: IntArray) -> IntArray:
    """Rows of randomly chosen whole groups, as many as can be compared."""
    order = np.random.default_rng(SAMPLE_SEED).permutation(int(codes.max()) + 1)
    total = np.cumsum(np.bincount(codes, minlength=order.size)[order])
    return np.flatnonzero(np.isin(codes, order[: max(2, int((total <= MOST_ROWS).sum()))]))


def _times(data: Dataset) -> Iterator[TimeSuspect]:
    moments = [
        (column.name, values)
        for column, values in zip([c for c in data.columns if c.kind == "numeric"], data.numeric.T, strict=True)
        if np.isfinite(values).all() and (column.moment or _counts_up(values))
    ]
    for name, values in moments:
        place = np.argsort(np.argsort(values, kind="stable"), kind="stable").astype(np.int64)
        yield from _time(data, place, name)
    if not moments and not _stands_by_groups(data):
        yield from (_with_sorting(data, found) for found in _time(data, np.arange(data.rows), None))


def _with_sorting(data: Dataset, found: TimeSuspect) -> TimeSuspect:
    """Say by which column the rows stand sorted, where another order that is sorted so does what theirs does."""
    tail = np.arange(data.rows)[-MOST_ROWS:]
    names, block = sorted_by(rows_of(data, tail))
    if not names:
        return found
    place = np.arange(data.rows)
    place[tail] = tail[shuffled_within(block, np.random.default_rng(SAMPLE_SEED))]
    rise = max((one.error_without - one.error_with for one in _time(data, place, None)), default=0.0)
    explained = rise >= EXPLAINED * (found.error_without - found.error_with)
    return replace(found, sorted_by=names[0]) if explained else found


def _stands_by_groups(data: Dataset) -> bool:
    """Whether rows of a declared group follow each other: neighbours are then alike by their group, not by any time."""
    return data.groups is not None and bool((data.groups[1:] == data.groups[:-1]).mean() > HALF)


def _time(data: Dataset, place: IntArray, name: str | None) -> Iterator[TimeSuspect]:
    """A run of rows that follow each other in time, the latest; thinning would take the neighbours away.

    Nearest by all columns, then by time alone: a target that drifts while most columns are noise shows only in the
    second, as the row before tells the next (its autocorrelation), and a network finds it through the time itself.
    """
    rows = np.flatnonzero(place >= data.rows - MOST_ROWS)
    width = WINDOW * rows.size
    blocks = (place[rows] - place[rows].min()) // max(1, round(2 * width))
    by_time = (place[rows] - place[rows].min())[:, None].astype(np.float64)
    for alone, values in ((False, feature_values(data, rows)), (True, by_time)):
        free, apart = nearest(values), nearest(values, place[rows], width)
        p, with_all, without = _rise(data, rows, free, apart, blocks)
        if p <= SUSPECT_P / WAYS_IN_TIME and _matters(data, with_all, without):
            order = order_facts(replace(data, time=place.astype(np.float64)))
            yield TimeSuspect(name, WINDOW, with_all, without, p, alone, order)
            return


def _rise(
    data: Dataset, rows: IntArray, free: IntArray, apart: IntArray, blocks: IntArray
) -> tuple[float, float, float]:
    """By Wilcoxon's signed ranks over blocks, the p of the rise of the loss; then the loss both ways.

    Rows that may be compared with none are left out.
    """
    from scipy.stats import wilcoxon  # noqa: PLC0415  # heavy

    there = apart >= 0
    if not there.any():
        return 1.0, 0.0, 0.0
    with_all = losses(data, rows[there], rows[free[there]])
    without = losses(data, rows[there], rows[apart[there]])
    sums = np.bincount(blocks[there], weights=without - with_all)
    sums = sums[np.abs(sums) > 0]
    p = float(wilcoxon(sums, alternative="greater").pvalue) if sums.size > 1 else 1.0
    return p, float(with_all.mean()), float(without.mean())


def _matters(data: Dataset, with_all: float, without: float) -> bool:
    least = LEAST_DOUBLED if without >= 2 * with_all else LEAST_RISE
    return without - with_all >= least * constant_loss(data)


def _columns(data: Dataset) -> tuple[tuple[ColumnSuspect, ...], tuple[ColumnSuspect, ...]]:
    """Columns that number the rows, and columns that are the target in disguise."""
    rows = np.arange(data.rows)
    if data.rows > MOST_BY_COLUMN:
        rows = np.random.default_rng(SAMPLE_SEED).permutation(rows)[:MOST_BY_COLUMN]
    baseline = constant_loss(data)
    numeric, codes = iter(data.numeric.T), iter(data.codes.T)
    numbering, disguised = [], []
    for column in data.columns:
        values = next(numeric) if column.kind == "numeric" else next(codes)
        suspect = ColumnSuspect(column.name, loss_by_column(data, values, rows), baseline, _numbers_rows(values))
        if suspect.numbering and not column.moment:
            numbering.append(replace(suspect, error_without=_guess_without(data, column.name)))
        if suspect.error <= NEARLY_PERFECT[data.task] * baseline + max(0, len(data.classes) - 1) / rows.size:
            guess, itself = _guess_without(data, column.name), is_target(data, values)
            disguised.append(replace(suspect, error_without=guess, itself=itself))
    return tuple(numbering), tuple(disguised)


def is_target(data: Dataset, column: AnyArray) -> bool:
    """Whether a column is the target in another writing: one value for each class, or a straight line of the target.

    That is more than to tell the target well: nothing is then left that a network could add.
    """
    if not np.isfinite(column).all() or (column.dtype == np.int64 and (column < 0).any()):
        return False
    if data.task == "classification":
        values, codes = np.unique(column, return_inverse=True)
        pairs = np.unique(codes * len(data.classes) + data.target)
        return values.size > 1 and pairs.size == values.size == np.unique(data.target).size
    centred = column - column.mean(dtype=np.float64)
    square = float(centred @ centred)
    targets = data.target - data.target.mean(axis=0)
    squares = (targets**2).sum(axis=0)
    if square == 0 or not (squares > 0).any():
        return False
    shared = (centred @ targets) ** 2 / (square * np.where(squares > 0, squares, np.inf))
    return bool(shared.max() >= 1 - ROUNDED)


def _guess_without(data: Dataset, name: str) -> float | None:
    rows = np.sort(np.random.default_rng(SAMPLE_SEED).permutation(data.rows)[:MOST_ROWS])
    values = feature_values(data, rows, without=name)
    return float(losses(data, rows, rows[nearest(values)]).mean()) if values.shape[1] else None


def _numbers_rows(values: AnyArray) -> bool:
    """Whole numbers, all different, and in the order of the rows or without many gaps."""
    if not _whole(values) or np.unique(values).size < values.size:
        return False
    return _counts_up(values) or _counts_up(-values) or bool(values.max() - values.min() < 2 * values.size)


def _counts_up(values: AnyArray) -> bool:
    """Whether whole numbers rise from row to row, as years and days do in a series."""
    return bool((np.diff(values) > 0).all() and (values == np.round(values)).all())
