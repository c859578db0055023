"""Rows that are nearly equal: copies with noise, two photographs of one scene, one patient measured twice.

Where rows are smooth in space, the ratio of the distances to a row's first two neighbours follows a law that knows
neither density nor scale: (d₁/d₂)^D is uniform, D the intrinsic dimension (Facco, d'Errico, Rodriguez and Laio 2017).
A near copy breaks it. Exact copies are left to `copies`; columns with values that repeat have no such law, and are not
looked at.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from whyfit.data.row_codes import equal_rows
from whyfit.evidence.dataset import Dataset
from whyfit.evidence.leaks import NearCopyFacts
from whyfit.evidence.split import Split
from whyfit.evidence.types import AnyArray, FloatArray, IntArray

RARE = 0.001
"""A pair so near that chance gives one in a thousand is counted; with n pairs, one under RARE/n is called by itself.
Both rules together alarm on 2 in 1,000 healthy data sets by design."""

LEAST_ROWS = 50
"""Fewer rows give no estimate of the dimension. Chosen."""

DISTINCT, MOST_EQUAL = 0.8, 0.01
"""Share of distinct values from which a column is continuous, and share that one of them may hold (three rows may).
In a table of smooth columns and of rounded ones, rows that agree in the rounded ones lie in fewer dimensions than all
others: 12 of 380 healthy tables raised the alarm when 21 distinct values were enough. Chosen."""

TOP_CUT = 0.1
"""Share of the largest ratios left out of the fit of the dimension (Facco et al. 2017, figure 2)."""

LOWER_HALF, CROWDED = 0.5, 2.0
"""What is cut off where the usual fit is ruled by copies, and how much larger the dimension must then be. Measured: on
491 healthy tables the two fits differ by a factor of 0.87 to 1.26; with copies of a tenth of 1,000 rows by 13."""

MOST_ROWS = 20_000
MOST_PRODUCTS = 3e10
"""Rows squared times columns that are compared, about 5 s on one core: 20,000 rows of 75 columns, 6,200 of 784."""

TREE_COLUMNS = 8
"""Up to so many columns a k-d tree is faster than comparing all rows."""

EXAMPLES = 3
SAMPLE_SEED = 20_001


@dataclass(frozen=True, eq=False, slots=True)
class Neighbours:
    """Each compared row's first two neighbours.

    Attributes
    ----------
    rows
        (compared,) row numbers of the dataset.
    nearest
        (compared,) row number of the first neighbour.
    first, second
        (compared,) distances.
    """

    rows: IntArray
    nearest: IntArray
    first: FloatArray
    second: FloatArray


def near_copy_facts(data: Dataset, splits: Sequence[Split]) -> NearCopyFacts | None:
    """Look for near copies; None where there are too few rows, or fewer than two continuous columns.

    Parameters
    ----------
    splits
        Those of one pass: each row is scored at most once.
    """
    found = near_pairs(data)
    return None if found is None else with_copied(*found, splits, data.rows)


def with_copied(
    facts: NearCopyFacts, pairs: Sequence[tuple[int, int]], splits: Sequence[Split], rows: int
) -> NearCopyFacts:
    """The same facts with the scored rows of these splits whose near copy stands in the training part."""
    empty = np.empty(0, dtype=np.int64)
    copied = np.sort(np.concatenate([_copied(split, pairs, rows) for split in splits] or [empty]))
    return replace(
        facts,
        copied_score_rows=copied.size,
        scored_rows=sum(split.score.size for split in splits),
        copied_rows=tuple(copied.tolist()),
    )


def near_pairs(data: Dataset) -> tuple[NearCopyFacts, list[tuple[int, int]]] | None:
    """What does not depend on a division: the facts, and all pairs that are counted; None as for `near_copy_facts`."""
    rows, values = _compared(data)
    if values.shape[1] < 2 or rows.size < LEAST_ROWS:
        return None
    found = neighbours(values, rows)
    dimension = intrinsic_dimension(found)
    p = (found.first / found.second) ** dimension
    pairs = _distinct(found, p < RARE)
    facts = NearCopyFacts(
        pairs=len(pairs),
        most_by_chance=_most_by_chance(RARE * rows.size),
        smallest_p=float(p.min()),
        nearest=len(_distinct(found, p < RARE / rows.size)),
        dimension=dimension,
        columns=values.shape[1],
        rows_compared=rows.size,
        examples=_nearest(found, p),
    )
    return facts, pairs


def _nearest(found: Neighbours, p: FloatArray) -> tuple[tuple[int, int], ...]:
    """The nearest pairs that are counted, each row's neighbour looking back at it once."""
    few = np.zeros(p.size, dtype=bool)
    few[np.argsort(p, kind="stable")[: 2 * EXAMPLES]] = True
    return tuple(_distinct(found, few & (p < RARE))[:EXAMPLES])


