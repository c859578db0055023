"""Many networks of one structure as one: parameters and buffers stacked along a first axis of members."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Self

import torch
from torch import Tensor, nn
from torch.func import functional_call, vmap

from whyfit.nets.network import Network
from whyfit.training.stacked_parts.masks import HandedIn
from whyfit.training.stacked_parts.seat import NotStackableError
from whyfit.training.torch_parts.lone_row import LoneRow

State = dict[str, Tensor]


@dataclass(eq=False, slots=True)
class Stack:
    """The networks of a cohort.

    Attributes
    ----------
    network
        One of them: gives the program, its own numbers are not used.
    parameters, buffers
        Name → (members, …).
    """

    network: Network
    parameters: State
    buffers: State

    @classmethod
    def of(cls, networks: Sequence[Network]) -> Self:
        """Stack networks whose parameters and buffers have the same names and shapes.

        `torch.func.stack_module_state` asks for one class; a function that states its class inside makes another one
        of the same name at each call.

        Raises
        ------
        NotStackableError
            Their classes have other names.
        """
        modules = [network.module for network in networks]
        if len({(type(module).__module__, type(module).__qualname__) for module in modules}) > 1:
            raise NotStackableError("other_structure")
        parameters = _stacked([dict(module.named_parameters()) for module in modules])
        return cls(networks[0], parameters, _stacked([dict(module.named_buffers()) for module in modules]))

    @property
    def trained(self) -> State:
        """The parameters that are trained."""
        return {name: p for name, p in self.parameters.items() if p.requires_grad}

    def __call__(self, rows: Tensor, masks: Sequence[Tensor] = (), rates: Sequence[Tensor] = ()) -> Tensor:
        """(members, rows, features) → (members, rows, outputs)."""
        module, network = self.network.module, self.network
        lone = rows.shape[1] == 1 and module.training

        def one(parameters: State, buffers: State, x: Tensor, masks: list[Tensor], rates: list[Tensor]) -> Tensor:
            with HandedIn(masks, rates), LoneRow() if lone else nullcontext():
                outputs: Tensor = functional_call(module, (parameters, buffers), (network.laid_out(x),))
                return network.read(outputs)

        answer: Tensor = vmap(one, randomness="error")(self.parameters, self.buffers, rows, list(masks), list(rates))
        return answer

    def kept(self, index: Tensor) -> Stack:
        """Some of the members."""
        parameters = {name: p.detach()[index].requires_grad_(p.requires_grad) for name, p in self.parameters.items()}
        return Stack(self.network, parameters, {name: b[index] for name, b in self.buffers.items()})

    def state_of(self, place: int) -> State:
        """A copy of one member's parameters and buffers."""
        return {name: t[place].detach().clone() for name, t in (self.parameters | self.buffers).items()}

    @torch.no_grad()
    def load(self, place: int, module: nn.Module) -> None:
        """Put one member's numbers into a module of its own."""
        for name, tensor in [*module.named_parameters(), *module.named_buffers()]:
            tensor.copy_((self.parameters if name in self.parameters else self.buffers)[name][place])


def stack_of_states(stack: Stack, states: Sequence[State]) -> Stack:
    """A stack whose members have these states."""
    parameters = {name: torch.stack([state[name] for state in states]) for name in stack.parameters}
    return Stack(stack.network, parameters, {name: torch.stack([s[name] for s in states]) for name in stack.buffers})


def _stacked(states: Sequence[State]) -> State:
    """(members, …) of each tensor: leaves of their own, trained where the members' are."""
    return {
        name: torch.stack([state[name].detach() for state in states]).requires_grad_(t.requires_grad)
        for name, t in states[0].items()
    }
