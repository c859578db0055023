"""What a division of the rows must respect (classes, groups, time), and parts cut off by scikit-learn's splitters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np

from whyfit.errors import ArgumentError
from whyfit.evidence.dataset import Dataset
from whyfit.evidence.split import Split
from whyfit.evidence.types import AnyArray, IntArray

By: TypeAlias = Literal["auto", "random", "stratified", "groups", "time"]
"""What to respect; `auto`: time where the data has it, else groups where it has them, else classes, else nothing."""

MANY_ROWS, TWENTIETHS = 200_000, 20
"""With more rows a part is cut off in twentieths, by folds: scikit-learn's shuffled splits hold every row as an object.
"""

SMALL_GROUPS = 2
"""Rows a group on average, under which groups are divided as rows are: scikit-learn's group folds weigh every group
against every fold, a minute for 100,000 of them. Chosen."""

BYS = ("auto", "random", "stratified", "groups", "time")

STOP_SHARE = 0.2
"""Of the rows that are not scored; with five folds training has 64 % of all rows."""


@dataclass(frozen=True, slots=True)
class Division:
    """What a division respects.

    Attributes
    ----------
    by
        `random`, `stratified`, `groups` or `time`.
    stratified
        Whether classes keep their proportions; with groups as far as groups allow.
    why
        Code of the reason where it is not what one would expect: `rare_classes`, where classes with too few rows for
        every part were divided together.

    Examples
    --------
    >>> from whyfit.data.load import load
    >>> division_of(load(), parts=5)
    Division(by='stratified', stratified=True, why=None)
    """

    by: Literal["random", "stratified", "groups", "time"]
    stratified: bool
    why: str | None = None


def division_of(data: Dataset, *, parts: int, by: By = "auto") -> Division:
    """Decide what to respect.

    Parameters
    ----------
    parts
        Into how many parts every class should go.

    Raises
    ------
    ArgumentError
        Where the data has no groups, times or classes to respect.
    """
    if by not in BYS:
        raise ArgumentError(f"`by` must be one of {', '.join(map(repr, BYS))}, got {by!r}.", advice="Leave it out.")
    chosen = _chosen(data) if by == "auto" else by
    if (chosen == "groups" and data.groups is None) or (chosen == "time" and data.time is None):
        raise ArgumentError(
            f"`by={chosen!r}` needs data with {chosen}, and this has none.",
            advice=f"Load it with `whyfit.splits.load(..., {chosen}=COLUMN)`.",
        )
    if chosen == "stratified" and data.task == "regression":
        raise ArgumentError("`by='stratified'` needs classes; this is a regression.", advice="Leave `by` out.")
    stratified = chosen == "stratified" or (chosen == "groups" and data.task != "regression")
    rare = stratified and data.task == "classification" and int(np.bincount(data.target).min()) < parts
    return Division(chosen, stratified, "rare_classes" if rare else None)


def _chosen(data: Dataset) -> Literal["random", "stratified", "groups", "time"]:
    if data.time is not None:
        return "time"
    if data.groups is not None:
        return "groups"
    return "random" if data.task == "regression" else "stratified"


def labels_of(data: Dataset) -> IntArray:
    """(rows,) what to stratify by: classes, or which labels a row has together (rare combinations share one stratum).

    Examples
    --------
    >>> from whyfit.data.digits import digits
    >>> labels_of(digits())[:4].tolist()
    [0, 1, 2, 3]
    """
    if data.task == "classification":
        return data.target
    return np.unique(data.target, axis=0, return_inverse=True)[1].reshape(-1).astype(np.int64)


def strata(labels: AnyArray, least: int) -> IntArray:
    """Labels to stratify by, each with at least `least` rows: rarer classes share one, or join the largest.

    Labels are whole numbers from 0.

    Examples
    --------
    >>> strata(np.array([0, 0, 0, 0, 1, 2, 2]), least=3)
    array([0, 0, 0, 0, 1, 1, 1])
    >>> strata(np.array([0, 0, 0, 0, 1]), least=3)
    array([0, 0, 0, 0, 0])
    """
    codes = labels.astype(np.int64)
    counts = np.bincount(codes)
    rare = (counts < least) & (counts > 0)
    if rare.any():
        together = int(np.flatnonzero(rare)[0]) if counts[rare].sum() >= least else int(counts.argmax())
        codes = np.where(rare[codes], together, codes)
    return codes


def random_state(seed: int, *path: int) -> int:
    """A number for scikit-learn's splitters: another one for every seed and every path, on every machine the same.

    Examples
    --------
    >>> random_state(0, 1) == random_state(0, 1), random_state(0, 1) == random_state(1, 0)
    (True, False)
    """
    entropy = [seed, len(path), *path]  # with the length, as numpy takes [1] and [1, 0] for the same
    return int(np.random.SeedSequence(entropy).generate_state(1)[0])


def folds_of(data: Dataset, rows: IntArray, folds: int, division: Division, state: int) -> list[IntArray]:
    """Divide rows into folds, each row in one; sorted row numbers of the dataset."""
    from sklearn.model_selection import GroupKFold, KFold, StratifiedGroupKFold, StratifiedKFold  # noqa: PLC0415

    options: dict[str, Any] = {"n_splits": folds, "shuffle": True, "random_state": state}
    labels = strata(labels_of(data)[rows], folds) if division.stratified else np.zeros(rows.size, dtype=np.int64)
    groups = data.groups[rows] if division.by == "groups" and data.groups is not None else None
    if groups is not None and np.unique(groups).size * SMALL_GROUPS > rows.size:
        return _folds_of_small_groups(rows, groups, labels, options)
    if groups is not None:
        many = division.stratified and np.unique(labels).size > 1
        chosen = _tested(StratifiedGroupKFold(**options), labels, groups) if many else None
        return [rows[fold] for fold in chosen or _tested(GroupKFold(**options), labels, groups) or []]
    splitter = StratifiedKFold(**options) if division.stratified else KFold(**options)
    return [rows[fold] for fold in _tested(splitter, labels, groups) or []]


def _folds_of_small_groups(
    rows: IntArray, groups: IntArray, labels: IntArray, options: dict[str, Any]
) -> list[IntArray]:
    """Divide the first rows of groups, by their class, and let the others follow: most groups are one row."""
    from sklearn.model_selection import KFold, StratifiedKFold  # noqa: PLC0415

    firsts, of_row = np.unique(groups, return_index=True, return_inverse=True)[1:]
    stratify = strata(labels[firsts], options["n_splits"])
    splitter = StratifiedKFold(**options) if np.unique(stratify).size > 1 else KFold(**options)
    number = np.empty(firsts.size, dtype=np.int64)
    for fold, tested in enumerate(_tested(splitter, stratify, None) or []):
        number[tested] = fold
    return [rows[number[of_row] == fold] for fold in range(options["n_splits"])]


def _tested(splitter: Any, labels: IntArray, groups: IntArray | None) -> list[IntArray] | None:
    """The tested rows of each fold; None where one is empty, as stratified group folds can be when groups are few."""
    tested = [fold for _, fold in splitter.split(np.zeros(labels.size), labels, groups)]
    return tested if all(fold.size for fold in tested) else None


def cut_off(data: Dataset, rows: IntArray, share: float, division: Division, state: int) -> tuple[IntArray, IntArray]:
    """Divide rows into a rest and a part with about that share of them; with groups, of whole groups."""
    if division.by == "groups" and data.groups is not None:
        parts = min(max(2, round(1 / share)), np.unique(data.groups[rows]).size)
        part = folds_of(data, rows, parts, division, state)[0]
        return rows[~np.isin(rows, part)], part
    if rows.size > MANY_ROWS:
        folds = folds_of(data, rows, TWENTIETHS, division, state)
        part = np.sort(np.concatenate(folds[: min(max(1, round(share * TWENTIETHS)), TWENTIETHS - 1)]))
        return rows[~np.isin(rows, part)], part
    from sklearn.model_selection import ShuffleSplit, StratifiedShuffleSplit  # noqa: PLC0415

    size = min(max(1, round(share * rows.size)), rows.size - 1)
    labels = strata(labels_of(data)[rows], -(-rows.size // size)) if division.stratified else None
    useful = labels is not None and np.unique(labels).size <= min(size, rows.size - size)
    splitter = (StratifiedShuffleSplit if useful else ShuffleSplit)(n_splits=1, test_size=size, random_state=state)
    rest, part = next(splitter.split(np.zeros(rows.size), labels))
    return rows[rest], rows[part]


def with_stop(data: Dataset, rest: IntArray, score: IntArray, stop: float, division: Division, state: int) -> Split:
    """A split of scored rows and a rest, of which that share is for stopping."""
    train, stopping = cut_off(data, rest, stop, division, state)
    return Split(train, stopping, score)
