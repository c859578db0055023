"""Rows that belong in one part of a division though nobody had said so: copies, and near copies.

Where there are more of them than chance gives, equal rows (and pairs that lie too near together) become one group each.
A division that keeps groups whole then has no copy on both sides, and its score rewards no memory.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from whyfit.data.copies import equal_pairs
from whyfit.data.forward import forward_blocks
from whyfit.data.near_copies import near_pairs
from whyfit.data.row_codes import equal_rows
from whyfit.errors import ArgumentError
from whyfit.evidence.dataset import Dataset
from whyfit.evidence.evidence import CopyFacts
from whyfit.evidence.leaks import NearCopyFacts
from whyfit.evidence.types import IntArray

LEAST_LEFT = 50
"""Groups that must be left to divide: below 50 their variance is too uncertain for the narrow interval (`refit`)."""

LEAST_OF_GROUPS, LARGEST = 0.5, 0.2
"""Least share of declared groups that must be left apart where copies join them, and the largest share of the rows that
one group may hold, or a fold would be that group. Chosen."""


@dataclass(frozen=True, eq=False, slots=True)
class Together:
    """What was found of copies before the rows were divided.

    Attributes
    ----------
    before
        The data as it would have been divided.
    same
        (rows,) equal numbers for equal rows.
    copies, near
        What was found; without the rows that a division copies.
    pairs
        Pairs of near copies.
    kinds
        What is kept together: `copies`, `near_copies`; empty where nothing is.
    """

    before: Dataset
    same: IntArray
    copies: CopyFacts
    near: NearCopyFacts | None
    pairs: Sequence[tuple[int, int]]
    kinds: tuple[str, ...] = ()


def copies_of(data: Dataset) -> Together:
    """Look for copies; nothing is kept together yet."""
    same, near = equal_rows(data), near_pairs(data)
    facts, pairs = (None, []) if near is None else near
    return Together(data, same, equal_pairs(data, same), facts, pairs)


def kept_together(data: Dataset) -> tuple[Dataset, Together]:
    """The data with copies beyond chance as groups, and what was found; the same data where there are none.

    It stays as it is, too, where too few groups would be left to divide, or none lie apart in time.
    """
    found = copies_of(data)
    kinds = tuple(
        kind
        for kind, facts in (("copies", found.copies), ("near_copies", found.near))
        if facts is not None and facts.beyond_chance
    )
    if not kinds:
        return data, found
    groups = joined(data, found.same if "copies" in kinds else None, found.pairs if "near_copies" in kinds else ())
    grouped = replace(data, groups=groups)
    if not _can_be_divided(grouped, data):
        return data, found
    return grouped, replace(found, kinds=kinds)


def joined(data: Dataset, same: IntArray | None, pairs: Sequence[tuple[int, int]]) -> IntArray:
    """(rows,) the group of each row: rows that are equal, near, or of one declared group, directly or by others."""
    from scipy.sparse import coo_array  # noqa: PLC0415  # heavy
    from scipy.sparse.csgraph import connected_components  # noqa: PLC0415  # heavy

    links = [np.array(pairs, dtype=np.int64).reshape(-1, 2)]
    links += [_neighbours(codes) for codes in (same, data.groups) if codes is not None]
    first, second = np.concatenate(links).T
    graph = coo_array((np.ones(first.size, dtype=np.int8), (first, second)), shape=(data.rows, data.rows))
    codes: IntArray = connected_components(graph, directed=False)[1].astype(np.int64)
    return codes


def _neighbours(codes: IntArray) -> IntArray:
    """(links, 2) rows that follow each other within one code: enough to join them all."""
    order = np.argsort(codes, kind="stable")
    alike = codes[order[1:]] == codes[order[:-1]]
    links: IntArray = np.stack([order[:-1][alike], order[1:][alike]], axis=1)
    return links


def _can_be_divided(grouped: Dataset, before: Dataset) -> bool:
    assert grouped.groups is not None
    sizes = np.bincount(grouped.groups)
    if before.groups is not None:
        enough = sizes.size >= LEAST_OF_GROUPS * np.unique(before.groups).size
    else:
        enough = sizes.size >= LEAST_LEFT and sizes.max() <= LARGEST * grouped.rows
    if not enough:
        return False
    if grouped.time is None:
        return True
    try:
        forward_blocks(grouped, 5, 0.2)
    except ArgumentError:
        return False
    return True
