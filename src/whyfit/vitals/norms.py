"""Batch norm and dropout as the graph shows them in one training pass."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from whyfit.vitals.graph import NORMS, Graph, Node, parameters_of
from whyfit.vitals.numbers import as_array, by_unit


def read_norms(graph: Graph, name_of: Any) -> list[dict[str, Any]]:
    """Each batch norm: its mode, how many values a unit's statistics rest on, and how far the running ones lag.

    `lag` is the median over units of |running mean − batch mean| in standard deviations of the batch; `ratio` that of
    running over batch variance.
    """
    return [_norm(node, name_of) for node in graph.nodes if NORMS.get(node.name) == "batchnorm"]


def _norm(node: Node, name_of: Any) -> dict[str, Any]:
    owned = parameters_of(node)
    facts: dict[str, Any] = {
        "name": name_of(owned[0]) if owned else "batch norm",
        "training": bool(node.saved("training")),
    }
    given, mean, variance = node.saved("input"), node.saved("running_mean"), node.saved("running_var")
    facts["values"] = int(np.prod(node.shape)) // node.shape[1] if len(node.shape) > 1 else 0
    facts["rows"] = node.shape[0] if node.shape else 0
    facts["lag"] = facts["ratio"] = math.nan
    if given is None or mean is None or variance is None:
        return facts
    units = by_unit(as_array(given), 1)
    if len(units) < 2:
        return facts
    spread = units.std(axis=0) + 1e-12
    facts["lag"] = float(np.median(np.abs(as_array(mean) - units.mean(axis=0)) / spread))
    facts["ratio"] = float(np.median(as_array(variance) / spread**2))
    facts["untouched"] = bool((as_array(mean) == 0).all() and (as_array(variance) == 1).all())
    return facts


def read_drops(graph: Graph) -> list[dict[str, Any]]:
    """Each dropout: the share it drops, and whether it stands behind the last layer.

    On a CPU dropout is a product with a mask of zeros and 1/(1 − p).
    """
    found = []
    for node in graph.nodes:
        if node.name == "NativeDropout":
            found.append({"p": float(node.saved("p") or math.nan), "shape": list(node.shape)})
        elif node.name == "Mul" and sum(child is not None for child in node.inputs) == 1 and len(node.shape) > 1:
            mask = node.saved("other") if node.inputs[1:] and node.inputs[1] is None else node.saved("self")
            p = _dropped(mask, node.shape)
            if p is not None:
                found.append({"p": p, "shape": list(node.shape)})
    return found


def _dropped(mask: Any, shape: tuple[int, ...]) -> float | None:
    """The p of a mask of zeros and 1/(1 − p); None where it is something else."""
    if mask is None or not hasattr(mask, "shape") or tuple(mask.shape) != shape or not mask.dtype.is_floating_point:
        return None
    values = np.unique(as_array(mask))
    if values.size != 2 or values[0] != 0 or values[1] <= 1:
        return None
    return float(1 - 1 / values[1])
