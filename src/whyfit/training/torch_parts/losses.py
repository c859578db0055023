"""The recipe's loss on the torch side: sums and weights apart, so that means over chunks are means over rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn import functional

from whyfit.evidence.dataset import Dataset
from whyfit.evidence.recipe import Recipe
from whyfit.evidence.types import IntArray
from whyfit.training.torch_parts.mixed import Mixed

Elementwise = Callable[..., Tensor]

ELEMENTWISE: dict[str, Elementwise] = {
    "squared_error": functional.mse_loss,
    "absolute_error": functional.l1_loss,
    "huber": functional.huber_loss,
    "binary_cross_entropy": functional.binary_cross_entropy_with_logits,
}
"""Losses that are a mean over rows and outputs; the cross-entropy is a mean over rows."""


class Weighed(NamedTuple):
    """The loss of a batch, Σ wᵢ·lossᵢ over a divisor.

    Attributes
    ----------
    loss
        What its gradient is taken of.
    divisor
        The weights of the rows' classes: the rows' own weights stay in the loss, see `whyfit.training.kernel.score`.
    weight
        Σ wᵢ, which means over several batches are divided by.
    """

    loss: Tensor
    divisor: Tensor | float
    weight: Tensor | float


@dataclass(frozen=True, eq=False)
class Loss:
    """A loss as a sum over rows, and the weight that the sum is divided by.

    Attributes
    ----------
    name
        Name in `whyfit.losses`.
    smoothing
        As in `Recipe.label_smoothing`.
    class_weights
        (classes,) with mean 1 over the training rows; None where every row counts alike.
    classes
        Number of classes; 0 where the targets are numbers, or several labels.
    """

    name: str
    smoothing: float
    class_weights: Tensor | None
    classes: int

    @classmethod
    def of(cls, recipe: Recipe, data: Dataset, train: IntArray, device: str = "cpu") -> Loss:
        """The loss of a recipe on training rows, whose classes are counted for `balanced`."""
        weights = None
        if recipe.class_weights == "balanced":
            weights = balanced(torch.tensor(data.target[train]), data.outputs).to(device)
        return cls(recipe.loss, recipe.label_smoothing, weights, len(data.classes))

    def total(
        self, outputs: Tensor, targets: Tensor, mixed: Mixed | None = None, own: Tensor | None = None
    ) -> tuple[Tensor, Tensor | float]:
        """Σ wᵢ·lossᵢ over the rows, and Σ wᵢ to divide it by; several chunks add up.

        `own` are the rows' own weights, by which they count beside those of their classes.
        """
        if mixed is not None:
            return self._of_mixed(outputs, targets, mixed, own)
        each = self.of_rows(outputs, targets)  # (rows,)
        if self.class_weights is None and own is None:
            return each.sum(), float(outputs.shape[0])
        weights = self._weights(targets, each, own)
        return (each * weights).sum(), weights.sum()

    def _weights(self, targets: Tensor, like: Tensor, own: Tensor | None) -> Tensor:
        """(rows,): of the classes, times the rows' own."""
        weights = torch.ones_like(like) if self.class_weights is None else self.class_weights.to(like.dtype)[targets]
        return weights if own is None else weights * own.to(like.dtype)

    def of_rows(self, outputs: Tensor, targets: Tensor) -> Tensor:
        """(rows,) losses, without class weights."""
        if self.name == "cross_entropy":
            return functional.cross_entropy(outputs, targets, reduction="none", label_smoothing=self.smoothing)
        wanted = self._shares(targets).to(outputs.dtype) if self.classes else targets.to(outputs.dtype)
        return ELEMENTWISE[self.name](outputs, wanted, reduction="none").mean(dim=1)

    def _of_mixed(
        self, outputs: Tensor, targets: Tensor, mixed: Mixed, own: Tensor | None = None
    ) -> tuple[Tensor, Tensor]:
        """The same for rows that were mixed, whose targets are between two classes or numbers."""
        wanted = self._shares(targets) if self.classes else targets
        weights = self._weights(targets, outputs[:, 0], own)
        wanted, weights = mixed.weighed(wanted.to(outputs.dtype), weights)
        return (of_wanted(self.name, outputs, wanted) * weights).sum(), weights.sum()

    def mean(self, outputs: Tensor, targets: Tensor, mixed: Mixed | None = None, own: Tensor | None = None) -> Weighed:
        """The loss of a batch; torch's own mean where rows count alike."""
        if own is not None:
            total, weight = self.total(outputs, targets, mixed, own)
            shares = self._weights(targets, outputs[:, 0], None)
            divisor = shares.sum() if mixed is None else mixed.of(shares.unsqueeze(-1)).sum()
            return Weighed(total / divisor, divisor, weight)
        apart = self.class_weights is not None or (self.classes and self.name != "cross_entropy")
        if apart or mixed is not None:
            total, weight = self.total(outputs, targets, mixed)
            return Weighed(total / weight, weight, weight)
        rows = float(outputs.shape[0])
        if self.name == "cross_entropy":
            mean = functional.cross_entropy(outputs, targets, label_smoothing=self.smoothing)
        else:
            mean = ELEMENTWISE[self.name](outputs, targets.to(outputs.dtype))
        return Weighed(mean, rows, rows)

    def __call__(self, outputs: Tensor, targets: Tensor, own: Tensor | None = None) -> Tensor:
        """The loss of a batch."""
        return self.mean(outputs, targets, own=own).loss

    @property
    def labels(self) -> bool:
        """Whether each output is a yes or a no by itself."""
        return not self.classes and self.name == "binary_cross_entropy"

    def _shares(self, targets: Tensor) -> Tensor:
        """(rows,) class codes → (rows, classes) shares."""
        hot = functional.one_hot(targets, self.classes)
        return hot * (1 - self.smoothing) + self.smoothing / self.classes


def of_wanted(name: str, outputs: Tensor, wanted: Tensor) -> Tensor:
    """(…, rows) losses where each output has a wanted value: shares of the classes, or numbers."""
    if name == "cross_entropy":
        return -(wanted * outputs.log_softmax(dim=-1)).sum(dim=-1)
    return ELEMENTWISE[name](outputs, wanted, reduction="none").mean(dim=-1)


def balanced(classes: Tensor, count: int) -> Tensor:
    """Weights n/(C·n_c), so that each class counts alike and the mean weight over the rows is 1; 0 for an absent class.

    Examples
    --------
    >>> balanced(torch.tensor([0, 0, 0, 1]), 2).tolist()
    [0.6666666865348816, 2.0]
    """
    counts = torch.bincount(classes, minlength=count).double()
    present = counts > 0
    return torch.where(present, classes.numel() / (present.sum() * counts.clamp(min=1)), 0.0).float()


def error_of(outputs: Tensor, targets: Tensor, *, classes: int, labels: bool = False) -> Tensor:
    """(rows,): 1 where the largest logit is not the class's; the share of labels on the wrong side of zero; or the
    squared error over outputs, in the units given.
    """
    if classes:
        return (outputs.argmax(dim=1) != targets).double()
    if labels:
        return ((outputs > 0) != (targets > 0)).double().mean(dim=1)
    return (outputs - targets).square().mean(dim=1)
