"""What the values of each layer are like, before and after its activation, summed over a full pass."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor

from whyfit.evidence.vitals import NOT_MEASURED
from whyfit.rules.activations import activations
from whyfit.surgery.flow import NO_ACTIVATION, Call, Watcher

SATURATED = 0.1
"""A value is saturated where the derivative is under a tenth of its maximum (QUESTIONS.md 10; chosen)."""

REACH, STEPS = 20.0, 40_001
"""Where the largest derivative of an activation is looked for, in steps of a thousandth."""


@dataclass(slots=True)
class Moments:
    """Count, sum and sum of squares in float64."""

    count: int = 0
    total: float = 0.0
    squares: float = 0.0

    def add(self, values: Tensor) -> None:
        """Take in all entries."""
        exact = values.detach().double()
        self.count += exact.numel()
        self.total += float(exact.sum())
        self.squares += float(exact.square().sum())

    @property
    def mean(self) -> float:
        """Mean of all entries."""
        return self.total / self.count if self.count else NOT_MEASURED

    @property
    def std(self) -> float:
        """Standard deviation of all entries."""
        return max(self.squares / self.count - self.mean**2, 0.0) ** 0.5 if self.count else NOT_MEASURED


@dataclass(slots=True, eq=False)
class Sums:
    """One layer over a pass.

    Attributes
    ----------
    call
        Its last use: gives name, kind, activation and weights.
    width
        Number of outputs, behind the activation.
    before, after
        Moments of the values around the activation.
    zeros, saturated
        Counts of values after, of values before in the flat part.
    alive
        (width,) whether any row gave something else than zero; None where the units cannot be told.
    """

    call: Call
    width: int
    before: Moments = field(default_factory=Moments)
    after: Moments = field(default_factory=Moments)
    zeros: int = 0
    saturated: int = 0
    alive: Tensor | None = None

    def add_after(self, values: Tensor, axis: int) -> None:
        """Take in what the activation gave."""
        self.after.add(values)
        self.zeros += int((values == 0).sum())
        if values.ndim >= -axis:
            self.width = values.shape[axis]
            alive = (values != 0).movedim(axis, -1).reshape(-1, self.width).any(dim=0)
            self.alive = alive if self.alive is None else self.alive | alive

    @property
    def dead(self) -> float:
        """Units that were zero for every row."""
        return NOT_MEASURED if self.alive is None else float((~self.alive).sum())


class Activity(Watcher):
    """Sums up a pass in evaluation mode; `finish` takes in what met no activation, after each chunk."""

    def __init__(self) -> None:
        self.layers: dict[str, Sums] = {}
        self._largest: dict[str, float] = {}

    def layer(self, call: Call) -> None:
        """Remember the layer, in the order of the first pass."""
        axis = call.units_axis
        sums = self.layers.setdefault(call.name, Sums(call, call.output.shape[axis]))
        sums.call = call

    def before(self, call: Call, values: Tensor, function: Callable[[Tensor], Any]) -> None:
        """Take in the values, and how many stand in the flat part, before they can be overwritten."""
        sums = self.layers[call.name]
        sums.before.add(values)
        with torch.enable_grad():
            z = values.detach().clone().requires_grad_()
            (slope,) = torch.autograd.grad(function(z.clone()).sum(), z)
        sums.saturated += int((slope.abs() < SATURATED * self._largest_of(call.activation, function, values)).sum())

    def after(self, call: Call, values: Tensor) -> None:
        """Take in what the activation gave."""
        self.layers[call.name].add_after(values, call.units_axis)

    def finish(self, calls: list[Call]) -> None:
        """Layers whose output met no activation: before and after are the same."""
        for call in calls:
            if call.activation == NO_ACTIVATION:
                sums = self.layers[call.name]
                sums.before.add(call.output)
                sums.add_after(call.output, call.units_axis)

    def _largest_of(self, name: str, function: Callable[[Tensor], Any], like: Tensor) -> float:
        if name not in self._largest:
            known = activations[name].largest_derivative if name in activations else _scanned(function, like)
            self._largest[name] = known
        return self._largest[name]


def _scanned(function: Callable[[Tensor], Any], like: Tensor) -> float:
    """The largest derivative of an activation that the catalogue does not have."""
    with torch.enable_grad():
        z = torch.linspace(-REACH, REACH, STEPS, dtype=like.dtype, device=like.device).requires_grad_()
        (slope,) = torch.autograd.grad(function(z.clone()).sum(), z)
    return float(slope.abs().max())
