"""Probe: how large the values are that a layer is given in training mode, on average, over those in evaluation mode.

Tells masks that are divided by the share that they keep (the mean stays what it is; Srivastava et al. 2014, section 10)
from masks that are not: then every layer behind them is given more in evaluation than it was trained on. Modules of
torch's own that draw or normalise stay in evaluation mode, so what differs was written by hand. Thirty-two forward
passes. The first layer counts for nothing: inputs may be masked as they are. Blind to masks in front of no matrix.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import nn
from torch.nn.modules.batchnorm import _NormBase
from torch.nn.modules.conv import _ConvNd
from torch.nn.modules.dropout import _DropoutNd

from whyfit.probes.pair import Pair

PASSES = 32
LAYERS = (nn.Linear, _ConvNd, nn.RNNBase)
SAME = 1e-6
"""Relative difference below which both modes give a layer the same."""
LARGEST = 1 << 20
"""Values of one layer's input above which only the first ones are kept."""


def probe_scale(pair: Pair) -> dict[str, Any]:
    """The first layer whose input differs in training mode: its name, and the slope of its mean by evaluation's.

    `error` is the standard error of the slope over the passes; empty where nothing is drawn by hand.
    """
    if all(type(module).__module__.split(".")[0] == "torch" for module in pair.network.modules()):
        return {}
    plain, names = _inputs(pair, training=False)
    again, _ = _inputs(pair, training=False)
    if any(name not in again or _differ(plain[name], again[name]) for name in names):
        return {}  # something is drawn in evaluation mode too, and there is no mean to compare with
    drawn, _ = _inputs(pair, training=True)
    changed = [name for name in names[1:] if name in drawn and _differ(plain[name], drawn[name])]
    if not changed:
        return {}
    first = changed[0]
    passes = [drawn[first]] + [_inputs(pair, training=True)[0][first] for _ in range(PASSES - 1)]
    base = plain[first].double()
    size = float((base * base).sum())
    if any(one.shape != base.shape for one in passes) or not size > 0:
        return {}
    slopes = torch.stack([(one.double() * base).sum() for one in passes]) / size
    error = float(slopes.std()) / PASSES**0.5
    return {"layer": first, "slope": float(slopes.mean()), "error": error}


def _inputs(pair: Pair, *, training: bool) -> tuple[dict[str, torch.Tensor], list[str]]:
    """The first input of every layer, and the layers in the order in which they are called."""
    given: dict[str, torch.Tensor] = {}

    def take(name: str) -> Any:
        def hook(_module: nn.Module, args: tuple[Any, ...]) -> None:
            if name not in given and args and isinstance(args[0], torch.Tensor):
                given[name] = args[0].detach().reshape(-1)[:LARGEST].clone()

        return hook

    layers = [(name, module) for name, module in pair.network.named_modules() if isinstance(module, LAYERS)]
    handles = [module.register_forward_pre_hook(take(name)) for name, module in layers]
    pair.network.train(training)
    for module in pair.network.modules():
        if isinstance(module, (_NormBase, _DropoutNd)):
            module.eval()
    try:
        with torch.no_grad():
            pair.run()
    finally:
        for handle in handles:
            handle.remove()
    return given, list(given)


def _differ(one: torch.Tensor, other: torch.Tensor) -> bool:
    return one.shape == other.shape and float((one - other).norm()) > SAME * float(one.norm())
