"""How many pairs of rows differ in exactly 0, 1, 2 and 3 columns."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from whyfit.evidence.types import AnyArray, IntArray

LEVELS = 4
"""Differences 0 to 3 are counted; a pair with more says nothing about equal ones."""

BLOCK = 512
"""Rows compared with one row at a time: their codes and counters stay in the core's nearest cache."""

STRIDE = 4
"""Columns compared before asking whether a whole block differs enough to be left; four are the least that can."""


def pair_counts(codes: AnyArray) -> IntArray:
    """Count pairs of rows by the number of columns in which they differ.

    All pairs are visited, but a block of rows is left as soon as all of it differs in four columns.

    Parameters
    ----------
    codes
        (rows, columns) whole numbers under 65,536, see `row_codes`.

    Returns
    -------
    counts
        (4,) int64: pairs that differ in exactly 0, 1, 2 and 3 columns.

    Examples
    --------
    >>> pair_counts(np.array([[0, 0], [0, 0], [0, 1]])).tolist()
    [1, 2, 0, 0]
    """
    counts: IntArray = _counter()(np.ascontiguousarray(codes.T, dtype=np.uint16))
    return counts


@cache
def _counter() -> Any:
    from numba import njit  # noqa: PLC0415  # heavy

    try:
        return njit(nogil=True, cache=True)(_count)
    except RuntimeError:  # no folder can be written to: compile anew in each process
        return njit(nogil=True)(_count)


def _count(codes: AnyArray) -> IntArray:
    """The loops themselves, in Python that Numba compiles; one function, as Numba's cache sees one file only."""
    columns, rows = codes.shape
    found = np.zeros(LEVELS, dtype=np.int64)
    differing = np.empty(BLOCK, dtype=np.uint16)
    for i in range(rows):
        for start in range(i + 1, rows, BLOCK):
            size = min(BLOCK, rows - start)
            differing[:size] = 0
            for k in range(0, columns, STRIDE):
                for column in range(k, min(k + STRIDE, columns)):
                    mine, others = codes[column, i], codes[column, start : start + size]
                    for j in range(size):
                        differing[j] += np.uint16(others[j] != mine)
                least = np.uint16(LEVELS)
                for j in range(size):
                    differing[j] = min(differing[j], np.uint16(LEVELS))  # never wraps, however many columns
                    least = min(least, differing[j])
                if least == LEVELS:
                    break
            else:
                for j in range(size):
                    h = differing[j]
                    if h < LEVELS:
                        found[h] += 1
    return found
