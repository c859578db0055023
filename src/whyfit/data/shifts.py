"""Every column by itself: does it, or the target, differ between two parts?"""

from __future__ import annotations

import numpy as np
from scipy import stats

from whyfit.evidence.dataset import Dataset
from whyfit.evidence.leaks import ColumnShift
from whyfit.evidence.types import AnyArray, FloatArray, IntArray

LEAST_EXPECTED = 5.0
"""Levels with fewer expected rows in a part are tested together (Cochran 1954)."""


def column_shifts(
    data: Dataset, first: IntArray, second: IntArray, *, labelled: bool, among: IntArray | None = None
) -> tuple[ColumnShift, ...]:
    """Test every column, or those `among`, and the target, the most shifted first; p by Holm's procedure (1979).

    Nothing of parts of fewer than two rows, as rows of which one stands for each group may be.
    """
    if min(first.size, second.size) < 2:
        return ()
    numeric, codes = iter(data.numeric.T), iter(data.codes.T)
    tested = None if among is None else frozenset(among.tolist())
    found = []
    for place, column in enumerate(data.columns):
        values = next(numeric) if column.kind == "numeric" else next(codes)
        if tested is not None and place not in tested:
            continue
        test = _numbers if column.kind == "numeric" else _levels
        found.append((column.name, False, *test(values[first], values[second])))
    found += _target(data, first, second) if labelled else []
    adjusted = holm(np.array([p for *_, p in found]))
    shifts = [ColumnShift(name, d, float(p), target) for (name, target, d, _), p in zip(found, adjusted, strict=True)]
    return tuple(sorted(shifts, key=lambda shift: (shift.p, -shift.distance)))


def holm(p: FloatArray) -> FloatArray:
    """Holm's adjusted p: in order of size, each times the number of those not smaller, never falling.

    Examples
    --------
    >>> holm(np.array([0.01, 0.04, 0.03])).round(3).tolist()
    [0.03, 0.06, 0.06]
    """
    order = np.argsort(p, kind="stable")
    raised = np.minimum(1.0, np.maximum.accumulate(p[order] * np.arange(p.size, 0, -1)))
    adjusted = np.empty(p.size)
    adjusted[order] = raised
    return adjusted


def _target(data: Dataset, first: IntArray, second: IntArray) -> list[tuple[str, bool, float, float]]:
    if data.task == "classification":
        return [(data.target_name, True, *_levels(data.target[first], data.target[second]))]
    return [(data.target_name, True, *_numbers(column[first], column[second])) for column in data.target.T]


def _numbers(first: AnyArray, second: AnyArray) -> tuple[float, float]:
    """Distance and p of Kolmogorov and Smirnov; missing values are tested as a level of their own."""
    known = (first[~np.isnan(first)], second[~np.isnan(second)])
    gaps = _levels(np.isnan(first).astype(np.int64), np.isnan(second).astype(np.int64))
    if min(known[0].size, known[1].size) < 2:
        return gaps
    test = stats.ks_2samp(*known, method="asymp")
    if gaps[1] < 1:  # the smaller of two p, doubled
        return max((float(test.statistic), 2 * float(test.pvalue)), (gaps[0], 2 * gaps[1]), key=lambda found: -found[1])
    return float(test.statistic), float(test.pvalue)


def _levels(first: IntArray, second: IntArray) -> tuple[float, float]:
    """Half the sum of the differences of shares, and the p of the chi-squared test of homogeneity."""
    levels = np.unique(np.concatenate([first, second]))
    counts = np.array([[(part == level).sum() for level in levels] for part in (first, second)], dtype=np.float64)
    shares = counts / counts.sum(axis=1, keepdims=True)
    distance = float(np.abs(shares[0] - shares[1]).sum() / 2)
    merged = _merged(counts)
    return distance, 1.0 if merged.shape[1] < 2 else float(stats.chi2_contingency(merged, correction=False).pvalue)


def _merged(counts: FloatArray) -> FloatArray:
    """Rare levels in one column, and that in the most frequent one where it is still rare."""
    expected = counts.sum(axis=0) * counts.sum(axis=1).min() / counts.sum()
    rare = expected < LEAST_EXPECTED
    if not rare.any():
        return counts
    frequent, rest = counts[:, ~rare], counts[:, rare].sum(axis=1, keepdims=True)
    if expected[rare].sum() >= LEAST_EXPECTED or frequent.shape[1] == 0:
        return np.concatenate([frequent, rest], axis=1)
    frequent[:, [int(frequent.sum(axis=0).argmax())]] += rest
    return frequent
