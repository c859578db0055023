"""Are two parts alike? A classifier is asked to tell them apart (Lopez-Paz and Oquab 2017), then each column alone.

The classifier is a ridge regression on standardised columns and their squares, scored by leave-one-out, which the hat
matrix gives without a refit. Its area under the curve is compared with that under permuted labels, as no closed law
holds for scores out of the fold (a binomial one alarms in 7.5 to 8.3 % at 5 %). It is blind to differences that neither
means nor variances of columns show.
"""

from __future__ import annotations

import numpy as np

from whyfit.data.encode import features_of
from whyfit.evidence.dataset import Dataset
from whyfit.evidence.leaks import AlikeFacts
from whyfit.evidence.types import FloatArray, IntArray

PERMUTATIONS = 999
"""At most; the smallest p is then 0.001, under the 0.002 that the classifier may spend."""

BATCH, ENOUGH = 100, 10
"""Permutations at a time, and the larger areas among them after which no more are drawn: p is then their number over
the permutations up to the last of them, which is exact (Besag and Clifford 1991). Parts that are alike cost a tenth."""

MOST_ROWS = 4_000
"""Of both parts together; a random sample beyond. A shift of 0.6 standard deviations in one of ten columns is found
always at 2,000."""

MOST_FEATURES = 500
"""Columns and squares; a random choice of columns beyond, as images have."""

RIDGE = 1.0
"""Added to each standardised feature's sum of squares. Any value keeps the level; this one only tames equal columns."""

EXTREME = 4.0
"""Standardised values are cut there before they are squared, or one outlier would be the whole feature. Chosen."""

CONSTANT = 1e-6
"""Of the mean: a deviation that rounding of 32-bit numbers alone gives."""

SAMPLE_SEED = 20_002


def alike_facts(
    data: Dataset,
    first: IntArray,
    second: IntArray,
    *,
    names: tuple[str, str] = ("train", "score"),
    labelled: bool = True,
    most_columns: int | None = None,
) -> AlikeFacts:
    """Compare two parts of one dataset; groups are respected in the permutations, as their rows are not independent.

    Parameters
    ----------
    first, second
        Row numbers.
    names
        What the parts are.
    labelled
        Whether both parts have targets, which are compared too.
    most_columns
        Of more columns so many are compared one by one, drawn at random; None for all.
    """
    from whyfit.data.shifts import column_shifts  # noqa: PLC0415  # scipy.stats is heavy

    noise = np.random.default_rng(SAMPLE_SEED)
    first, second = _sampled(first, second, noise)
    rows = np.concatenate([first, second])
    labels = np.concatenate([np.zeros(first.size), np.ones(second.size)])
    basis = _basis(_features(data, rows, noise))
    groups = None if data.groups is None else np.unique(data.groups[rows], return_inverse=True)[1]
    area = float(_areas(basis, labels[:, None])[0])
    p, drawn = _permutation_p(area, basis, labels, groups, noise)
    independent = _independent(data, first, second, noise)
    several = most_columns is not None and len(data.columns) > most_columns
    among = noise.permutation(len(data.columns))[:most_columns] if several else None
    return AlikeFacts(
        first=names[0],
        second=names[1],
        auc=area,
        p=p,
        permutations=drawn,
        first_rows=first.size,
        second_rows=second.size,
        columns=column_shifts(data, *independent, labelled=labelled, among=among),
        labelled=labelled,
    )


def _independent(
    data: Dataset, first: IntArray, second: IntArray, noise: np.random.Generator
) -> tuple[IntArray, IntArray]:
    """One row of each group, at random; a group that both parts have counts in neither.

    Without groups all rows. Tests of single columns take rows to be independent, so they see less where groups are few.
    """
    if data.groups is None:
        return first, second
    shared = np.intersect1d(data.groups[first], data.groups[second])
    kept = []
    for part in (first, second):
        rows = noise.permutation(part[~np.isin(data.groups[part], shared)])
        kept.append(rows[np.unique(data.groups[rows], return_index=True)[1]])
    return kept[0], kept[1]