def continuous(data: Dataset, rows: IntArray) -> FloatArray:
    """(these rows, continuous columns) float64, standardised, NaN where missing; all pixels of images."""
    chosen = [
        column
        for column in data.numeric[rows].T.astype(np.float64)
        if data.shape is not None or _is_continuous(column[~np.isnan(column)])
    ]
    if not chosen:
        return np.empty((rows.size, 0))
    values = np.stack(chosen, axis=1)
    mean = np.nanmean(values) if data.shape else np.nanmean(values, axis=0)
    deviation = np.nanstd(values) if data.shape else np.nanstd(values, axis=0)
    scaled: FloatArray = (values - mean) / np.where(deviation > 0, deviation, 1.0)
    return scaled


def _is_continuous(known: FloatArray) -> bool:
    times = np.unique(known, return_counts=True)[1]
    if times.size < DISTINCT * known.size or not times.size:
        return False
    return int(times.max()) <= max(3, MOST_EQUAL * known.size)


def _compared(data: Dataset) -> tuple[IntArray, FloatArray]:
    """One row of each group of equal ones, without missing values, at most as many as can be compared; its values."""
    noise = np.random.default_rng(SAMPLE_SEED)
    rows = _some(np.sort(np.unique(equal_rows(data), return_index=True)[1]), MOST_ROWS, noise)
    values = continuous(data, rows)
    whole = np.flatnonzero(~np.isnan(values).any(axis=1))
    most = max(LEAST_ROWS, int((MOST_PRODUCTS / max(1, values.shape[1])) ** 0.5))
    whole = _some(whole, most, noise)
    return rows[whole], values[whole]


def _some(rows: IntArray, most: int, noise: np.random.Generator) -> IntArray:
    return rows if rows.size <= most else np.sort(noise.choice(rows, size=most, replace=False))


def neighbours(values: FloatArray, rows: IntArray) -> Neighbours:
    """The first two neighbours of each row among these rows; rows equal in these columns count once.

    Parameters
    ----------
    values
        (compared, columns) without missing values.
    rows
        (compared,) their row numbers in the dataset.
    """
    from sklearn.neighbors import NearestNeighbors  # noqa: PLC0415  # heavy

    points, first_of = np.unique(values, axis=0, return_index=True)
    rows = rows[first_of]
    how = "kd_tree" if values.shape[1] <= TREE_COLUMNS else "brute"
    search = NearestNeighbors(n_neighbors=2, algorithm=how, n_jobs=1).fit(points)
    places = search.kneighbors(return_distance=False)
    distance = np.linalg.norm(points[:, None, :] - points[places], axis=2)  # exact, where the search rounds
    return Neighbours(rows, rows[places[:, 0]], distance[:, 0], np.maximum(distance[:, 1], distance[:, 0]))


def intrinsic_dimension(found: Neighbours) -> float:
    """The slope of −log(1 − F) over log(d₂/d₁), F the share of rows with a smaller ratio, without the largest.

    Each copy makes two large ratios. Where they are more than are cut off, they would tell of a dimension near 0, in
    which nothing is too near; the lower half of the ratios then tells it.
    """
    logs = np.sort(np.log(found.second / found.first))
    usual, lower = (_slope(logs, cut) for cut in (TOP_CUT, LOWER_HALF))
    return lower if lower > CROWDED * usual else usual


def _slope(logs: FloatArray, cut: float) -> float:
    kept = logs[: int((1 - cut) * logs.size)]
    heights = -np.log1p(-np.arange(1, kept.size + 1) / logs.size)
    square = float(kept @ kept)
    return float(kept @ heights) / square if square > 0 else 1.0


def _distinct(found: Neighbours, chosen: AnyArray) -> list[tuple[int, int]]:
    """Pairs of rows, each once, the smaller row first."""
    pairs = zip(found.rows[chosen].tolist(), found.nearest[chosen].tolist(), strict=True)
    return sorted({(min(pair), max(pair)) for pair in pairs})


def _copied(split: Split, pairs: Sequence[tuple[int, int]], rows: int) -> IntArray:
    """Scored rows of one split with a near copy in its training part."""
    part = np.zeros(rows, dtype=np.int8)
    part[split.train], part[split.score] = 1, 2
    crossing = {b if part[b] == 2 else a for a, b in pairs if {part[a], part[b]} == {1, 2}}
    return np.array(sorted(crossing), dtype=np.int64)


def _most_by_chance(expected: float) -> int:
    """The 0.999 quantile of a Poisson count."""
    from scipy.stats import poisson  # noqa: PLC0415  # heavy

    return int(poisson.ppf(1 - RARE, expected))
