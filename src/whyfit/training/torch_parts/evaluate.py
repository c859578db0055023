"""Full passes in evaluation mode, a chunk of rows at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from whyfit.nets.network import Network
from whyfit.training.torch_parts.losses import Loss, error_of
from whyfit.training.torch_parts.mixed import Mixed
from whyfit.training.torch_parts.rows import Rows

Poll = Callable[[], bool]
"""Whether to stop."""

CHUNK_ROWS = 1024
"""Rows passed at once: enough that a pass is bound by arithmetic, few enough for a convolution's activations."""


class CancelledError(Exception):
    """Somebody asked to stop in the middle of a pass."""


@dataclass(frozen=True, slots=True)
class Mean:
    """Mean loss and mean error over rows."""

    loss: float
    error: float


@contextmanager
def evaluating(module: nn.Module) -> Iterator[None]:
    """Evaluation mode without gradients; every part's own mode is put back after."""
    modes = [(part, part.training) for part in module.modules()]
    module.eval()
    try:
        with torch.no_grad():
            yield
    finally:
        for part, mode in modes:
            part.training = mode


def outputs_of(network: Network, rows: Rows, index: Tensor, poll: Poll) -> Iterator[tuple[Tensor, Tensor]]:
    """(chunk of the index, (rows, outputs)) in evaluation mode, chunk by chunk.

    Raises
    ------
    CancelledError
        `poll` said so between two chunks.
    """
    with evaluating(network.module):
        for chunk in torch.split(index, CHUNK_ROWS):
            if poll():
                raise CancelledError
            yield chunk, network(rows.features(chunk))


def mean_over(network: Network, rows: Rows, index: Tensor, loss: Loss, poll: Poll) -> Mean:
    """Mean loss and error over rows; NaN for none of them."""
    if index.numel() == 0:
        return Mean(float("nan"), float("nan"))
    total, weight, error, count = 0.0, 0.0, 0.0, 0.0
    for chunk, outputs in outputs_of(network, rows, index, poll):
        targets = rows.targets(chunk)
        summed, weighed = loss.total(outputs, targets, own=rows.weights_of(chunk))
        total, weight = total + float(summed), weight + float(weighed)
        error, count = _added(errors(outputs, targets, chunk, rows, loss), chunk, rows, error, count)
    return Mean(total / weight, error / count)


def _added(each: Tensor, index: Tensor, rows: Rows, error: float, count: float) -> tuple[float, float]:
    """The sum of errors, and what to divide it by: the rows, or their own weights."""
    own = rows.weights_of(index)
    if own is None:
        return error + float(each.sum()), count + index.numel()
    return error + float((each * own).sum()), count + float(own.double().sum())


def errors(outputs: Tensor, targets: Tensor, index: Tensor, rows: Rows, loss: Loss) -> Tensor:
    """(rows,) errors: 0-1, the share of wrong labels, or squared in the target's own units."""
    if rows.units is None or loss.labels:
        return error_of(outputs, targets, classes=loss.classes, labels=loss.labels)
    return error_of(rows.own_units(outputs), rows.target[index], classes=0)


class Tally:
    """Running means over the batches of an epoch; errors are counted some batches at a time, which costs less."""

    def __init__(self, rows: Rows, loss: Loss) -> None:
        self._rows, self._loss = rows, loss
        self._total, self._weight, self._error, self._count = 0.0, 0.0, 0.0, 0.0
        self._waiting: list[tuple[Tensor, Tensor]] = []
        self._waiting_rows = 0

    def add(self, index: Tensor, outputs: Tensor, total: float, weight: float, mixed: Mixed | None = None) -> None:
        """Take in one batch: its rows, outputs, summed loss, what to divide that by, and who was mixed with whom.

        A mixed row's own class stays its most probable one, and counts; mixed numbers are compared with mixed ones.
        """
        self._total, self._weight = self._total + total, self._weight + weight
        if mixed is not None and self._rows.units is not None and not self._loss.labels:
            wanted = mixed.weighed(self._rows.target[index], self._weights_of(index))[0]
            self._add_errors(error_of(self._rows.own_units(outputs), wanted, classes=0), index)
            return
        self._waiting.append((index, outputs))
        self._waiting_rows += index.numel()
        if self._waiting_rows >= CHUNK_ROWS:
            self._count_errors()

    def mean(self) -> Mean:
        """The means so far."""
        if self._waiting:
            self._count_errors()
        return Mean(self._total / self._weight, self._error / self._count)

    def _count_errors(self) -> None:
        index, outputs = (torch.cat(parts) for parts in zip(*self._waiting, strict=True))
        self._add_errors(errors(outputs, self._rows.targets(index), index, self._rows, self._loss), index)
        self._waiting, self._waiting_rows = [], 0

    def _add_errors(self, each: Tensor, index: Tensor) -> None:
        self._error, self._count = _added(each, index, self._rows, self._error, self._count)

    def _weights_of(self, index: Tensor) -> Tensor:
        own = self._rows.weights_of(index)
        return torch.ones(index.shape, dtype=torch.float64, device=index.device) if own is None else own
