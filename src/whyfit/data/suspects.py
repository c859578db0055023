"""Groups, times and columns that were not declared, and by which a score may be better than the network.

Groups and time: the guess "as the nearest row has it" is made twice, with every other row, and with those of another
group or another time only. If it is much worse then, rows of one group answer for each other, and a random split scores
memory. What is told apart: values that only happen to repeat (a city, an age) do not make rows each other's nearest
neighbours by the other columns. Groups that no other column shows are found where the column itself tells the target:
the same guess with it among the inputs. Whether that is memory (patients, of whom others will come) or a measurement
(towns, which stay the same) no table says, so it is told apart from the first kind.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from whyfit.data.guesses import constant_loss, feature_values, loss_by_column, losses, nearest
from whyfit.data.moments import MOST_ROWS
from whyfit.data.roles import column_codes
from whyfit.data.time_order import SAMPLE_SEED, SUSPECT_P, matters, rise_of, times
from whyfit.evidence.dataset import Dataset
from whyfit.evidence.leaks import ColumnSuspect, GroupSuspect, SuspectFacts
from whyfit.evidence.types import AnyArray, FloatArray, IntArray

MOST_BY_COLUMN = 10 * MOST_ROWS
"""Rows whose target is guessed by one column alone, which costs a sort."""

LEAST_ROWS, LEAST_GROUPS = 100, 10
"""Fewer tell nothing. Chosen."""

GROUP_SIZE = (1.5, 0.2)
"""Rows a group on average at least, and the share of rows that the largest may hold at most. Chosen."""

WITHIN = 0.3
"""Share of rows with their nearest neighbour in their own group, from which a column is suspected. Chosen."""

KEY_P, PERMUTATIONS = 0.001, 1999
"""A note may be wrong in one table of twenty, and a dozen columns are tried at most: a fiftieth of that each."""

NEARLY_PERFECT = {"classification": 0.01, "regression": 0.003, "multilabel": 0.01}
"""Share of the best constant's loss up to which a column alone is suspected of being the target; and one row more for
each border between two classes, where neighbours differ. Chosen: the best single columns of iris, wine and breast
cancer leave an error of 6 to 29 %."""

MOST_MISSING = 0.1
"""Share of missing values up to which a column is judged by the others: what it is where it is known says nothing of a
column that is filled for one class only. Chosen, as for times."""

ROUNDED = 1e-10
"""Share of its variance by which a straight line of the target may be off it: columns are stored in float32, whose
rounding leaves 1e-14 of a column with its zero near its values, more where it is far. Chosen."""

MOST_CANDIDATES = 12


def suspect_facts(data: Dataset) -> SuspectFacts:
    """Look for all of them; empty for images, whose pixels are none of them, and for small tables."""
    if data.rows < LEAST_ROWS or data.shape is not None:
        return SuspectFacts()
    numbering, disguised = _columns(data)
    groups = () if data.groups is not None else tuple(_groups(data))
    return SuspectFacts(
        groups=groups,
        keys=() if data.groups is not None or groups else tuple(_keys(data)),
        time=() if data.time is not None else tuple(times(data)),
        disguised=disguised,
        numbering=numbering,
        rows_compared=min(MOST_ROWS, data.rows),
        rows_by_column=min(MOST_BY_COLUMN, data.rows),
    )


def group_candidates(data: Dataset) -> list[tuple[str, IntArray]]:
    """(name, codes) of columns whose values repeat as those of groups do, the ones with most groups first.

    A code is −1 where the value is missing; such rows are compared with none.
    """
    keys, numeric = dict(data.keys), iter(data.numeric.T)
    found = {}
    for column in data.columns:
        whole = column.kind != "numeric" or _whole(next(numeric))
        if column.name in keys or (whole and not column.moment):
            found[column.name] = column_codes(data, column.name)
    fitting = [(name, codes) for name, codes in found.items() if _could_be_groups(codes[codes >= 0])]
    return sorted(fitting, key=lambda one: -int(one[1].max()))[:MOST_CANDIDATES]


def _whole(values: AnyArray) -> bool:
    """Whether all numbers that are there are whole, and there are some."""
    known = values[~np.isnan(values)]
    return bool(known.size and (known == np.round(known)).all())


def _could_be_groups(codes: IntArray) -> bool:
    sizes = np.bincount(codes)
    sizes = sizes[sizes > 0]
    smallest, largest = GROUP_SIZE
    return bool(sizes.size >= LEAST_GROUPS and sizes.mean() >= smallest and sizes.max() <= largest * codes.size)


def _groups(data: Dataset) -> Iterator[GroupSuspect]:
    """Columns whose values repeat among rows that lie next to each other, without which the target is told worse."""
    candidates = group_candidates(data)
    for name, codes in candidates:
        rows = _whole_groups(codes)
        values = feature_values(data, rows, without=name)
        if values.shape[1] == 0:
            continue
        free = nearest(values)
        if (codes[rows] == codes[rows[free]]).mean() < WITHIN:
            continue
        p, *errors = rise_of(data, rows, free, nearest(values, codes[rows]), codes[rows])
        if p <= SUSPECT_P / len(candidates) and matters(data, *errors):
            yield _suspect(name, codes, rows, free, p, *errors)


def _keys(data: Dataset) -> Iterator[GroupSuspect]:
    """Columns of words that divide the rows as groups do, and whose values themselves tell the target."""
    words = {column.name for column in data.columns if column.kind == "categorical"}
    for name, codes in group_candidates(data):
        if name not in words:
            continue
        rows = _whole_groups(codes)
        values = feature_values(data, rows)
        free = nearest(values)
        _, *errors = rise_of(data, rows, free, nearest(values, codes[rows]), codes[rows])
        p = _by_permutation(data.target[rows], codes[rows]) if matters(data, *errors) else 1.0
        if p <= KEY_P:
            yield _suspect(name, codes, rows, free, p, *errors)


def _suspect(
    name: str, codes: IntArray, rows: IntArray, free: IntArray, p: float, with_all: float, without: float
) -> GroupSuspect:
    """What is told of a column; `free` is the nearest neighbour of each of `rows`, whatever its group."""
    within = float((codes[rows] == codes[rows[free]]).mean())
    chance = float(((np.bincount(codes[rows]) / rows.size) ** 2).sum())
    return GroupSuspect(name, int(codes.max()) + 1, within, chance, with_all, without, p, int((codes < 0).sum()))


def _by_permutation(target: AnyArray, codes: IntArray) -> float:
    """Probability of the sum of squares between groups where which row has which target says nothing (Fisher 1935).

    The rise of the guess has no such null: neighbours within small groups choose each other, so its sums are skew.
    """
    columns = target[:, None] == np.unique(target) if target.ndim == 1 and target.dtype.kind == "i" else target
    values = columns.reshape(len(target), -1).astype(np.float64)
    values = values - values.mean(axis=0)
    sizes, noise = np.maximum(np.bincount(codes), 1), np.random.default_rng(SAMPLE_SEED)

    def between(rows: FloatArray) -> float:
        return sum(float((np.bincount(codes, weights=one) ** 2 / sizes).sum()) for one in rows.T)

    found = between(values)
    as_large = sum(between(noise.permutation(values)) >= found for _ in range(PERMUTATIONS))
    return (1 + as_large) / (1 + PERMUTATIONS)


def _whole_groups(codes: IntArray) -> IntArray:
    """Rows of randomly chosen whole groups, as many as can be compared; some at random of a group with very many."""
    noise = np.random.default_rng(SAMPLE_SEED)
    order, most = noise.permutation(int(codes.max()) + 1), MOST_ROWS // LEAST_GROUPS
    sizes = np.bincount(codes[codes >= 0], minlength=order.size)
    total = np.cumsum(np.minimum(sizes, most)[order])
    chosen = order[: max(2, int((total <= MOST_ROWS).sum()))]
    if sizes[chosen].max() <= most:
        return np.flatnonzero(np.isin(codes, chosen))
    some = [noise.permutation(np.flatnonzero(codes == group))[:most] for group in chosen]
    return np.sort(np.concatenate(some))


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
        if _tells(data, values, rows, suspect):
            guess, itself = _guess_without(data, column.name), is_target(data, values)
            disguised.append(replace(suspect, error_without=guess, itself=itself))
    return tuple(numbering), tuple(disguised)


def _tells(data: Dataset, values: AnyArray, rows: IntArray, suspect: ColumnSuspect) -> bool:
    """Whether the column alone tells the target; where a few of its values are missing, in the rows that have one."""
    known = rows[~np.isnan(values[rows])] if values.dtype.kind == "f" else rows[values[rows] >= 0]
    error = suspect.error
    if rows.size > known.size >= (1 - MOST_MISSING) * rows.size:
        error = min(error, loss_by_column(data, values, known))
    return error <= NEARLY_PERFECT[data.task] * suspect.baseline + max(0, len(data.classes) - 1) / known.size


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
    if not _whole(values) or np.unique(values).size < values.size or np.isnan(values).any():
        return False
    steps = np.diff(values)
    return bool((steps > 0).all() or (steps < 0).all() or values.max() - values.min() < 2 * values.size)
