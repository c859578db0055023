"""What a probe works on: a private copy of a network, and a private copy of a few rows."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import nn

from whyfit.evidence.types import AnyArray
from whyfit.vitals.numbers import as_array

SEQUENCE_FIRST = (nn.RNNBase, nn.MultiheadAttention)
"""Modules that may take the time steps along the first axis."""
MODE = "training"
"""Keras tells the mode by an argument of this name, so that of the probe takes its place."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A network and one batch, both private."""

    network: nn.Module
    batch: tuple[Any, ...]
    named: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, network: nn.Module, batch: Sequence[Any], named: Mapping[str, Any] | None = None) -> Pair:
        """Copy the network; the batch is a copy already."""
        private = copy.deepcopy(network)
        for parameter in private.parameters():
            parameter.grad = None
        return cls(private, tuple(batch), named or {})

    def run(self) -> torch.Tensor | None:
        """The first tensor that the network gives, in the mode in which it stands."""
        named = {name: self.network.training if name == MODE else value for name, value in self.named.items()}
        output = self.network(*self.batch, **named)
        return first_tensor(output)

    def with_batch(self, *batch: Any) -> Pair:
        """The same network on another batch."""
        return Pair(self.network, batch, self.named)

    @property
    def rows(self) -> int:
        """Rows of the batch; 0 where the first axis is not the one of rows, or cannot be known to be."""
        if self.named or len(self.batch) != 1 or not isinstance(self.batch[0], torch.Tensor) or not self.batch[0].ndim:
            return 0
        return int(self.batch[0].shape[0])

    @property
    def time_may_lead(self) -> bool:
        """Whether a layer takes the time steps along the first axis: then that need not be the one of the rows."""
        layers = [module for module in self.network.modules() if isinstance(module, SEQUENCE_FIRST)]
        return any(not layer.batch_first for layer in layers)


def first_tensor(output: Any) -> torch.Tensor | None:
    """The first floating tensor in what a network returned."""
    if isinstance(output, torch.Tensor):
        return output if output.dtype.is_floating_point else None
    values = output.values() if isinstance(output, dict) else output if isinstance(output, (tuple, list)) else ()
    return next((found for value in values if (found := first_tensor(value)) is not None), None)


def array_of(output: torch.Tensor) -> AnyArray:
    """(rows, everything else), float64."""
    values = as_array(output, most=1 << 22).astype("float64")
    return values.reshape(values.shape[0], -1) if values.ndim else values.reshape(1, 1)
