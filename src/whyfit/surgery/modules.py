"""Finding and replacing parts of a network by name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from torch import Tensor, nn

from whyfit.nets.activations import name_of
from whyfit.surgery.flow import Call, Flow, Watcher

Run = Callable[[], object]
"""Passes a small batch through the network."""


@dataclass(slots=True, eq=False)
class Place:
    """One use of an activation in a pass.

    Attributes
    ----------
    call
        The layer whose values it takes.
    module
        Name of the activation module that was called; None for a plain function.
    direct
        Whether it takes what the layer gave, with no norm between.
    hidden
        Whether another layer comes after it.
    """

    call: Call
    module: str | None
    direct: bool
    hidden: bool = False


class Trace(Watcher):
    """The layers of one pass, and the activations they met.

    Attributes
    ----------
    calls
        The layers, in the order of the pass.
    places
        The activations, in the order of the pass.
    """

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.places: list[Place] = []
        self.inside: list[str] = []

    def layer(self, call: Call) -> None:
        """Every activation so far is followed by this layer."""
        self.calls.append(call)
        for place in self.places:
            place.hidden = True

    def before(self, call: Call, values: Tensor, function: Callable[[Tensor], object]) -> None:  # noqa: ARG002  # a watcher's signature
        """Note where the activation was called."""
        self.places.append(Place(call, self.inside[-1] if self.inside else None, values is call.output))

    @property
    def hidden(self) -> list[Place]:
        """The activations between layers."""
        return [place for place in self.places if place.hidden]

    @property
    def at_output(self) -> set[str | None]:
        """Activation modules that stand behind the last layer."""
        return {place.module for place in self.places if not place.hidden}


def trace(module: nn.Module, run: Run) -> Trace:
    """Follow one pass; nothing stays on the network."""
    traced = Trace()
    with _noting_activation_modules(module, traced.inside), Flow(module, traced):
        run()
    return traced


def replace(module: nn.Module, old: nn.Module, new: nn.Module) -> None:
    """Put a part wherever another stood; its mode, device and precision are taken over.

    Examples
    --------
    >>> net = nn.Sequential(nn.Linear(2, 2), nn.ReLU())
    >>> replace(net, net[1], nn.Tanh())
    >>> net[1]
    Tanh()
    """
    some = next(module.parameters())
    new.to(some.device, some.dtype).train(old.training)
    for name in [name for name, part in module.named_modules(remove_duplicate=False) if part is old]:
        parent, _, own = name.rpartition(".")
        setattr(module.get_submodule(parent), own, new)


def part_of(module: nn.Module, name: str) -> nn.Module | None:
    """The part of that name; None where there is none, as for a weight that the network itself holds."""
    try:
        return module.get_submodule(name)
    except AttributeError:
        return None


@contextmanager
def _noting_activation_modules(module: nn.Module, inside: list[str]) -> Iterator[None]:
    """While open, `inside` holds the names of the activation modules that are being called."""

    def leave(*_: object) -> None:
        inside.pop()

    hooks = []
    for name, part in module.named_modules():
        if name_of(part) is not None:
            hooks.append(part.register_forward_pre_hook(lambda _, __, name=name: inside.append(name)))
            hooks.append(part.register_forward_hook(leave))
    try:
        yield
    finally:
        for hook in hooks:
            hook.remove()
