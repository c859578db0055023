"""Whether all numbers are finite; where the first is that is not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import torch
from torch import Tensor
from torch.nn.utils import get_total_norm

from whyfit.nets.network import Network


class DivergedError(Exception):
    """A number was not finite; the message is the code of the reason with its facts."""


def all_finite(tensors: Sequence[Tensor]) -> bool:
    """Whether every number is finite.

    One norm over all of them answers at a fifth of the price of looking at each; only where it overflows (a norm of
    finite numbers can) is each looked at.
    """
    return bool(get_total_norm(tensors).isfinite()) or all(bool(t.isfinite().all()) for t in tensors)


def first_not_finite(named: Iterable[tuple[str, Tensor]]) -> str | None:
    """The name of the first tensor that holds a number that is not finite."""
    return next((name for name, tensor in named if not bool(torch.isfinite(tensor).all())), None)


def culprit(network: Network, rows: Tensor) -> str:
    """Which value was not finite first when the loss was not: a layer's output, or the loss itself.

    The batch is passed once more, in the mode it was passed in, with a hook on every innermost module.
    """
    found: list[str] = []

    def look(name: str, output: Any) -> None:
        if not found and isinstance(output, Tensor) and not bool(output.isfinite().all()):
            found.append(name)

    parts = [(name, part) for name, part in network.module.named_modules() if not any(part.children())]
    hooks = [part.register_forward_hook(lambda _, __, out, name=name: look(name, out)) for name, part in parts]
    try:
        with torch.no_grad():
            network(rows)
    finally:
        for hook in hooks:
            hook.remove()
    return f"activation:layer={found[0]}" if found else "loss"
