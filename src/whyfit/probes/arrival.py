"""Probe: which parameters take part in the forward pass, and get no gradient from the output all the same.

Tells a layer that is cut off (detached, rebuilt from numbers, run without gradients, or behind a step whose derivative
is zero wherever it has one, as of rounding) from one that is merely not used. One forward and one backward pass. Blind
to what is cut outside the network.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import nn

from whyfit.probes.pair import Pair
from whyfit.vitals.graph import read_graph

FLAT = frozenset({"Round", "Sign", "Sgn", "Floor", "Ceil", "Trunc", "FloorDivide", "Heaviside", "Bernoulli"})
"""Operations through which no gradient comes, though autograd has a backward pass for them."""

MOST = 400
"""Parameters whose order is told: more than a report draws."""


def probe_arrival(pair: Pair) -> dict[str, Any]:
    """Names of parameters that were used and are cut off, of those that were not used, and of the first in order."""
    called: set[int] = set()
    handles = [m.register_forward_pre_hook(lambda module, _: called.add(id(module))) for m in pair.network.modules()]
    pair.network.eval()
    try:
        with torch.enable_grad():
            output = pair.run()
    finally:
        for handle in handles:
            handle.remove()
    named = {name: p for name, p in pair.network.named_parameters() if p.requires_grad}
    if output is None or not named:
        return {}
    arrived, still = _arrived(output, list(named.values()))
    lost = [name for name, there in zip(named, arrived, strict=True) if not there]
    used = [name for name in lost if id(_holder(pair.network, name)) in called]
    steps = sorted({node.name for node in read_graph([output]).nodes if node.name in FLAT})
    zero = [name for name, nothing in zip(named, still, strict=True) if nothing]
    return {
        "cut": used,
        "unused": [name for name in lost if name not in used],
        "wanting": len(named),
        "order": list(named)[:MOST],
    } | ({"flat": zero, "operations": steps} if steps and zero else {})


def _arrived(output: torch.Tensor, parameters: list[nn.Parameter]) -> tuple[list[bool], list[bool]]:
    """Which parameters the output has a derivative by, and which of these are zero throughout."""
    if not output.requires_grad:
        return [False] * len(parameters), [False] * len(parameters)
    mixed = torch.cos(torch.arange(output.numel(), dtype=output.dtype, device=output.device)).reshape(output.shape)
    gradients: tuple[Any, ...] = torch.autograd.grad(
        (output * mixed).sum(), parameters, allow_unused=True, retain_graph=True
    )
    sizes = [None if gradient is None else float(gradient.abs().sum()) for gradient in gradients]
    return [size is not None for size in sizes], [size == 0 for size in sizes]


def _holder(network: nn.Module, name: str) -> nn.Module:
    return network.get_submodule(name.rpartition(".")[0])
