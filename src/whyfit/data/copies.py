"""Rows that are equal in every input column: how many, how many chance would give, and which scored rows are copies.

Two explanations are told apart: rows that were copied, and rows of few distinct values that happen to be equal. Copies
show by their number. Where chance gives many equal rows, a few copies cannot be told from them, and only the score with
and without them says what they do. Whether targets agree is no sign: where they are noiseless, rows that are equal by
chance agree as well (a test of it alarmed on 45 of 300 healthy tables).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from whyfit.data.chance_copies import expected_equal_pairs
from whyfit.data.pair_counts import pair_counts
from whyfit.data.row_codes import equal_rows, row_codes
from whyfit.evidence.dataset import Dataset
from whyfit.evidence.evidence import CopyFacts
from whyfit.evidence.split import Split
from whyfit.evidence.types import BoolArray, IntArray

MOST_ROWS = 20_000
"""Rows among which pairs are counted: 2e8 pairs, 0.2 to 1 s on one core."""

MOST_VALUES = 20_000_000
"""Rows times columns among which pairs are counted, so that large images fit: 40 MB of codes."""

EXAMPLES = 3
"""Groups of equal rows that a report names."""

SAMPLE_SEED = 20_000
"""Of the random rows, where there are more than are compared: the same data always gives the same facts."""


def copy_facts(data: Dataset, splits: Sequence[Split]) -> CopyFacts:
    """Count equal rows.

    Parameters
    ----------
    splits
        Those of one pass: each row is scored at most once.
    """
    same = equal_rows(data)
    return with_copied(equal_pairs(data, same), same, splits)


def with_copied(facts: CopyFacts, same: IntArray, splits: Sequence[Split]) -> CopyFacts:
    """The same facts with the scored rows of these splits that are copies of training rows."""
    scored = [copied_rows(same, split) for split in splits]
    return replace(
        facts,
        copied_score_rows=sum(int(part.sum()) for part in scored),
        scored_rows=sum(part.size for part in scored),
    )


def equal_pairs(data: Dataset, same: IntArray) -> CopyFacts:
    """What does not depend on a division; `same` comes from `equal_rows`."""
    labels = target_codes(data)
    rows = _compared(data)
    codes = row_codes(data, rows)
    counts = pair_counts(codes)
    firsts, seconds = _one_pair_each(same)
    agree = int((labels[firsts] == labels[seconds]).sum())
    return CopyFacts(
        pairs=int(counts[0]),
        expected_pairs=expected_equal_pairs(counts, codes.shape[1]),
        rows_compared=rows.size,
        copied_score_rows=0,
        scored_rows=0,
        agreeing=agree,
        disagreeing=firsts.size - agree,
        examples=_examples(same),
    )


def copied_rows(same: IntArray, split: Split) -> BoolArray:
    """Which score rows of a split, in its order, are equal to a training row; `same` comes from `equal_rows`."""
    return np.isin(same[split.score], same[split.train])


def target_codes(data: Dataset) -> IntArray:
    """(rows,) equal numbers for equal targets."""
    if data.task == "classification":
        return data.target
    return np.unique(data.target, axis=0, return_inverse=True)[1].reshape(-1).astype(np.int64)


def _compared(data: Dataset) -> IntArray:
    most = min(MOST_ROWS, max(2, MOST_VALUES // max(1, len(data.columns))))
    if data.rows <= most:
        return np.arange(data.rows)
    return np.sort(np.random.default_rng(SAMPLE_SEED).choice(data.rows, size=most, replace=False))


def _one_pair_each(same: IntArray) -> tuple[IntArray, IntArray]:
    """The first two rows of every group of equal rows: one pair each, so that no large group outweighs them."""
    order = np.argsort(same, kind="stable")
    ordered = same[order]
    begins = np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]]))
    sizes = np.diff(np.append(begins, same.size))
    begins = begins[sizes > 1]
    return order[begins], order[begins + 1]


def _examples(same: IntArray) -> tuple[tuple[int, ...], ...]:
    firsts, seconds = _one_pair_each(same)
    return tuple((int(a), int(b)) for a, b in zip(firsts[:EXAMPLES], seconds[:EXAMPLES], strict=True))
