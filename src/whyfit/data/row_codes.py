"""Every value of every column as a small whole number, so that rows can be compared whatever they hold."""

from __future__ import annotations

import numpy as np

from whyfit.evidence.dataset import Dataset
from whyfit.evidence.types import AnyArray, IntArray


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
    words = np.concatenate([_bits(data.numeric), data.codes.astype(np.uint64)], axis=1)
    digest = np.zeros(data.rows, dtype=[("low", np.uint64), ("high", np.uint64)])
    for half, seed in (("low", 0x9E3779B97F4A7C15), ("high", 0xC2B2AE3D27D4EB4F)):
        digest[half] = _mixed(words, seed)
    _, first, inverse = np.unique(digest, return_index=True, return_inverse=True)
    return np.argsort(np.argsort(first, kind="stable"), kind="stable")[inverse].astype(np.int64)


def _bits(numeric: AnyArray) -> AnyArray:
    """Float bits, with one pattern for NaN and one for zero."""
    plain = np.where(np.isnan(numeric), np.float32(np.nan), numeric + np.float32(0))
    return np.ascontiguousarray(plain).view(np.uint32).astype(np.uint64)


def _mixed(words: AnyArray, seed: int) -> AnyArray:
    """Fold the columns into one 64-bit number a row: the finaliser of splitmix64 (Steele, Lea and Flood 2014)."""
    state = np.full(words.shape[0], seed, dtype=np.uint64)
    for column in words.T:
        state = (state ^ column) + np.uint64(0x9E3779B97F4A7C15)
        state = (state ^ (state >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        state = (state ^ (state >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        state ^= state >> np.uint64(31)
    return state
