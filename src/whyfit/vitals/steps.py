"""The optimiser's steps: who owns which parameters, the rate, whether gradients are zeroed, how far a step goes."""

from __future__ import annotations

import math
import weakref
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from whyfit.evidence.types import AnyArray
from whyfit.vitals.examples import Habit
from whyfit.vitals.numbers import as_array, norm_of, quietly
from whyfit.vitals.places import script_line
from whyfit.vitals.pulse import Pulse

SETTINGS = (
    "lr", "momentum", "dampening", "weight_decay", "nesterov", "maximize", "betas", "alpha", "rho", "eps", "amsgrad",
    "lr_decay", "foreach", "fused",
)  # fmt: skip
MOST_OWNERS = 20
MOST_COPIED = 1 << 16
"""Values of a parameter that are copied to see how far a step moves it."""
FIRST_TURNS, EVERY_TURN = 100, 29
"""Turns, from step to step, that are followed: the first ones, then every twenty-ninth. Chosen: habits repeat, and
of 29 no multiple is one."""
INNER = ("parameters", "optimizer", "tracked", "version", "was_reset", "begun", "quiet", "weights", "held", "number")
"""What a record needs for itself and the journal does not."""


@dataclass(slots=True)
class Owner:
    """One optimiser: its settings, and what happens to the gradient of one of its parameters between two steps.

    Attributes
    ----------
    number
        How many optimisers had stepped by its first step, itself among them.
    place
        The script's line of its first step.
    begun
        Backward passes of the process when its present turn began.
    version
        How the gradient stood when it was last looked at; None in a turn that is not followed.
    replaced
        Whether it is gone, and the latest optimiser owns its parameters.
    quiet
        Whether nothing is to be done in its present turn but to count it.
    made, thrown
        Backward passes in turns that were followed, and those whose gradients were put back to nothing though nothing
        had moved the parameter since.
    weights, held
        How often the parameter itself had been written at the last backward pass; backward passes since the gradient
        was put back to nothing.
    """

    name: str
    groups: list[dict[str, Any]]
    parameters: set[int]
    optimizer: Callable[[], Any]
    number: int = 1
    steps: int = 0
    rate_low: float = math.inf
    rate_high: float = 0.0
    rate_last: float = math.nan
    rate_first: float = math.nan
    reset: int = 0
    kept: int = 0
    wiped: int = 0
    seen: int = 0
    place: str = ""
    tracked: Any = None
    version: tuple[int, int] | None = None
    was_reset: bool = False
    begun: int = 0
    quiet: bool = False
    replaced: bool = False
    made: int = 0
    thrown: int = 0
    weights: int = -1
    held: int = 0

    def plain(self) -> dict[str, Any]:
        """As it stands in the journal."""
        return {name: getattr(self, name) for name in self.__slots__ if name not in INNER} | {
            "owned": len(self.parameters)
        }

    def close_turn(self, backwards: int) -> None:
        """A step is over: was its gradient put back to nothing before the backward pass that made it?"""
        if self.version is not None and backwards > self.begun:
            self.reset += self.was_reset
            self.kept += not self.was_reset
        self.steps += 1
        self.begun, self.was_reset, self.held = backwards, False, 0
        self.quiet = self.steps >= FIRST_TURNS and self.steps % EVERY_TURN != 0
        self.version = None if self.quiet else version_of(self.tracked)


