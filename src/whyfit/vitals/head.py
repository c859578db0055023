"""The head: what stands between the last layer and the loss, read from the graph."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from whyfit.vitals.ends import ends_of
from whyfit.vitals.graph import ACTIVATIONS, LAYERS, LOSSES, NORMS, Graph, Node, _plain_parameter, parameters_of
from whyfit.vitals.numbers import as_array
from whyfit.vitals.signs import sign_of_losses
from whyfit.vitals.targets import target_facts

MEAN = 1
"""How autograd notes that a loss is a mean over rows."""
LONGEST = 40
"""Operations between the last layer and the loss; a longer way is not a head."""


def read_head(graph: Graph) -> dict[str, Any] | None:
    """The way from the loss down to the last layer.

    Returns
    -------
    `loss` (the name of a known loss, or `own`), `chain` (operations from the loss to the last layer), `shapes`, and
    what the loss saved of its target; None where no layer can be reached.
    """
    for root in graph.roots:
        chain = _descend(_known_loss(root) or root)
        if chain:
            plain = chain[0] is root and root.saved("reduction") in (None, MEAN)
            return _facts(chain) | {"plain": plain and not _weighed(root), "sign": sign_of_losses(graph)}
    return None


def _weighed(loss: Node) -> bool:
    """Whether classes or rows count unlike: a constant answer then has another loss than their frequencies say."""
    return any(loss.saved(name) is not None for name in ("weight", "pos_weight"))


def way_of(graph: Graph) -> list[Node]:
    """The operations from a loss down to the last layer, where torch knows the loss; else none."""
    for root in graph.roots:
        loss = _known_loss(root)
        if loss is not None and (way := _descend(loss)):
            return way
    return []


def last_bend(way: list[Node]) -> str:
    """The activation nearest to the last layer that is no part of the loss."""
    return next((ACTIVATIONS[node.name] for node in reversed(way[1:-1]) if node.name in ACTIVATIONS), "identity")


def _known_loss(root: Node) -> Node | None:
    """The first known loss under the root, without passing a layer."""
    waiting, seen = [root], set()
    while waiting:
        node = waiting.pop(0)
        if id(node) in seen or node.name in LAYERS:
            continue
        seen.add(id(node))
        if node.name in LOSSES:
            return node
        waiting.extend(node.live)
    return None


def _descend(node: Node) -> list[Node]:
    """Operations down to the first layer, the shortest way, never through a bare parameter; or none."""
    waiting: list[list[Node]] = [[node]]
    seen: set[int] = set()
    while waiting:
        way = waiting.pop(0)
        last = way[-1]
        if id(last) in seen or len(way) > LONGEST:
            continue
        seen.add(id(last))
        if last.name in LAYERS and len(way) != 1:
            return way
        if last.parameter is None and _plain_parameter(last) is None:
            waiting.extend([*way, child] for child in last.live)
    return []


def _facts(way: list[Node]) -> dict[str, Any]:
    loss, layer = way[0], way[-1]
    facts: dict[str, Any] = {
        "loss": LOSSES.get(loss.name, "own"),
        "chain": [node.name for node in way],
        "shapes": [list(node.shape) for node in way],
        "output": list(layer.shape),
        "layer": layer.name,
    }
    normed = any(NORMS.get(node.name) == "batchnorm" and not parameters_of(node) for node in way[1:-1])
    return facts | {"normed": normed} | _softmax(way) | _last_bend(way) | ends_of(way) | _target(loss, way)


def _softmax(way: list[Node]) -> dict[str, Any]:
    """Along which axis a softmax sums, and over how many numbers."""
    for node in way:
        if node.name in ("Softmax", "LogSoftmax") and node.shape:
            axis = int(node.saved("dim")) & 0xFFFFFFFFFFFFFFFF
            axis = axis - (1 << 64) if axis >> 63 else axis
            return {
                "softmax_axis": axis % len(node.shape),
                "softmax_over": node.shape[axis],
                "softmax_shape": list(node.shape),
            }
    return {}


def _last_bend(way: list[Node]) -> dict[str, Any]:
    """The activation nearest to the layer that is no part of the loss, and the largest and smallest value it gave."""
    bends = [node for node in way[1:-1] if node.name in ACTIVATIONS]
    if not bends:
        return {"last": "identity"}
    node = bends[-1]
    given = node.saved("result")
    values = as_array(given) if given is not None else np.empty(0)
    low, high = (float(values.min()), float(values.max())) if values.size else (math.nan, math.nan)
    return {"last": ACTIVATIONS[node.name], "last_low": low, "last_high": high}


def _target(loss: Node, way: list[Node]) -> dict[str, Any]:
    facts = target_facts(loss)
    return facts | _hits(loss, way, as_array(loss.saved("target")).astype(np.float64)) if facts else {}


def _hits(loss: Node, way: list[Node], values: Any) -> dict[str, Any]:
    """Share of rows whose largest output is the target's class, in training mode; and the classes of the batch."""
    if LOSSES.get(loss.name) != "nll":
        return {}
    asked = values >= 0  # torch leaves rows of a negative label out of the loss
    counts = np.unique(values[asked], return_counts=True)
    facts: dict[str, Any] = {
        "classes": [int(c) for c in counts[0][:1000]],
        "counts": [int(c) for c in counts[1][:1000]],
    }
    given = loss.saved("self")
    if given is not None and given.ndim == 2 and given.shape[0] == values.size:
        right = as_array(given, 1 << 24).argmax(axis=1) == values
        facts["hits"] = float(right[asked].mean()) if asked.any() else math.nan
    return facts | {"outputs": way[-1].shape[-1]}
