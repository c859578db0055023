"""The recipe's loss for a whole cohort: one sum and one weight a member."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import torch
from torch import Tensor
from torch.nn import functional

from whyfit.training.torch_parts.losses import ELEMENTWISE, Loss, error_of, of_wanted
from whyfit.training.torch_parts.mixed import Mixed
from whyfit.training.torch_parts.rows import Rows


@dataclass(frozen=True, eq=False)
class CohortLoss:
    """The losses of the members, of one name; smoothing and class weights are each member's own.

    Attributes
    ----------
    name, classes
        As in `Loss`.
    smoothing
        (members,) float32.
    class_weights
        (members, classes); None where no member asks for any.
    smooths
        Whether any member smooths: known without a look at the device.
    """

    name: str
    classes: int
    smoothing: Tensor
    class_weights: Tensor | None
    smooths: bool

    @classmethod
    def of(cls, losses: Sequence[Loss], device: str) -> Self:
        """From the losses that the members have alone."""
        first = losses[0]
        ones = torch.ones(first.classes, device=device)
        weights = [ones if loss.class_weights is None else loss.class_weights for loss in losses]
        weighted = any(loss.class_weights is not None for loss in losses)
        smoothing = torch.tensor([loss.smoothing for loss in losses], device=device)
        smooths = any(loss.smoothing for loss in losses)
        return cls(first.name, first.classes, smoothing, torch.stack(weights) if weighted else None, smooths)

    def kept(self, index: Tensor) -> CohortLoss:
        """Of some of the members."""
        weights = None if self.class_weights is None else self.class_weights[index]
        return CohortLoss(self.name, self.classes, self.smoothing[index], weights, self.smooths)

    def total(
        self,
        outputs: Tensor,
        targets: Tensor,
        there: Tensor | None = None,
        mixed: Mixed | None = None,
        own: Tensor | None = None,
    ) -> tuple[Tensor, Tensor]:
        """Σ wᵢ·lossᵢ over the rows of each member, and Σ wᵢ.

        Parameters
        ----------
        outputs
            (members, rows, outputs).
        targets
            (members, rows) classes, or (members, rows, outputs).
        there
            (members, rows) 1 for a row, 0 for what only fills up; None where all are rows.
        mixed
            Who was mixed with whom, of a training batch.
        own
            (members, rows) the rows' own weights; None where all count alike.
        """
        if mixed is not None:
            return self._of_mixed(outputs, targets, mixed, own)
        each = self._cross_entropy(outputs, targets) if self.name == "cross_entropy" else self._mean(outputs, targets)
        weights = self._weights(targets, each, own)
        weights = weights if there is None else weights * there
        return (each * weights).sum(dim=1), weights.sum(dim=1)

    def divisor(self, outputs: Tensor, targets: Tensor, mixed: Mixed | None = None) -> Tensor:
        """(members,): what the gradient of a batch is divided by where rows have weights of their own (`Weighed`)."""
        shares = self._weights(targets, outputs[..., 0], None)
        return (shares if mixed is None else mixed.of(shares.unsqueeze(-1)).squeeze(-1)).sum(dim=1)

    def _weights(self, targets: Tensor, like: Tensor, own: Tensor | None) -> Tensor:
        """(members, rows): of the classes, times the rows' own."""
        weights = torch.ones_like(like) if self.class_weights is None else self.class_weights.gather(1, targets)
        return weights if own is None else weights * own

    def _of_mixed(
        self, outputs: Tensor, targets: Tensor, mixed: Mixed, own: Tensor | None = None
    ) -> tuple[Tensor, Tensor]:
        """The same for rows that were mixed, whose targets are between two classes or numbers."""
        wanted = self._shares(targets) if self.classes else targets
        weights = self._weights(targets, outputs[..., 0], own)
        wanted, weights = mixed.weighed(wanted.to(outputs.dtype), weights)
        return (of_wanted(self.name, outputs, wanted) * weights).sum(dim=1), weights.sum(dim=1)

    @property
    def labels(self) -> bool:
        """As in `Loss`."""
        return not self.classes and self.name == "binary_cross_entropy"

    def _cross_entropy(self, outputs: Tensor, targets: Tensor) -> Tensor:
        """(members, rows)."""
        members, rows = targets.shape
        flat = functional.cross_entropy(outputs.flatten(0, 1), targets.flatten(), reduction="none")
        each = flat.view(members, rows)
        if not self.smooths:
            return each
        share = self.smoothing.unsqueeze(1)
        return (1 - share) * each - share * outputs.log_softmax(dim=2).mean(dim=2)

    def _mean(self, outputs: Tensor, targets: Tensor) -> Tensor:
        """(members, rows): the mean over outputs of a loss that is taken output by output."""
        wanted = self._shares(targets) if self.classes else targets
        return ELEMENTWISE[self.name](outputs, wanted.to(outputs.dtype), reduction="none").mean(dim=2)

    def _shares(self, targets: Tensor) -> Tensor:
        share = self.smoothing.view(-1, 1, 1)
        return functional.one_hot(targets, self.classes) * (1 - share) + share / self.classes


def cohort_errors(outputs: Tensor, targets: Tensor, index: Tensor, rows: Rows, loss: CohortLoss) -> Tensor:
    """(members, rows) errors: 0-1, the share of wrong labels, or squared in the target's own units."""
    own = rows.own_units(outputs) if rows.units is not None else outputs
    wanted = rows.target[index] if rows.units is not None else targets
    each = error_of(own.flatten(0, 1), wanted.flatten(0, 1), classes=loss.classes, labels=loss.labels)
    return each.view(index.shape)
