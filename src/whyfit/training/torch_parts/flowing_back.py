"""What the gradients of each layer are like on a fixed batch; the network is left as it was."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from whyfit.nets.network import Network
from whyfit.surgery.flow import Call, Flow, Watcher
from whyfit.training.torch_parts.lone_row import LoneRow
from whyfit.training.torch_parts.losses import Loss
from whyfit.training.torch_parts.recorder import restore, state_of

BATCH_NORMS = nn.modules.batchnorm._NormBase  # noqa: SLF001  # the common base of batch and instance norm has no public name


class Deltas(Watcher):
    """Catches the loss gradient at the values before each activation, at a layer's output where it met none."""

    def __init__(self) -> None:
        self.of: dict[str, list[Tensor]] = {}
        self._last: dict[int, Any] = {}

    def layer(self, call: Call) -> None:
        """Listen at the output, before anything can overwrite it."""
        self._listen(call, call.output)

    def before(self, call: Call, values: Tensor, function: Callable[[Tensor], Any]) -> None:  # noqa: ARG002  # a watcher's signature
        """Listen behind the norm that stood between."""
        if values is not call.output:
            self._last.pop(id(call)).remove()
            self._listen(call, values)

    def _listen(self, call: Call, values: Tensor) -> None:
        if values.requires_grad:
            self._last[id(call)] = values.register_hook(self._catch(call.name))  # type: ignore[no-untyped-call]  # torch has no type for it

    def _catch(self, name: str) -> Callable[[Tensor], None]:
        return lambda gradient: self.of.setdefault(name, []).append(gradient.detach())


@contextmanager
def norms_by_the_batch(module: nn.Module) -> Iterator[None]:
    """Everything as in evaluation, so that nothing is dropped, but norms by the batch; all is put back after."""
    modes, state = [(part, part.training) for part in module.modules()], state_of(module)
    for part, _ in modes:
        part.training = isinstance(part, BATCH_NORMS)
    try:
        yield
    finally:
        for part, mode in modes:
            part.training = mode
        restore(module, state)


@dataclass(frozen=True, slots=True)
class FlowBack:
    """Gradients of one batch.

    Attributes
    ----------
    weights
        Layer → gradient of its weights.
    deltas
        Layer → loss gradients at the values before its activation, one tensor a use.
    """

    weights: dict[str, Tensor]
    deltas: dict[str, list[Tensor]]


def flow_back(network: Network, loss: Loss, rows: Tensor, targets: Tensor, own: Tensor | None = None) -> FlowBack:
    """One forward and backward pass; no gradient is left on the network."""
    deltas = Deltas()
    with norms_by_the_batch(network.module), LoneRow(), torch.enable_grad():
        with Flow(network.module, deltas) as flow:
            outputs = network(rows)
        weights = {call.name: call.weight for call in flow.calls if call.weight.requires_grad}
        value = loss(outputs, targets, own)
        gradients = torch.autograd.grad(value, list(weights.values()), allow_unused=True) if weights else ()
    found: Iterable[tuple[str, Tensor | None]] = zip(weights, gradients, strict=True)
    return FlowBack({name: gradient for name, gradient in found if gradient is not None}, deltas.of)
