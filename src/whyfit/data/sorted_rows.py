"""By which columns the rows of a table stand sorted, and an order that keeps to that and is chance in all else."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from whyfit.evidence.dataset import Dataset
from whyfit.evidence.types import AnyArray, IntArray

AGAINST = 0.01
"""Share of the steps from row to row that may go against the order, as where a few rows were appended to a sorted
table. Chosen; among independent rows it is about a half."""

FEWER_STEPS = 0.5
"""Values that stand in blocks change so much less often than by chance; columns of values that never repeat do not."""


def sorted_by(data: Dataset) -> tuple[tuple[str, ...], IntArray]:
    """The columns, or the target, by which the rows stand sorted, and in which block of equal values each row stands.

    Numbers rise or fall; the values of any column may also stand in blocks, in whatever order. Later columns are sorted
    within the blocks of earlier ones. Where nothing is sorted all rows are one block.

    Examples
    --------
    >>> from whyfit.data.load import load
    >>> table = {"site": list("bbbaaa"), "age": [30, 30, 61, 19, 44, 58], "size": [4, 9, 1, 7, 0, 3]}
    >>> names, block = sorted_by(load({**table, "y": [0, 1, 1, 0, 1, 0]}))
    >>> names, block.tolist()
    (('site', 'age'), [0, 0, 1, 2, 3, 4])
    """
    columns = dict(_columns(data))
    names: list[str] = []
    block = np.zeros(data.rows, dtype=np.int64)
    found = [""]
    while found:
        found = [name for name, ranks in columns.items() if _is_sorted(ranks, block)]
        for name in found:
            block = _finer(block, columns.pop(name))
        names.extend(found)
    return tuple(names), block


def shuffled_within(block: IntArray, noise: np.random.Generator) -> IntArray:
    """(rows,) numbers from 0 in the order of the blocks, and in a random order within each.

    Examples
    --------
    >>> shuffled_within(np.array([0, 0, 0, 1, 2]), np.random.default_rng(1)).tolist()
    [2, 0, 1, 3, 4]
    """
    place = np.empty(block.size, dtype=np.int64)
    place[np.lexsort((noise.random(block.size), block))] = np.arange(block.size)
    return place


def _columns(data: Dataset) -> Iterator[tuple[str, IntArray]]:
    """(name, (rows,) ranks of the values) of every column that varies, then of the target."""
    numeric, codes = iter(data.numeric.T), iter(data.codes.T)
    columns = [(column.name, next(numeric) if column.kind == "numeric" else next(codes)) for column in data.columns]
    targets = [data.target] if data.task == "classification" else list(data.target.T)
    for name, values in (*columns, *((data.target_name, values) for values in targets)):
        ranks = _ranks(values)
        if ranks.any():
            yield name, ranks


def _ranks(values: AnyArray) -> IntArray:
    ranks: IntArray = np.unique(values, return_inverse=True)[1].reshape(-1)
    return ranks


def _is_sorted(ranks: IntArray, block: IntArray) -> bool:
    """Whether, within the blocks, values rise, fall, or stand in blocks of their own."""
    within = block[1:] == block[:-1]
    steps = np.diff(ranks)[within]
    up, down = int((steps > 0).sum()), int((steps < 0).sum())
    if up + down == 0:
        return False
    if min(up, down) <= AGAINST * (up + down):
        return True
    pairs, sizes = np.unique(np.stack([block, ranks]), axis=1, return_counts=True)
    blocks = np.bincount(block)
    by_chance = block.size - float((sizes**2 / blocks[pairs[0]]).sum())
    fewest = sizes.size - np.count_nonzero(blocks)
    return bool(up + down <= fewest + AGAINST * block.size and up + down <= FEWER_STEPS * by_chance)


def _finer(block: IntArray, ranks: IntArray) -> IntArray:
    new = (np.diff(block) != 0) | (np.diff(ranks) != 0)
    return np.concatenate([[0], np.cumsum(new)])
