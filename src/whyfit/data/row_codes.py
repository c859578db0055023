"""Every value of every column as a small whole number, so that rows can be compared whatever they hold."""

from __future__ import annotations

import numpy as np

from whyfit.evidence.dataset import Dataset
from whyfit.evidence.types import AnyArray, IntArray

SEEDS = (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F)
"""Two digests of 64 bits with different starts make one of 128."""


def row_codes(data: Dataset, rows: IntArray | None = None) -> AnyArray:
    """(rows, columns that vary) int32: equal numbers for equal values, missing values being equal to each other.

    Columns in which two rows most often differ come first, so that a comparison of two rows can end early.
    """
    numeric = data.numeric if rows is None else data.numeric[rows]
    codes = data.codes if rows is None else data.codes[rows]
    columns = [np.unique(column, return_inverse=True)[1].astype(np.int32) for column in (*numeric.T, *codes.T)]
    varied = [column for column in columns if column.size and column.max() > 0]
    varied.sort(key=_agreement)
    return np.stack(varied, axis=1) if varied else np.zeros((numeric.shape[0], 0), dtype=np.int32)


def _agreement(column: AnyArray) -> float:
    """The probability that two random rows agree in this column."""
    shares = np.bincount(column) / column.size
    return float((shares**2).sum())


def equal_rows(data: Dataset) -> IntArray:
    """(rows,) the same number for rows that are equal in every input column; numbers in order of first appearance.

    One pass with a 128-bit digest of each row: two different rows among a billion share one with probability 1.5e-21.
    """
    low, high = (_digest(data, seed) for seed in SEEDS)
    order = np.lexsort((high, low))
    new = np.concatenate([[True], (np.diff(low[order]) != 0) | (np.diff(high[order]) != 0)])
    run = np.cumsum(new) - 1
    first = np.minimum.reduceat(order, np.flatnonzero(new))
    number = np.empty(first.size, dtype=np.int64)
    number[np.argsort(first, kind="stable")] = np.arange(first.size)
    same = np.empty(data.rows, dtype=np.int64)
    same[order] = number[run]
    return same


def _digest(data: Dataset, seed: int) -> AnyArray:
    """(rows,) uint64: the columns folded one after another by splitmix64's finaliser (Steele, Lea and Flood 2014)."""
    state = np.full(data.rows, seed, dtype=np.uint64)
    for column in data.numeric.T:
        state = _mixed(state, _bits(column))
    for column in data.codes.T:
        state = _mixed(state, column.astype(np.uint64))
    return state


def _bits(numeric: AnyArray) -> AnyArray:
    """Float bits, with one pattern for NaN and one for zero."""
    plain = np.where(np.isnan(numeric), np.float32(np.nan), numeric + np.float32(0))
    return plain.view(np.uint32).astype(np.uint64)


def _mixed(state: AnyArray, column: AnyArray) -> AnyArray:
    state = (state ^ column) + np.uint64(0x9E3779B97F4A7C15)
    state = (state ^ (state >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    state = (state ^ (state >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    last: AnyArray = state ^ (state >> np.uint64(31))
    return last
