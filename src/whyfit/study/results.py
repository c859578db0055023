"""What one arm left behind, as arrays over repeats, seeds and rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from whyfit.evidence.dataset import Dataset
from whyfit.evidence.member import Member
from whyfit.evidence.outcome import Outcome
from whyfit.evidence.types import AnyArray, FloatArray, IntArray
from whyfit.study.plan import Arm

Measure = Callable[[AnyArray, AnyArray], FloatArray]
"""From raw outputs and targets to one number a row."""


@dataclass(frozen=True, eq=False)
class ArmResults:
    """The complete repeats of one arm.

    Attributes
    ----------
    data, arm
        What was trained on what.
    members, outcomes
        In plan order: by repeat, then fold, then seed.
    repeats, folds
        R and k.
    """

    data: Dataset
    arm: Arm
    members: Sequence[Member]
    outcomes: Sequence[Outcome]
    repeats: int
    folds: int

    def __post_init__(self) -> None:
        """Hold that nothing is missing: results of half a repeat would be scored on other rows than the rest."""
        assert len(self.members) == len(self.outcomes) == self.repeats * self.folds * self.arm.seeds

    @property
    def training_rows(self) -> int:
        """m: the rows that one network was trained on; folds differ by one row at most, the smallest is given."""
        return min(member.split.train.size for member in self.members)

    @cached_property
    def fold_of_row(self) -> IntArray:
        """(repeats, rows): the fold in which each row is scored."""
        fold = np.zeros((self.repeats, self.data.rows), dtype=np.int64)
        for member in self.members:
            fold[member.block.repeat, member.split.score] = member.block.fold
        return fold

    @cached_property
    def errors(self) -> FloatArray:
        """(repeats, seeds, rows): 0-1 error, or squared error (mean over outputs); NaN where the fit diverged."""
        return self._by_row(_errors)

    @cached_property
    def losses(self) -> FloatArray:
        """(repeats, seeds, rows): cross-entropy, or squared error; NaN where the fit diverged."""
        return self._by_row(_cross_entropies if self.data.task == "classification" else _errors)

    @cached_property
    def predictions(self) -> FloatArray:
        """(repeats, seeds, rows, outputs): raw outputs on the row while it was scored; NaN where the fit diverged."""
        table = np.full((self.repeats, self.arm.seeds, self.data.rows, self.data.outputs), np.nan, dtype=np.float32)
        for index, outcome in enumerate(self.outcomes):
            if outcome.predictions is not None and outcome.status == "done":
                repeat, copy = self._place(index)
                table[repeat, copy, outcome.rows] = outcome.predictions
        return table

    def by_fit(self, name: str) -> FloatArray:
        """(repeats, folds) of a field of `Outcome.final`, averaged over seeds; NaN where a fit diverged."""
        values = [getattr(o.final, name) if o.status == "done" else np.nan for o in self.outcomes]
        table = np.array(values, dtype=np.float64).reshape(self.repeats, self.folds, self.arm.seeds)
        return np.asarray(table.mean(axis=2))

    def _place(self, index: int) -> tuple[int, int]:
        return index // (self.folds * self.arm.seeds), index % self.arm.seeds

    def _by_row(self, measure: Measure) -> FloatArray:
        table = np.full((self.repeats, self.arm.seeds, self.data.rows), np.nan)
        for index, outcome in enumerate(self.outcomes):
            if outcome.predictions is not None and outcome.status == "done":
                repeat, copy = self._place(index)
                table[repeat, copy, outcome.rows] = measure(outcome.predictions, self.data.target[outcome.rows])
        return table


def _errors(outputs: FloatArray, target: FloatArray | IntArray) -> FloatArray:
    if target.ndim == 1:
        return np.asarray(outputs.argmax(axis=1) != target, dtype=np.float64)
    return np.asarray(((outputs.astype(np.float64) - target) ** 2).mean(axis=1))


def _cross_entropies(outputs: FloatArray, target: IntArray) -> FloatArray:
    logits = outputs.astype(np.float64)
    top = logits.max(axis=1)
    log_sum = top + np.log(np.exp(logits - top[:, None]).sum(axis=1))
    return np.asarray(log_sum - logits[np.arange(target.size), target])
