"""With which sign a known loss enters what `backward` is called on, read from the graph."""

from __future__ import annotations

from typing import Any

import numpy as np

from whyfit.vitals.graph import LAYERS, LOSSES, Graph, Node
from whyfit.vitals.numbers import as_array

UNKNOWN = 0
KEEPS = frozenset({"Add", "Mean", "Sum", "View", "Reshape", "Squeeze", "Unsqueeze", "Stack", "Cat", "ToCopy", "Clone",
                   "Select", "Expand", "Alias", "Exp", "Log", "Sqrt", "Logsumexp", "Softplus", "Index", "Gather",
                   "Slice"})  # fmt: skip
GAINS = frozenset({"LogSoftmax", "LogSigmoid"})
"""Logarithms of shares: a loss that grows with them makes the right answers rarer."""
"""Operations that grow with what they work on."""
MOST = 400
"""Operations between the root and the losses."""


def sign_of_losses(graph: Graph) -> int:
    """−1 where every known loss is taken with a minus, so that a falling root makes it rise; 1 where none is.

    Known are torch's own, squares and sizes of what lies between answers and data, and logarithms of shares, which are
    to rise. 0 where there is no known loss, where signs differ, as between adversaries, or where an operation may turn
    them.

    Examples
    --------
    >>> import torch
    >>> from whyfit.vitals.graph import read_graph
    >>> weight = torch.ones(3, 2, requires_grad=True)
    >>> loss = torch.nn.functional.mse_loss(torch.ones(4, 3) @ weight, torch.ones(4, 2))
    >>> [sign_of_losses(read_graph([root])) for root in (loss, -loss, 3 - 0.5 * loss, 2 * loss + 1)]
    [1, -1, -1, 1]
    """
    found: set[int] = set()
    waiting: list[tuple[Node, int]] = [(root, 1) for root in graph.roots]
    seen: set[tuple[int, int]] = set()
    while waiting and len(seen) < MOST:
        node, sign = waiting.pop()
        if (id(node), sign) in seen or node.name in LAYERS or node.parameter is not None:
            continue
        seen.add((id(node), sign))
        if node.name in LOSSES or node.name in GAINS or _is_error(node):
            found.add(-sign if node.name in GAINS else sign)
            continue
        waiting.extend((child, sign * _turn(node, place)) for place, child in enumerate(node.inputs) if child)
    return found.pop() if len(found) == 1 else UNKNOWN


def _is_error(node: Node) -> bool:
    """Whether an operation squares, or takes the size of, what lies between an answer and data."""
    if node.name not in ("Pow", "Abs") or (node.name == "Pow" and node.saved("exponent") not in (2, 4)):
        return False
    below = node.live[0] if len(node.live) == 1 else None
    return below is not None and below.name == "Sub" and len(below.live) == 1


def _turn(node: Node, place: int) -> int:
    """The sign of the derivative by one input; 0 where it is not known."""
    if node.name in KEEPS:
        return 1
    if node.name in ("Neg", "Rsub"):
        return -1
    if node.name == "Sub":
        return -1 if place else 1
    if node.name in ("Mul", "Div"):
        return _of_factor(node.saved("self" if place else "other")) if place == 0 or node.name == "Mul" else UNKNOWN
    return UNKNOWN


def _of_factor(factor: Any) -> int:
    """The one sign of all its values."""
    if factor is None:
        return UNKNOWN
    signs = np.sign(as_array(factor)) if hasattr(factor, "detach") else np.sign([float(factor)])
    if signs.size and (signs >= 0).all() and signs.any():
        return 1
    return -1 if signs.size and (signs <= 0).all() and signs.any() else UNKNOWN