@dataclass(slots=True)
class Steps:
    """Follows every optimiser through torch's own hooks around `step`.

    Attributes
    ----------
    pulse
        Counts backward passes.
    inside
        Whether a step with a closure is under way: backward passes then belong to this very step.
    followed
        Owners whose zeroing is followed in their present turn.
    """

    owners: dict[int, Owner] = field(default_factory=dict)
    gone: list[Owner] = field(default_factory=list)
    pulse: Pulse = field(default_factory=Pulse)
    taken: int = 0
    met: int = 0
    inside: bool = False
    followed: list[Owner] = field(default_factory=list)
    before: dict[int, AnyArray] = field(default_factory=dict)
    moved: dict[int, float] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """Steps so far, of all optimisers."""
        return self.taken + self.pulse.steps

    def settle(self) -> None:
        """Give the steps that were only counted to their optimiser."""
        pulse = self.pulse
        if pulse.steps:
            self.owners[pulse.optimizer].steps += pulse.steps
            self.taken, pulse.steps = self.taken + pulse.steps, 0
        pulse.turns = 0

    def owner_of(self, optimizer: Any) -> Owner | None:
        """The record of an optimiser; None before its first step."""
        owner = self.owners.get(id(optimizer))
        return owner if owner is not None and owner.optimizer() is optimizer else None

    def meet(self, optimizer: Any) -> Owner:
        """Begin the record of an optimiser."""
        if id(optimizer) in self.owners:  # another one that had its place
            self.gone.append(self.owners[id(optimizer)])
        groups = optimizer.param_groups
        name = getattr(optimizer, "watched_name", type(optimizer).__name__)
        owner = Owner(name, [_settings(group) for group in groups], _identities(groups), weakref.ref(optimizer))
        owner.rate_first, owner.begun, owner.place = _rate(groups), self.pulse.backwards, script_line()
        owner.number = self.met = self.met + 1
        self.owners[id(optimizer)] = owner
        return owner

    def everyone(self) -> list[Owner]:
        """All optimisers ever met, the present ones last; the latest of very many."""
        self.settle()
        latest = next(reversed(self.owners.values()), None)
        every = [*self.gone[-MOST_OWNERS:], *list(self.owners.values())[-MOST_OWNERS:]]
        for owner in every:
            owner.replaced = owner is not latest and latest is not None and _took_over(latest, owner)
        return every

    def rate(self) -> float:
        """The largest learning rate of the latest steps."""
        return max((owner.rate_last for owner in self.owners.values()), default=math.nan)

    def about_to(self, optimizer: Any, owner: Owner, *, looking: bool, closure: bool) -> None:
        """Before a step; with a closure its backward passes are still to come."""
        groups = optimizer.param_groups
        rate = groups[0].get("lr", math.nan) if len(groups) == 1 else _rate(groups)
        if rate is not owner.rate_last and (looking or isinstance(rate, float)):  # a tensor may wait for a device
            rate = float(rate)
            owner.rate_low, owner.rate_high = min(owner.rate_low, rate), max(owner.rate_high, rate)
            owner.rate_last = rate
        self.inside = closure
        if looking:
            owner.parameters = _identities(groups)
            if self.pulse.backwards > owner.begun and not closure:
                self._find_wiped(groups, owner)
            self._copy(groups, every=closure)

    @quietly
    def _find_wiped(self, groups: list[dict[str, Any]], owner: Owner) -> None:
        owner.seen += 1
        owner.wiped += all(p.grad is None or not norm_of(p.grad) for group in groups for p in group["params"])

    def _copy(self, groups: list[dict[str, Any]], *, every: bool) -> None:
        """What is about to move: what has a gradient, or everything where gradients are still to come."""
        self.before |= {
            id(p): as_array(p, MOST_COPIED).copy()
            for group in groups
            for p in group["params"]
            if every or p.grad is not None
        }

    def done(self, optimizer: Any, *, looking: bool) -> None:
        """After a step."""
        owner = self.owners.get(id(optimizer))
        if owner is None:  # met by somebody else's hook alone
            return
        self.taken += 1
        if owner.quiet and not looking and (owner.steps + 1) % EVERY_TURN:
            owner.steps += 1
            owner.begun = self.pulse.backwards
            self._let_pass(optimizer, owner)
            return
        if looking:
            if self.inside and self.pulse.backwards > owner.begun:
                self._find_wiped(optimizer.param_groups, owner)
            self._measure(optimizer.param_groups)
        was = owner.version
        owner.close_turn(self.pulse.backwards)
        if owner.tracked is None:
            owner.tracked = _first_with_gradient(optimizer)
            owner.version = version_of(owner.tracked)
        if (owner.version is None) is not (was is None):
            self.followed = [one for one in self.owners.values() if one.version is not None]
            self.pulse.busy = looking or bool(self.followed)
        self.inside = False
        self._let_pass(optimizer, owner)

    def _let_pass(self, optimizer: Any, owner: Owner) -> None:
        """Of a single optimiser the steps up to the next turn that is followed need only be counted."""
        if owner.quiet and len(self.owners) == 1:
            self.pulse.optimizer, self.pulse.turns = id(optimizer), EVERY_TURN - 1 - owner.steps % EVERY_TURN

    def _measure(self, groups: list[dict[str, Any]]) -> None:
        for group in groups:
            for p in group["params"]:
                if id(p) in self.before:
                    self.moved[id(p)] = _ratio(self.before[id(p)], as_array(p, MOST_COPIED))

    def before_backward(self) -> None:
        """Notice a gradient that was put back to nothing since the last step or backward pass."""
        for owner in self.followed:
            if owner.version != version_of(owner.tracked):
                owner.was_reset = True
                owner.thrown += owner.held if owner.weights == _written(owner.tracked) else 0
                owner.held = 0

    def after_backward(self) -> None:
        """Remember how the gradient stands."""
        for owner in self.followed:
            owner.version, owner.weights = version_of(owner.tracked), _written(owner.tracked)
            owner.made, owner.held = owner.made + 1, owner.held + 1

    def stage(self, parameters: set[int]) -> int:
        """The number of the newest optimiser that owns any of these parameters; 0 before there is one."""
        known = (owner for owner in self.owners.values() if not owner.parameters.isdisjoint(parameters))
        return max((owner.number for owner in known), default=0)

    def habit(self, parameters: set[int]) -> Habit | None:
        """The rule of the newest living optimiser of these parameters; None where the oldest has taken more steps."""
        known = [owner for owner in self.owners.values() if not owner.parameters.isdisjoint(parameters)]
        present = [owner for owner in known if owner.optimizer() is not None] or known[-1:]
        if not present or (len(present) > 1 and present[-1].steps < present[0].steps):
            return None
        owner = present[-1]
        settings = {name: value for name, value in owner.groups[0].items() if name not in ("lr", "fused", "foreach")}
        return Habit(owner.name, settings, owner.rate_high, owner.steps)

    def owned(self) -> set[int]:
        """The identities of all parameters that some optimiser owns now."""
        return set().union(*(owner.parameters for owner in self.owners.values() if owner.optimizer() is not None))

    def take_moved(self) -> dict[int, float]:
        """How far the last step that was looked at moved each parameter, over the parameter's size."""
        moved, self.moved, self.before = self.moved, {}, {}
        return moved


