"""Probe: do earlier moments of a sequence reach the answer by a way that no gradient takes back?

Tells a state that is cut from its past at each step (detached, or rebuilt from numbers) from a network that looks at
the last moments alone: the inputs of a moment are exchanged between rows and move the answer, and its derivative by
them is zero throughout. Three forward passes and one backward pass. Blind where the state is kept for some steps and
cut then, as training on pieces of long sequences asks for, and where time stands along another axis than the second.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import nn

from whyfit.probes.pair import Pair

LEAST_MOMENTS, REACHED = 4, 2
"""Moments of a sequence, and how many of them a gradient may reach where a state is cut at each step."""


def probe_state(pair: Pair) -> dict[str, Any]:
    """`moments`, how many of them a gradient `reached`, and how far one that it did not reach `moved` the answer."""
    pair.network.eval()
    leaves: list[torch.Tensor] = []

    def leaf(values: torch.Tensor) -> torch.Tensor:
        leaves.append(values.detach().clone().requires_grad_())
        return leaves[0]

    with torch.enable_grad():
        output = _last(_run(pair, leaf), leaves)
        if output is None or not output.requires_grad or leaves[0].shape[1] < LEAST_MOMENTS:
            return {}
        mixed = torch.cos(torch.arange(output.numel(), dtype=output.dtype)).reshape(output.shape)
        (gradient,) = torch.autograd.grad((output * mixed).sum(), leaves[:1], materialize_grads=True, allow_unused=True)
    there = gradient.abs().amax(dim=(0, 2)) > 0  # (moments,)
    reached = int(there.sum())
    if not 0 < reached <= REACHED or bool(there.all()):
        return {}
    before = int(there.nonzero()[0]) - 1
    if before < 0:
        return {}
    moved = _moved(pair, before, output.detach(), leaves)
    return {"moments": len(there), "reached": reached, "moved": moved}


def _moved(pair: Pair, moment: int, output: torch.Tensor, leaves: list[torch.Tensor]) -> float:
    """How far the answers move where one moment is exchanged between rows, over their spread."""

    def exchange(values: torch.Tensor) -> torch.Tensor:
        other = values.clone()
        other[:, moment] = values[:, moment].roll(1, 0)
        return other

    with torch.no_grad():
        after = _last(_run(pair, exchange), leaves)
    if after is None or after.shape != output.shape:
        return 0.0
    return float((after - output).abs().max()) / (float(output.std()) + 1e-12)


def _run(pair: Pair, change: Callable[[torch.Tensor], torch.Tensor]) -> torch.Tensor | None:
    """The answer, with the sequence changed: the input itself, or what a table of vectors gave for it."""
    given = pair.batch[0] if len(pair.batch) == 1 and not pair.named else None
    if not isinstance(given, torch.Tensor) or given.shape[0] < REACHED:
        return None
    if given.dtype.is_floating_point:
        return pair.with_batch(change(given)).run() if given.ndim == 3 else None
    tables = [module for module in pair.network.modules() if isinstance(module, nn.Embedding)]
    if len(tables) != 1 or given.ndim != 2:
        return None
    handle = tables[0].register_forward_hook(lambda _module, _args, output: change(output))
    try:
        return pair.run()
    finally:
        handle.remove()


def _last(output: torch.Tensor | None, leaves: list[torch.Tensor]) -> torch.Tensor | None:
    """Of an answer to each moment the last one."""
    if output is None or not leaves or output.ndim == 0:
        return None
    each = output.ndim == 3 and output.shape[1] == leaves[0].shape[1]
    return output[:, -1] if each else output
