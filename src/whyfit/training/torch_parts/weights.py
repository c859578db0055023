"""Kept weights as safetensors: numbers and names, nothing that could be executed."""

from __future__ import annotations

from collections.abc import Iterator

import torch
from safetensors.torch import load, save
from torch import Tensor, nn


def weights_of(module: nn.Module) -> bytes:
    """Parameters and buffers under their names in `state_dict`; shared ones once, under their first name."""
    return save({name: tensor.detach().cpu().contiguous() for name, tensor in _distinct(module)})


@torch.no_grad()
def load_weights(module: nn.Module, weights: bytes) -> None:
    """Put kept weights into a network of the same structure."""
    kept = load(weights)
    for name, tensor in _distinct(module):
        tensor.copy_(kept[name])


def _distinct(module: nn.Module) -> Iterator[tuple[str, Tensor]]:
    """Tied parameters share their memory, which safetensors does not store twice."""
    seen: set[int] = set()
    for name, tensor in module.state_dict(keep_vars=True).items():
        if isinstance(tensor, Tensor) and id(tensor) not in seen:
            seen.add(id(tensor))
            yield name, tensor