def _took_over(latest: Owner, owner: Owner) -> bool:
    """Whether an optimiser that is gone stepped on a parameter that lives, and that the latest one owns."""
    parameter = None if owner.tracked is None else owner.tracked()
    return parameter is not None and owner.optimizer() is None and id(parameter) in latest.parameters


def _identities(groups: list[dict[str, Any]]) -> set[int]:
    return {id(p) for group in groups for p in group["params"]}


def _settings(group: dict[str, Any]) -> dict[str, Any]:
    kept = {name: group[name] for name in SETTINGS if isinstance(group.get(name), (int, float, tuple, bool))}
    dimensions = [p.ndim for p in group["params"]]
    return kept | {"parameters": len(dimensions), "vectors": sum(d <= 1 for d in dimensions)}


def _rate(groups: list[dict[str, Any]]) -> float:
    return max((float(group.get("lr", math.nan)) for group in groups), default=math.nan)


def _first_with_gradient(optimizer: Any) -> Any:
    for group in optimizer.param_groups:
        for p in group["params"]:
            if p.grad is not None and not p.grad.is_sparse:
                return weakref.ref(p)
    return None


def version_of(tracked: Any) -> tuple[int, int] | None:
    """Which gradient a parameter has, and how often it was written: a reset changes one or the other."""
    parameter = None if tracked is None else tracked()
    if parameter is None:
        return None
    gradient = parameter.grad
    return (0, 0) if gradient is None else (id(gradient), gradient._version)  # noqa: SLF001  # torch's own count


def _written(tracked: Any) -> int:
    """How often a parameter has been written."""
    parameter = None if tracked is None else tracked()
    return -1 if parameter is None else parameter._version  # noqa: SLF001  # torch's own count


@quietly
def _ratio(before: AnyArray, after: AnyArray) -> float:
    size = float(np.linalg.norm(before))
    change = float(np.linalg.norm(after - before))
    return change / size if size else (math.inf if change else 0.0)
