"""The optimiser's steps: who owns which parameters, the rate, whether gradients are zeroed, how far a step goes."""

from __future__ import annotations

import math
import weakref
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from whyfit.evidence.types import AnyArray
from whyfit.vitals.numbers import as_array, norm_of, quietly

SETTINGS = (
    "lr", "momentum", "dampening", "weight_decay", "nesterov", "maximize", "betas", "alpha", "rho", "eps", "amsgrad",
    "lr_decay", "foreach", "fused",
)  # fmt: skip
MOST_OWNERS = 20
MOST_COPIED = 1 << 16
"""Values of a parameter that are copied to see how far a step moves it."""


@dataclass(slots=True)
class Owner:
    """One optimiser: its settings, and what happens to the gradient of one of its parameters between two steps."""

    name: str
    groups: list[dict[str, Any]]
    parameters: set[int]
    optimizer: Callable[[], Any]
    steps: int = 0
    rate_low: float = math.inf
    rate_high: float = 0.0
    rate_last: float = math.nan
    rate_first: float = math.nan
    reset: int = 0
    kept: int = 0
    wiped: int = 0
    seen: int = 0
    tracked: Any = None
    version: tuple[int, int] | None = None
    was_reset: bool = False
    backwards: int = 0

    def plain(self) -> dict[str, Any]:
        """As it stands in the journal."""
        skip = ("parameters", "optimizer", "tracked", "version", "was_reset", "backwards")
        return {name: getattr(self, name) for name in self.__slots__ if name not in skip} | {
            "owned": len(self.parameters)
        }


@dataclass(slots=True)
class Steps:
    """Follows every optimiser through torch's own hooks around `step`."""

    name_of: Callable[[Any], str]
    owners: dict[int, Owner] = field(default_factory=dict)
    gone: list[Owner] = field(default_factory=list)
    count: int = 0
    before: dict[int, AnyArray] = field(default_factory=dict)
    moved: dict[int, float] = field(default_factory=dict)

    def owner_of(self, optimizer: Any) -> Owner:
        """The record of an optimiser, made at its first step."""
        owner = self.owners.get(id(optimizer))
        if owner is None or owner.optimizer() is not optimizer:
            groups = optimizer.param_groups
            if owner is not None:
                self.gone.append(owner)
            owner = Owner(
                type(optimizer).__name__, [_settings(group) for group in groups], set(), weakref.ref(optimizer)
            )
            owner.rate_first = _rate(groups)
            self.owners[id(optimizer)] = owner
        return owner

    def knows(self, optimizer: Any) -> bool:
        """Whether this very optimiser has stepped before."""
        owner = self.owners.get(id(optimizer))
        return owner is not None and owner.optimizer() is optimizer

    def everyone(self) -> list[Owner]:
        """All optimisers ever met, the present ones last; the latest of very many."""
        return [*self.gone[-MOST_OWNERS:], *self.owners.values()]

    def rate(self) -> float:
        """The largest learning rate of the latest steps."""
        return max((owner.rate_last for owner in self.owners.values()), default=math.nan)

    def about_to(self, optimizer: Any, *, looking: bool) -> None:
        """Before a step."""
        owner = self.owner_of(optimizer)
        rate = _rate(optimizer.param_groups)
        if rate != owner.rate_last:
            owner.rate_low, owner.rate_high = min(owner.rate_low, rate), max(owner.rate_high, rate)
            owner.rate_last = rate
        if owner.tracked is None:
            owner.tracked = _first_with_gradient(optimizer)
        elif owner.steps and owner.backwards:
            owner.reset += owner.was_reset
            owner.kept += not owner.was_reset
        if looking or not owner.steps:
            owner.parameters = {id(p) for group in optimizer.param_groups for p in group["params"]}
        if looking:
            self._look(optimizer, owner)

    @quietly
    def _look(self, optimizer: Any, owner: Owner) -> None:
        every = [p for group in optimizer.param_groups for p in group["params"]]
        if owner.backwards:
            owner.seen += 1
            owner.wiped += all(p.grad is None or not norm_of(p.grad) for p in every)
        self.before = {id(p): as_array(p, MOST_COPIED).copy() for p in every if p.grad is not None}

    def done(self, optimizer: Any, *, looking: bool) -> None:
        """After a step."""
        owner = self.owners[id(optimizer)]
        owner.steps += 1
        self.count += 1
        owner.backwards, owner.was_reset = 0, False
        owner.version = _version(owner.tracked)
        if looking:
            for group in optimizer.param_groups:
                for p in group["params"]:
                    if id(p) in self.before:
                        self.moved[id(p)] = _ratio(self.before[id(p)], as_array(p, MOST_COPIED))

    def before_backward(self) -> None:
        """Notice a gradient that was put back to nothing since the last step or backward pass."""
        for owner in self.owners.values():
            if owner.tracked is not None and owner.version is not None and _version(owner.tracked) != owner.version:
                owner.was_reset = True

    def after_backward(self) -> None:
        """Remember how the gradient stands."""
        for owner in self.owners.values():
            owner.version = _version(owner.tracked)
            owner.backwards += 1

    def owned(self) -> set[int]:
        """The identities of all parameters that some optimiser owns now."""
        return set().union(*(owner.parameters for owner in self.owners.values() if owner.optimizer() is not None))

    def take_moved(self) -> dict[int, float]:
        """How far the last step that was looked at moved each parameter, over the parameter's size."""
        moved, self.moved, self.before = self.moved, {}, {}
        return moved


def _settings(group: dict[str, Any]) -> dict[str, Any]:
    kept = {name: group[name] for name in SETTINGS if isinstance(group.get(name), (int, float, tuple, bool))}
    dimensions = [p.ndim for p in group["params"]]
    return kept | {"parameters": len(dimensions), "vectors": sum(d <= 1 for d in dimensions)}


def _rate(groups: list[dict[str, Any]]) -> float:
    if len(groups) == 1:
        return float(groups[0].get("lr", math.nan))
    return max((float(group.get("lr", math.nan)) for group in groups), default=math.nan)


def _first_with_gradient(optimizer: Any) -> Any:
    for group in optimizer.param_groups:
        for p in group["params"]:
            if p.grad is not None and not p.grad.is_sparse:
                return weakref.ref(p)
    return None


def _version(tracked: Any) -> tuple[int, int] | None:
    """Which gradient a parameter has, and how often it was written: a reset changes one or the other."""
    parameter = None if tracked is None else tracked()
    if parameter is None:
        return None
    gradient = parameter.grad
    return (0, 0) if gradient is None else (id(gradient), gradient._version)  # noqa: SLF001  # torch's own count


@quietly
def _ratio(before: AnyArray, after: AnyArray) -> float:
    size = float(np.linalg.norm(before))
    change = float(np.linalg.norm(after - before))
    return change / size if size else (math.inf if change else 0.0)
