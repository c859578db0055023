"""Whether all numbers are finite; where the first is that is not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import torch
from torch import Tensor
from torch.nn.utils import get_total_norm

from whyfit.nets.network import Network


class DivergedError(Exception):
    """A number was not finite.

    Attributes
    ----------
    what, layer
        `loss`, `gradient`, `weight` or `activation`, and in which layer; None for the loss.
    earlier
        Whether it happened in the step before the one in which it was seen.
    """

    def __init__(self, what: str, layer: str | None = None, *, earlier: bool = False) -> None:
        super().__init__(what)
        self.what, self.layer, self.earlier = what, layer, earlier

    def reason(self, place: str) -> str:
        """As in `Outcome.reason`."""
        where = f":layer={self.layer}" if self.layer else ""
        return f"not_finite:{self.what}:{place}{where}"


def all_finite(tensors: Sequence[Tensor]) -> bool:
    """Whether every number is finite.

    One norm over all of them answers at a fifth of the price of looking at each; only where it overflows (a norm of
    finite numbers can) is each looked at.
    """
    return bool(get_total_norm(tensors).isfinite()) or all(bool(t.isfinite().all()) for t in tensors)


def first_not_finite(named: Iterable[tuple[str, Tensor]]) -> str | None:
    """The name of the first tensor that holds a number that is not finite."""
    return next((name for name, tensor in named if not bool(torch.isfinite(tensor).all())), None)


def first_in_pass(network: Network, rows: Tensor) -> str | None:
    """The innermost module whose output is not finite first; None where all are.

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
    return found[0] if found else None