def _permutation_p(
    area: float, basis: FloatArray, labels: FloatArray, groups: IntArray | None, noise: np.random.Generator
) -> tuple[float, int]:
    """How probable so large an area is under permuted labels, and how many permutations tell it."""
    larger = np.zeros(0, dtype=bool)
    while larger.size < PERMUTATIONS:
        count = min(BATCH, PERMUTATIONS - larger.size)
        permuted = np.stack([_permuted(labels, groups, noise) for _ in range(count)], axis=1)
        larger = np.concatenate([larger, _areas(basis, permuted) >= area])
        if larger.sum() >= ENOUGH:
            last = int(np.flatnonzero(larger)[ENOUGH - 1]) + 1
            return ENOUGH / last, larger.size
    return float((1 + larger.sum()) / (1 + larger.size)), larger.size


def _sampled(first: IntArray, second: IntArray, noise: np.random.Generator) -> tuple[IntArray, IntArray]:
    """At most MOST_ROWS together, the smaller part as whole as possible."""
    keep = min(second.size, max(MOST_ROWS // 2, MOST_ROWS - first.size))
    other = min(first.size, MOST_ROWS - keep)
    return noise.permutation(first)[:other], noise.permutation(second)[:keep]


def _features(data: Dataset, rows: IntArray, noise: np.random.Generator) -> FloatArray:
    """(rows, features) standardised over both parts: columns, then squares of those that are no indicators."""
    values = features_of(data).values
    most = MOST_FEATURES // 2
    chosen = (
        values[rows]
        if values.shape[1] <= most
        else values[np.ix_(rows, np.sort(noise.permutation(values.shape[1])[:most]))]
    )
    columns = _standard(chosen.astype(np.float64))
    squares = _standard(np.clip(columns, -EXTREME, EXTREME) ** 2)
    both = np.concatenate([columns, squares[:, squares.any(axis=0)]], axis=1)
    return both[:, both.any(axis=0)]


def _standard(values: FloatArray) -> FloatArray:
    """Mean 0 and deviation 1; 0 where missing, and where a column is constant up to rounding."""
    known = ~np.isnan(values)
    count = np.maximum(known.sum(axis=0), 1)
    mean = np.where(known, values, 0.0).sum(axis=0) / count
    centred = np.where(known, values - mean, 0.0)
    deviation = np.sqrt((centred**2).sum(axis=0) / count)
    constant = deviation <= CONSTANT * (1 + np.abs(mean))
    return centred / np.where(constant, np.inf, deviation)


def _basis(features: FloatArray) -> FloatArray:
    """(rows, rank) B with hat matrix B Bᵀ: left singular vectors, shrunk by the ridge; the mean is not shrunk."""
    rows = features.shape[0]
    left, size, _ = np.linalg.svd(features, full_matrices=False)
    shrunk = left * np.sqrt(size**2 / (size**2 + RIDGE))
    return np.column_stack([np.full(rows, rows**-0.5), shrunk])


def _areas(basis: FloatArray, labels: FloatArray) -> FloatArray:
    """(labellings,) area under the curve of the leave-one-out scores of each column of labels."""
    leverage = (basis**2).sum(axis=1)[:, None]
    scores = (basis @ (basis.T @ labels) - leverage * labels) / np.maximum(1 - leverage, 1e-9)
    order = np.argsort(scores, axis=0, kind="stable")
    ranks = np.empty(scores.shape)
    np.put_along_axis(ranks, order, np.arange(1, scores.shape[0] + 1, dtype=np.float64)[:, None], axis=0)
    ones = labels.sum(axis=0)
    areas: FloatArray = ((ranks * labels).sum(axis=0) - ones * (ones + 1) / 2) / (ones * (labels.shape[0] - ones))
    return areas


def _permuted(labels: FloatArray, groups: IntArray | None, noise: np.random.Generator) -> FloatArray:
    """Labels in another order: of groups where each is wholly in one part, inside groups where one is in both.

    Rows of one group are alike, so they are not exchanged for those of another; but a group that both parts have is no
    sign of a difference by itself.
    """
    if groups is None:
        return noise.permutation(labels)
    _, first_of, sizes = np.unique(groups, return_index=True, return_counts=True)
    share = np.bincount(groups, weights=labels) / sizes
    if ((share == 0) | (share == 1)).all():
        return noise.permutation(labels[first_of])[groups]
    by_group = np.lexsort((noise.random(labels.size), groups))
    permuted = np.empty(labels.size)
    permuted[by_group] = labels[np.argsort(groups, kind="stable")]
    return permuted
