"""Probe: which parameters take part in the forward pass, and get no gradient from the output all the same.

Tells a layer that is cut off (detached, rebuilt from numbers, run without gradients) from one that is merely not used.
One forward and one backward pass. Blind to what is cut outside the network.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import nn

from whyfit.probes.pair import Pair

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
    arrived = _arrived(output, list(named.values()))
    lost = [name for name, there in zip(named, arrived, strict=True) if not there]
    used = [name for name in lost if id(_holder(pair.network, name)) in called]
    return {
        "cut": used,
        "unused": [name for name in lost if name not in used],
        "wanting": len(named),
        "order": list(named)[:MOST],
    }


def _arrived(output: torch.Tensor, parameters: list[nn.Parameter]) -> list[bool]:
    if not output.requires_grad:
        return [False] * len(parameters)
    gradients = torch.autograd.grad(output.sum(), parameters, allow_unused=True)
    return [gradient is not None for gradient in gradients]


def _holder(network: nn.Module, name: str) -> nn.Module:
    return network.get_submodule(name.rpartition(".")[0])
