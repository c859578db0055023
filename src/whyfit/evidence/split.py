"""A split: three disjoint parts of the rows."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from whyfit.evidence.digest import digest_of
from whyfit.evidence.types import IntArray, frozen_array


@dataclass(frozen=True, eq=False)
class Split:
    """Rows to train on, rows to stop and choose by, rows to score on; no row is in two of them.

    Only `train` may hold a row more than once: a bootstrap draws with replacement.

    Attributes
    ----------
    train, stop, score
        Sorted int64 row indices. `stop` is empty where nothing is stopped or chosen.

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
        for part in ("train", "stop", "score"):
            object.__setattr__(self, part, frozen_array(np.sort(getattr(self, part)), np.int64))
        distinct = self.train[np.diff(self.train, prepend=-1) > 0]
        together = np.sort(np.concatenate([distinct, self.stop, self.score]))
        if (np.diff(together) == 0).any():
            raise ValueError("the parts of a split must be disjoint, and only `train` may hold a row twice")

    def __repr__(self) -> str:
        return f"Split(train={self.train.size}, stop={self.stop.size}, score={self.score.size})"

    @cached_property
    def digest(self) -> str:
        """Equal for equal parts."""
        return digest_of(self.train, self.stop, self.score)
