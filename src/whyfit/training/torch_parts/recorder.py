"""What is written down of one member while it trains: curves, the best epoch, the kept weights."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import torch
from torch import Tensor, nn

from whyfit.evidence.outcome import Curves
from whyfit.training.torch_parts.evaluate import Mean

State = dict[str, Tensor]


@dataclass(slots=True)
class Recorder:
    """Curves by epoch and the epoch whose weights are kept.

    Attributes
    ----------
    patience
        Epochs without a strictly lower stop loss before training ends; None trains all epochs and keeps the last.
    """

    patience: int | None
    train: list[Mean] = field(default_factory=list)
    stop: list[Mean] = field(default_factory=list)
    best_epoch: int = 0
    lowest: float = float("inf")

    @property
    def epochs(self) -> int:
        """Epochs finished."""
        return len(self.train)

    def note(self, train: Mean, stop: Mean) -> bool:
        """Write down one finished epoch; whether its weights are to be kept."""
        self.train.append(train)
        self.stop.append(stop)
        if self.patience is None:
            self.best_epoch = self.epochs
            return False  # the last weights are kept by leaving them where they are
        if not stop.loss < self.lowest:
            return False
        self.lowest, self.best_epoch = stop.loss, self.epochs
        return True

    @property
    def finished(self) -> bool:
        """Whether patience has run out."""
        return self.patience is not None and self.epochs - self.best_epoch >= self.patience

    def curves(self) -> Curves:
        """The four curves."""
        return Curves(
            train_loss=np.array([mean.loss for mean in self.train]),
            train_error=np.array([mean.error for mean in self.train]),
            stop_loss=np.array([mean.loss for mean in self.stop]),
            stop_error=np.array([mean.error for mean in self.stop]),
        )


def state_of(module: nn.Module) -> State:
    """A copy of parameters and buffers: batch norm's running statistics belong to the weights they were made with."""
    return {name: tensor.detach().clone() for name, tensor in _tensors(module)}


def restore(module: nn.Module, state: State) -> None:
    """Put back what `state_of` copied."""
    with torch.no_grad():
        for name, tensor in _tensors(module):
            tensor.copy_(state[name])


def _tensors(module: nn.Module) -> Iterator[tuple[str, Tensor]]:
    """Parameters and buffers, stored in checkpoints or not; what is shared comes once."""
    yield from module.named_parameters()
    yield from module.named_buffers()
