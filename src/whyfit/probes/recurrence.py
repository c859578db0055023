"""Probe: how much of the gradient at the output comes back to each time step of a recurrent network's input.

Tells a network that cannot learn from what stands early in a sequence (the gradient fades on its way back through
time; Bengio, Simard and Frasconi 1994) from one that merely has not. One forward and one backward pass. Blind where
every time step has an output of its own: there each input is near to one.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import nn

from whyfit.probes.pair import Pair

LEAST_MOMENTS = 8
"""Time steps below which nothing has far to go."""


def probe_recurrence(pair: Pair) -> dict[str, Any]:
    """Time steps, and the gradient's norm at the first one over the largest at any."""
    taken: list[tuple[nn.RNNBase, torch.Tensor]] = []

    def take(module: nn.Module, given: tuple[Any, ...]) -> tuple[Any, ...] | None:
        sequence = given[0] if given else None
        if taken or not isinstance(module, nn.RNNBase) or not isinstance(sequence, torch.Tensor) or sequence.ndim != 3:
            return None
        leaf = sequence.detach().clone().requires_grad_()
        taken.append((module, leaf))
        return (leaf, *given[1:])

    pair.network.eval()
    handles = [m.register_forward_pre_hook(take) for m in pair.network.modules() if isinstance(m, nn.RNNBase)]
    try:
        with torch.enable_grad():
            output = pair.run() if handles else None
    finally:
        for handle in handles:
            handle.remove()
    if output is None or not taken or not output.requires_grad:
        return {}
    return _by_moment(output, *taken[0])


def _by_moment(output: torch.Tensor, module: nn.RNNBase, leaf: torch.Tensor) -> dict[str, Any]:
    axis = 1 if module.batch_first else 0
    moments = leaf.shape[axis]
    if moments < LEAST_MOMENTS or moments in output.shape[: 2 if output.ndim > 2 else 1]:
        return {}
    mixed = torch.cos(torch.arange(output.numel(), dtype=output.dtype)).reshape(output.shape)  # no two outputs cancel
    (gradient,) = torch.autograd.grad((output * mixed).sum(), [leaf], allow_unused=True, materialize_grads=True)
    sizes = gradient.movedim(axis, 0).reshape(moments, -1).norm(dim=1).tolist()
    largest = max(sizes)
    return {"moments": moments, "first": sizes[0] / largest} if largest > 0 else {}
