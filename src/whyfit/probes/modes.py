"""Probe: the same batch in both modes, and twice in evaluation mode.

Tells dropout that stays on (two passes in evaluation mode differ) from dropout and batch norm that do what they should
(the modes differ, each of two passes in evaluation mode is the same). Three to five forward passes. Blind to what only
happens on other rows.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.nn.modules.batchnorm import _BatchNorm
from torch.nn.modules.dropout import _DropoutNd

from whyfit.probes.pair import Pair, array_of
from whyfit.vitals.graph import read_graph
from whyfit.vitals.norms import read_drops


def probe_modes(pair: Pair) -> dict[str, Any]:
    """Relative distances between passes.

    Returns
    -------
    `twice`: between two passes in evaluation mode. `norm`, `dropout`: between evaluation mode and evaluation mode with
    only that kind of module training; NaN where there is none. `masks`: how many masks of dropout stand in the graph
    of a pass in evaluation mode, looked for where two passes differ.
    """
    plain = _pass(pair, ())
    again = _pass(pair, ())
    if plain is None or again is None or plain.shape != again.shape:
        return {}
    size = float(np.abs(plain - plain.mean(axis=0)).mean()) + 1e-3 * float(np.abs(plain).mean()) + 1e-12
    distance = {"twice": float(np.abs(again - plain).mean()) / size}
    for name, kind in (("norm", _BatchNorm), ("dropout", _DropoutNd)):
        there = any(isinstance(module, kind) for module in pair.network.modules())
        other = _pass(pair, (kind,)) if there else None
        distance[name] = math.nan if other is None else float(np.abs(other - plain).mean()) / size
    if distance["twice"] > 0:
        distance["masks"] = _masks(pair)
    return distance


def _masks(pair: Pair) -> int:
    pair.network.eval()
    with torch.enable_grad():
        output = pair.run()
    return 0 if output is None or output.grad_fn is None else len(read_drops(read_graph([output])))


def _pass(pair: Pair, training: tuple[type[nn.Module], ...]) -> Any:
    pair.network.eval()
    for module in pair.network.modules():
        if training and isinstance(module, training):
            module.train()
    with torch.no_grad():
        output = pair.run()
    return None if output is None else array_of(output)
