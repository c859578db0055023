"""What the scripts of the watched cases share: the digits in two halves, and a small perceptron."""

from __future__ import annotations

from functools import lru_cache

import torch
from torch import nn

from handbook.runs import digits

torch.set_num_threads(1)  # small products; more threads wait for each other
BATCH = 32
Rows = tuple[torch.Tensor, torch.Tensor]


@lru_cache(maxsize=1)
def halves() -> tuple[Rows, Rows]:
    """600 rows to train on, the others held out; scaled by the training rows."""
    X, y = digits()
    mean, scale = X[:600].mean(0), X[:600].std(0) + 1e-6
    x = torch.tensor((X - mean) / scale, dtype=torch.float32)
    labels = torch.tensor(y)
    return (x[:600], labels[:600]), (x[600:], labels[600:])


def perceptron(*extra: nn.Module, between: nn.Module | None = None) -> nn.Sequential:
    """64 inputs, one hidden layer of 64 units, 10 outputs, and whatever comes behind."""
    middle = [between] if between is not None else []
    return nn.Sequential(nn.Linear(64, 64), *middle, nn.ReLU(), nn.Linear(64, 10), *extra)
