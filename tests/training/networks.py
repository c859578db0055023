"""Users' networks for the tests of the torch engines, over 6 features or over images of 6 × 6."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

TIMES = 3


def dense() -> nn.Module:
    """Two hidden layers with dropout."""
    return nn.Sequential(
        nn.Linear(6, 12), nn.ReLU(), nn.Dropout(0.2), nn.Linear(12, 8), nn.Tanh(), nn.Dropout(0.2), nn.Linear(8, 3)
    )


def convolutional() -> nn.Module:
    """A convolution with batch norm, and whole channels dropped."""
    return nn.Sequential(
        nn.Conv2d(1, 4, 3), nn.BatchNorm2d(4), nn.ReLU(inplace=True), nn.Dropout2d(0.2), nn.Flatten(), nn.Linear(64, 2)
    )


def stated_inside() -> nn.Module:
    """A class that the function states anew at each call, as in a notebook."""

    class Inside(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.first, self.last = nn.Linear(6, 8), nn.Linear(8, 3)

        def forward(self, x: Tensor) -> Tensor:
            return self.last(torch.tanh(self.first(x)))

    return Inside()


class Recurrent(nn.Module):
    """Two recurrent layers with dropout between, over three times of two features."""

    def __init__(self, kind: type[nn.RNNBase] = nn.LSTM, *, both_ways: bool = False, **options: object) -> None:
        super().__init__()
        self.cell = kind(2, 5, num_layers=2, dropout=0.3, batch_first=True, bidirectional=both_ways, **options)
        self.last = nn.Linear(10 if both_ways else 5, 3)

    def forward(self, x: Tensor) -> Tensor:
        """The last time decides."""
        return self.last(self.cell(x.view(len(x), TIMES, 2))[0][:, -1])


class Transformer(nn.Module):
    """One layer of attention, dropout inside it included."""

    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Linear(2, 8)
        self.layer = nn.TransformerEncoderLayer(8, 2, 16, dropout=0.1, batch_first=True)
        self.last = nn.Linear(8, 3)

    def forward(self, x: Tensor) -> Tensor:
        """The mean over the times decides."""
        return self.last(self.layer(self.first(x.view(len(x), TIMES, 2))).mean(1))


class Embedded(nn.Module):
    """Features rounded to words, looked up in a table."""

    def __init__(self) -> None:
        super().__init__()
        self.words, self.last = nn.Embedding(9, 4), nn.Linear(24, 3)

    def forward(self, x: Tensor) -> Tensor:
        """Words beside each other."""
        return self.last(self.words((x * 2 + 4).clamp(0, 8).long()).flatten(1))


class Tied(nn.Module):
    """One weight matrix used twice, once transposed."""

    def __init__(self) -> None:
        super().__init__()
        self.into, self.back, self.last = nn.Linear(6, 4), nn.Linear(4, 6), nn.Linear(6, 3)
        self.same = nn.Linear(6, 4)
        self.same.weight = self.into.weight

    def forward(self, x: Tensor) -> Tensor:
        """There and back."""
        return self.last(self.back(torch.tanh(self.into(x)) + self.same(x)))


class Functional(nn.Module):
    """Dropout and activations as functions, a frozen layer, SELU's own dropout."""

    def __init__(self) -> None:
        super().__init__()
        self.frozen, self.one, self.last = nn.Linear(6, 6), nn.Linear(6, 8), nn.Linear(8, 3)
        self.frozen.requires_grad_(requires_grad=False)

    def forward(self, x: Tensor) -> Tensor:
        """Everything by functions."""
        x = functional.selu(self.one(functional.dropout(self.frozen(x), 0.1, training=self.training)))
        return self.last(functional.alpha_dropout(x, 0.1, training=self.training))


class DrawsInForward(nn.Module):
    """Adds noise from torch's own generator while training."""

    def __init__(self) -> None:
        super().__init__()
        self.last = nn.Linear(6, 3)

    def forward(self, x: Tensor) -> Tensor:
        """Noise on the inputs."""
        return self.last(x + 0.1 * torch.randn_like(x) if self.training else x)


class AlwaysDrops(nn.Module):
    """A classic mistake: functional dropout that stays on in evaluation."""

    def __init__(self) -> None:
        super().__init__()
        self.one, self.last = nn.Linear(6, 12), nn.Linear(12, 3)

    def forward(self, x: Tensor) -> Tensor:
        """`training` was forgotten."""
        return self.last(functional.dropout(torch.relu(self.one(x)), 0.3))


class RaisesLater(nn.Module):
    """Works for some steps, then raises."""

    def __init__(self, after: int = 12) -> None:
        super().__init__()
        self.last, self.count, self.after = nn.Linear(6, 3), 0, after

    def forward(self, x: Tensor) -> Tensor:
        """Raise in the training mode alone."""
        self.count += self.training
        if self.count > self.after:
            raise RuntimeError("out of patience")
        return self.last(x)
