"""What exams are told of the data and of its division."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from whyfit.data.alike import alike_facts
from whyfit.data.copies import copied_rows, with_copied
from whyfit.data.division import By, division_of
from whyfit.data.near_copies import with_copied as near_copied
from whyfit.data.order import order_facts
from whyfit.data.passes import OwnDivision
from whyfit.data.pretended import pretended_facts
from whyfit.data.row_codes import equal_rows
from whyfit.data.splits import repeat_splits
from whyfit.data.suspects import suspect_facts
from whyfit.data.together import Together, copies_of
from whyfit.evidence.dataset import Dataset
from whyfit.evidence.evidence import CopyFacts, DataFacts, SplitFacts
from whyfit.evidence.leaks import AlikeFacts, ContrastFacts, NearCopyFacts, SuspectFacts
from whyfit.evidence.split import Split
from whyfit.evidence.types import FloatArray, IntArray

PARTS = ("train", "stop", "score")
MOST_COLUMNS = 1_000
"""Columns that are compared one by one between the parts; a random choice of more. A column costs a millisecond."""


def data_facts(data: Dataset) -> DataFacts:
    """What is known of the data as a whole."""
    return DataFacts(
        rows=data.rows,
        columns=len(data.columns),
        task=data.task,
        classes=data.classes,
        class_counts=_counts(data, np.arange(data.rows)),
        target_std=() if data.task != "regression" else tuple(float(value) for value in data.target.std(axis=0)),
        missing=int(np.isnan(data.numeric).sum() + (data.codes < 0).sum()),
        row_numbers=data.row_numbers,
    )


def split_facts(
    data: Dataset,
    splits: Sequence[Split],
    *,
    repeats: int = 1,
    by: By = "auto",
    own: OwnDivision | None = None,
    against: AlikeFacts | None = None,
    suspects: SuspectFacts | None = None,
    together: Together | None = None,
    contrasts: tuple[ContrastFacts, ...] = (),
) -> SplitFacts:
    """How the rows were divided.

    Parameters
    ----------
    splits
        Those of one repeat.
    repeats
        Of how many this is the first.
    by
        As it was given to the division.
    own
        The splitter of the user's that they come from, if they do.
    against
        How new rows compare with the data, where there are any.
    suspects
        What was found before the data was divided; looked for here where it is left out.
    together
        The same of copies. Where they are kept together, copied rows are counted as a division at random has them.
    contrasts
        What networks measured of leaks.
    """
    together = copies_of(data) if together is None else together
    copies, near = _copied(together, splits)
    division = division_of(data, parts=len(splits), by=by)
    times = np.bincount(np.concatenate([split.score for split in splits]), minlength=data.rows)
    kind = "own" if own else "holdout" if len(splits) == 1 else "kfold"
    parts = alike_facts(data, splits[-1].train, splits[-1].score, most_columns=MOST_COLUMNS)
    return SplitFacts(
        kind=kind,
        stratified=division.stratified and own is None,
        folds=len(splits),
        repeats=repeats,
        train=min(split.train.size for split in splits),
        stop=min(split.stop.size for split in splits),
        score=min(split.score.size for split in splits),
        times_scored=(int(times.min()), int(times.max())),
        missing_classes=_missing_classes(data, splits),
        copies=copies,
        by=division.by if own is None or own.mode == "forward" else "own",
        why=division.why if own is None else None,
        scored_classes=_counts(data, np.flatnonzero(times)),
        shared_groups=_shared_groups(data, splits),
        near=near,
        alike=(parts,) if against is None else (parts, against),
        suspects=suspect_facts(data) if suspects is None else suspects,
        pretended=pretended_facts(data, splits),
        splitter=own.name if own else None,
        mode=own.mode if own else None,
        contrasts=contrasts,
        together=together.kinds,
        order=order_facts(data),
        keyless=together.before.groups is None,
    )


def _copied(together: Together, splits: Sequence[Split]) -> tuple[CopyFacts, NearCopyFacts | None]:
    """Copies, with the scored rows that these splits copy, or that a division without keeping them together would."""
    if together.kinds:
        splits = repeat_splits(together.before, max(2, len(splits)), 0, 0)
    near = together.near
    if near is not None:
        near = near_copied(near, together.pairs, splits, together.before.rows)
    return with_copied(together.copies, together.same, splits), near


def with_scores(facts: SplitFacts, data: Dataset, splits: Sequence[Split], losses: FloatArray) -> SplitFacts:
    """The same facts with the score with and without copies and near copies.

    Parameters
    ----------
    splits
        Those of one pass.
    losses
        (rows,) mean loss of each row over the networks of that pass that were scored on it; NaN where there is none.
    """
    same = equal_rows(data)
    copies, near = facts.copies, facts.near
    if facts.together:  # no copy is on both sides here: what copies do is what networks measured both ways
        measured = next((one for one in facts.contrasts if one.kind == "copies"), None)
        return facts if measured is None else _with_contrast(facts, measured)
    if copies is not None:
        exact = np.concatenate([split.score[copied_rows(same, split)] for split in splits])
        both, without = _scores(losses, exact, data.weights)
        copies = replace(copies, score_with=both, score_without=without)
    if near is not None:
        both, without = _scores(losses, np.array(near.copied_rows, dtype=np.int64), data.weights)
        near = replace(near, score_with=both, score_without=without)
    return replace(facts, copies=copies, near=near)


def _with_contrast(facts: SplitFacts, measured: ContrastFacts) -> SplitFacts:
    copies, near, both = facts.copies, facts.near, (measured.score_with, measured.score_without)
    if copies is not None and "copies" in facts.together:
        copies = replace(copies, score_with=both[0], score_without=both[1])
    if near is not None and "near_copies" in facts.together:
        near = replace(near, score_with=both[0], score_without=both[1])
    return replace(facts, copies=copies, near=near)


def _scores(losses: FloatArray, copied: IntArray, weights: FloatArray | None) -> tuple[float | None, float | None]:
    """Over all rows, and without the copies; nothing where no row is a copy, or no other row is left."""
    there = np.isfinite(losses)
    without = there.copy()
    without[copied] = False
    if not without.any() or without.sum() == there.sum():
        return None, None
    own = np.ones(losses.size) if weights is None else weights
    both, rest = (float(np.average(losses[kept], weights=own[kept])) for kept in (there, without))
    return both, rest


def _shared_groups(data: Dataset, splits: Sequence[Split]) -> int:
    """Groups on both sides of some split."""
    if data.groups is None:
        return 0
    groups = data.groups
    return np.unique(np.concatenate([np.intersect1d(groups[one.train], groups[one.score]) for one in splits])).size


def _counts(data: Dataset, rows: IntArray) -> tuple[int, ...]:
    """Rows of each class; empty for regression."""
    if data.task != "classification":
        return ()
    return tuple(int(count) for count in np.bincount(data.target[rows], minlength=len(data.classes)))


def _missing_classes(data: Dataset, splits: Sequence[Split]) -> tuple[tuple[str, str], ...]:
    """(class, part) in the order of classes and parts, each once."""
    if data.task != "classification":
        return ()
    counted = {part: np.array([_counts(data, getattr(split, part)) for split in splits]) for part in PARTS}
    gone = {part: (counts == 0).any(axis=0) for part, counts in counted.items()}
    return tuple((name, part) for code, name in enumerate(data.classes) for part in PARTS if gone[part][code])
