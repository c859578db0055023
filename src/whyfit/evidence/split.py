"""A split: three disjoint parts of the rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import Any

import numpy as np

from whyfit.errors import ArgumentError, all_together
from whyfit.evidence.digest import digest_of
from whyfit.evidence.types import IntArray, frozen_array

PARTS = ("train", "stop", "score")

ADVICE = "Give each row to one part; `whyfit.splits` makes such splits."

NAMED = 3
"""Rows that a message names: enough to look them up."""


@dataclass(frozen=True, eq=False)
class Split:
    """Rows to train on, rows to stop and choose by, rows to score on; no row is in two of them.

    Only `train` may hold a row more than once: a bootstrap draws with replacement.

    Attributes
    ----------
    train, stop, score
        Sorted int64 row indices. `stop` is empty where nothing is stopped or chosen.

    Raises
    ------
    ArgumentError
        A part is no list of row numbers, or a row is where it may not be; all parts together.

    Examples
    --------
    >>> Split(train=np.array([0, 1]), stop=np.array([2]), score=np.array([3]))
    Split(train=2, stop=1, score=1)
    """

    train: IntArray
    stop: IntArray
    score: IntArray

    def __post_init__(self) -> None:
        """Sort and freeze the three parts, and hold that they are disjoint."""
        problems = [problem for part in PARTS for problem in _of_numbers(part, getattr(self, part))]
        if not problems:
            for part in PARTS:
                object.__setattr__(self, part, frozen_array(np.sort(getattr(self, part)), np.int64))
            problems = [*_overlaps({part: getattr(self, part) for part in PARTS})]
        if problems:
            raise ArgumentError(all_together(problems), where="split", advice=ADVICE)

    def __repr__(self) -> str:
        return f"Split(train={self.train.size}, stop={self.stop.size}, score={self.score.size})"

    @cached_property
    def digest(self) -> str:
        """Equal for equal parts."""
        return digest_of(self.train, self.stop, self.score)


def _of_numbers(part: str, given: Any) -> Iterator[str]:
    """What is wrong with a part by itself."""
    rows = np.asarray(given)
    if rows.ndim != 1 or (rows.size and rows.dtype.kind not in "iu"):
        hint = " A mask becomes row numbers by `numpy.flatnonzero`." if rows.dtype.kind == "b" else ""
        yield f"`{part}` must be a list of row numbers, got {rows.dtype} of shape {rows.shape}.{hint}"


def _overlaps(parts: Mapping[str, IntArray]) -> Iterator[str]:
    """Rows that stand twice in a part other than `train`, or in two parts."""
    together = np.sort(np.concatenate([np.unique(parts["train"]), parts["stop"], parts["score"]]))
    if not (np.diff(together) == 0).any():
        return
    for part in PARTS[1:]:
        again = parts[part][1:][np.diff(parts[part]) == 0]
        if again.size:
            yield f"`{part}` must have each row once, got {_some(again)} more than once."
    for one, other in combinations(PARTS, 2):
        common = np.intersect1d(parts[one], parts[other])
        if common.size:
            yield f"`{one}` and `{other}` must have no row in common, got {_some(common)} in both."


def _some(rows: IntArray) -> str:
    """The first few rows."""
    named = ", ".join(str(row) for row in rows[:NAMED])
    return f"row{'s' if rows.size > 1 else ''} {named}" + (" …" if rows.size > NAMED else "")
