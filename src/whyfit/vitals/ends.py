"""Between which numbers the operation nearest to a loss keeps an output, and how much of the target lies beyond."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from whyfit.vitals.graph import PASSIVE, Node
from whyfit.vitals.numbers import as_array

ENDS: dict[str, tuple[float, float]] = {
    "Exp": (0.0, math.inf), "Softplus": (0.0, math.inf), "Abs": (0.0, math.inf), "Sqrt": (0.0, math.inf),
    "Relu": (0.0, math.inf), "Sigmoid": (0.0, 1.0), "Softmax": (0.0, 1.0), "Hardsigmoid": (0.0, 1.0),
    "Tanh": (-1.0, 1.0),
}  # fmt: skip
SPOKEN = {"Clamp": "clamp", "ClampMin": "clamp", "ClampMax": "clamp", "Abs": "abs", "Sqrt": "sqrt", "Pow": "square",
          "Hardtanh": "hardtanh"}  # fmt: skip
"""Those that are no activations, by the name that a person has for them."""


def ends_of(way: Sequence[Node]) -> dict[str, Any]:
    """`floor`, `ceiling`, the operation's name `limit`, and of the loss's target `target_lost`, the mean square of what
    lies beyond; nothing where no such operation stands between, or where outputs were seen beyond its ends.
    """
    for node in way[1:-1]:
        low, high = _ends(node)
        if math.isfinite(low) or math.isfinite(high):
            lost = _lost(way[0], low, high)
            return {} if lost is None else {"floor": low, "ceiling": high, "limit": _name(node), "target_lost": lost}
        if node.name not in PASSIVE:
            break
    return {}


def _ends(node: Node) -> tuple[float, float]:
    if node.name in ENDS:
        return ENDS[node.name]
    if node.name in ("Clamp", "ClampMin", "ClampMax"):
        return _number(node.saved("min"), -math.inf), _number(node.saved("max"), math.inf)
    if node.name == "Hardtanh":
        return _number(node.saved("min_val"), -math.inf), _number(node.saved("max_val"), math.inf)
    if node.name == "Pow" and node.saved("exponent") in (2, 4):
        return 0.0, math.inf
    return -math.inf, math.inf


def _name(node: Node) -> str:
    return SPOKEN.get(node.name, node.name.lower())


def _number(value: Any, otherwise: float) -> float:
    if value is None or getattr(value, "numel", lambda: 1)() != 1:
        return otherwise
    return float(value)


def _lost(loss: Node, low: float, high: float) -> float | None:
    """Mean square of the target's distance from what can be reached; None where an output lies beyond it already."""
    given, target = loss.saved("self"), loss.saved("target")
    if given is None or target is None:
        return None
    answers, wanted = as_array(given), as_array(target).astype(np.float64)
    slack = 1e-6 * (1 + max(abs(end) for end in (low, high) if math.isfinite(end)))
    if not answers.size or answers.min() < low - slack or answers.max() > high + slack:
        return None
    beyond = np.maximum(low - wanted, 0.0) + np.maximum(wanted - high, 0.0)
    return float((beyond**2).mean())
