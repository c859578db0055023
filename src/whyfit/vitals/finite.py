"""Where a number first stopped being finite."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from whyfit.vitals.graph import LAYERS, Graph, Node, weight_of
from whyfit.vitals.numbers import as_array

SAVED = ("mat1", "input", "self", "result")


def first_not_finite(graph: Graph, name_of: Callable[[Any], str]) -> dict[str, Any]:
    """The first bad place of a pass: the data, a weight, or an operation and the layer before it."""
    layer = None
    for node in graph.nodes:
        if node.parameter is not None:
            if not _finite(node.parameter):
                return {"what": "weights", "layer": name_of(node.parameter)}
            continue
        bad = _bad_side(node)
        if bad == "input" and layer is None:
            return {"what": "data", "layer": None, "operation": node.name}
        if bad is not None:
            return {"what": "values", "layer": layer, "operation": node.name}
        if node.name in LAYERS:
            weight = weight_of(node)
            layer = name_of(weight) if hasattr(weight, "shape") else layer
    return {"what": "loss", "layer": layer}


def _bad_side(node: Node) -> str | None:
    for side in SAVED:
        value = node.saved(side)
        if value is not None and hasattr(value, "dtype") and value.dtype.is_floating_point and not _finite(value):
            return "input" if side in ("mat1", "input") else "result"
    return None


def _finite(tensor: Any) -> bool:
    return bool(np.isfinite(as_array(tensor)).all())
