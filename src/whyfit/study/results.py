"""What one arm left behind, as arrays over repeats, seeds and rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np

from whyfit.evidence.dataset import Dataset
from whyfit.evidence.member import Member
from whyfit.evidence.outcome import Outcome
from whyfit.evidence.types import FloatArray, IntArray, Task
from whyfit.evidence.vitals import LayerVitals
from whyfit.study.plan import Arm
from whyfit.study.statistics.losses import Loss, row_losses
from whyfit.study.statistics.weighted import weighed, weighted_mean

ERROR_LOSSES: dict[Task, Loss] = {
    "classification": "zero_one",
    "regression": "squared_error",
    "multilabel": "hamming",
}
SMOOTH_LOSSES: dict[Task, Loss] = {
    "classification": "cross_entropy",
    "regression": "squared_error",
    "multilabel": "binary_cross_entropy",
}


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
    once
        How the rows are divided where that is done once only (`OwnDivision.mode`); else None.
    """

    data: Dataset
    arm: Arm
    members: Sequence[Member]
    outcomes: Sequence[Outcome]
    repeats: int
    folds: int
    once: str | None = None

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

    @property
    def error_loss(self) -> Loss:
        """What the score is measured in: 0-1 error, squared error, or Hamming loss."""
        return ERROR_LOSSES[self.data.task]

    @property
    def smooth_loss(self) -> Loss:
        """What is judged beside the error where that is 0-1: cross-entropy, which shows smaller differences."""
        return SMOOTH_LOSSES[self.data.task]

    def plain_losses(self, loss: Loss) -> FloatArray:
        """(repeats, seeds, rows): a row's loss by the network that was scored on it; a diverged one has no answer."""
        return row_losses(self.predictions, self.data.target, loss)

    def row_losses(self, loss: Loss, centre: float | None = None) -> FloatArray:
        """The same as `weighed` has it where rows have weights: the plain mean is then the weighted one.

        What is compared, or chosen among, needs one `centre`: that of plain.
        """
        return weighed(self.plain_losses(loss), self.data.weights, centre)

    def mean_loss(self, loss: Loss) -> float:
        """The weighted mean of what is known; NaN where nothing is."""
        return weighted_mean(self.plain_losses(loss), self.data.weights)

    @cached_property
    def predictions(self) -> FloatArray:
        """(repeats, seeds, rows, outputs): raw outputs on the row while it was scored; NaN where the fit diverged."""
        table = np.full((self.repeats, self.arm.seeds, self.data.rows, self.data.outputs), np.nan)
        for index, outcome in enumerate(self.outcomes):
            if outcome.predictions is not None and outcome.status == "done":
                repeat, copy = index // (self.folds * self.arm.seeds), index % self.arm.seeds
                table[repeat, copy, outcome.rows] = outcome.predictions
        return table

    @property
    def stop_losses(self) -> FloatArray:
        """(repeats, seeds, folds): mean loss on the stop rows; NaN where there are none, or the fit diverged."""
        return self._by_member("stop_loss").transpose(0, 2, 1)

    @property
    def seconds(self) -> float:
        """Mean training time of one network."""
        return float(np.mean([outcome.seconds for outcome in self.outcomes]))

    @property
    def diverged(self) -> int:
        """Number of fits that did not end in a network."""
        return sum(outcome.status != "done" for outcome in self.outcomes)

    def worst_share(self, what: Literal["dead", "saturated"]) -> float | None:
        """Largest share over hidden layers, mean over networks, at the last sampled moment; None where not measured."""
        shares = [[_share(layer, what) for layer in o.vitals[-1].layers[:-1]] for o in self.outcomes if o.vitals]
        return _finite(np.max(np.mean(shares, axis=0))) if shares and shares[0] else None

    @property
    def gradient_ratio(self) -> float | None:
        """Gradient at the first hidden layer over that at the last one, before the first step, median over networks."""
        starts = [outcome.vitals[0].layers[:-1] for outcome in self.outcomes if outcome.vitals]
        ratios = [
            layers[0].delta_std / layers[-1].delta_std for layers in starts if layers and layers[-1].delta_std > 0
        ]
        return _finite(np.median(ratios)) if ratios else None

    def by_fit(self, name: str) -> FloatArray:
        """(repeats, folds) of a field of `Outcome.final`, averaged over seeds; NaN where a fit diverged."""
        return np.asarray(self._by_member(name).mean(axis=2))

    def first_seed(self, name: str) -> FloatArray:
        """(repeats, folds) of a field of `Outcome.final`, of the first seed alone, which every arm has."""
        return self._by_member(name)[:, :, 0]

    def _by_member(self, name: str) -> FloatArray:
        """(repeats, folds, seeds)."""
        values = [getattr(o.final, name) if o.status == "done" else np.nan for o in self.outcomes]
        return np.array(values, dtype=np.float64).reshape(self.repeats, self.folds, self.arm.seeds)


def _share(layer: LayerVitals, what: Literal["dead", "saturated"]) -> float:
    return layer.dead / layer.units if what == "dead" else layer.saturated_share


def _finite(value: float | np.floating[Any]) -> float | None:
    return float(value) if np.isfinite(value) else None


def mean_of_known(values: FloatArray) -> float:
    """The mean of what is there; NaN where nothing is."""
    known = values[~np.isnan(values)]
    return float(known.mean()) if known.size else float("nan")
