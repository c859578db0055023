"""`torch.optim` over a cohort: stacked parameters cut into groups of equal settings, as views along the member axis."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import torch
from torch import Tensor
from torch.optim import Optimizer

from whyfit.evidence.recipe import Recipe
from whyfit.training.schedule import SCHEDULES, rate_factor, warmup_steps
from whyfit.training.torch_parts.optimizers import FACTORIES, FUSED, options_of

State = dict[str, Tensor]


@dataclass(frozen=True, slots=True)
class Pace:
    """What decides the rate of one member at each step.

    Attributes
    ----------
    recipe
        Gives rate, schedule and warm-up.
    steps
        All steps that the recipe allows.
    """

    recipe: Recipe
    steps: int

    def key(self) -> tuple[Any, ...]:
        """Equal for members that one group can hold."""
        recipe = self.recipe
        return (recipe.learning_rate, recipe.settings, recipe.schedule, recipe.warmup, self.steps)

    def rate(self, t: int) -> float:
        """Of step t, counted from 1."""
        recipe = self.recipe
        if recipe.schedule == "constant" and not recipe.warmup:
            return recipe.learning_rate
        warmup = warmup_steps(recipe.warmup, self.steps)
        return float(recipe.learning_rate * rate_factor.py_func(SCHEDULES[recipe.schedule], warmup, self.steps, t))


def in_groups(paces: Sequence[Pace]) -> list[int]:
    """The order in which members of one group stand side by side, so that a group is a view."""
    return sorted(range(len(paces)), key=lambda place: repr(paces[place].key()))


class Groups:
    """The optimiser of a cohort whose members stand in the order of `in_groups`.

    Attributes
    ----------
    paces
        Of the members.
    """

    def __init__(self, paces: Sequence[Pace], parameters: State) -> None:
        self.paces, self._spans = tuple(paces), _spans(tuple(paces))
        self._views = [[p.detach()[a:b] for p in parameters.values()] for a, b in self._spans]
        self._optimizer = self._made()

    @property
    def bytes(self) -> int:
        """What the optimiser remembers."""
        remembered = (value for one in self._optimizer.state.values() for value in one.values())
        return sum(value.nbytes for value in remembered if isinstance(value, Tensor))

    def rates(self, t: int) -> list[float]:
        """(members,) rates of step t."""
        return [pace.rate(t) for pace in self.paces]

    def step(self, gradients: Sequence[Tensor | None], t: int) -> None:
        """Step t, from stacked gradients in the order of the parameters."""
        for (a, b), views, group in zip(self._spans, self._views, self._optimizer.param_groups, strict=True):
            group["lr"] = self.paces[a].rate(t)
            for view, gradient in zip(views, gradients, strict=True):
                # A fused rule walks both memories side by side, and stacked products come transposed.
                view.grad = None if gradient is None else gradient[a:b].contiguous()
        self._optimizer.step()

    def kept(self, index: Sequence[int], parameters: State) -> Groups:
        """The optimiser of some of the members, over their own stack; what it remembers goes with them."""
        groups = Groups([self.paces[i] for i in index], parameters)
        homes = {place: home for home, span in enumerate(self._spans) for place in range(*span)}
        remembered, remembers = self._optimizer.state, groups._optimizer.state  # its own class
        for (a, b), views in zip(groups._spans, groups._views, strict=True):  # see above
            home = homes[index[a]]
            places = torch.tensor([place - self._spans[home][0] for place in index[a:b]])
            for view, old in zip(views, self._views[home], strict=True):
                remembers[view] = _kept_state(remembered.get(old, {}), old, places)
        return groups

    def _made(self) -> Optimizer:
        recipe = self.paces[0].recipe
        factory, fixed = FACTORIES[recipe.optimizer]
        groups = [
            {"params": views, "lr": self.paces[a].recipe.learning_rate, **options_of(self.paces[a].recipe)}
            for (a, _), views in zip(self._spans, self._views, strict=True)
        ]
        extra = {"fused": True} if recipe.optimizer in FUSED else {}
        return factory(groups, lr=recipe.learning_rate, **fixed, **extra)


def _spans(paces: Sequence[Pace]) -> list[tuple[int, int]]:
    spans, start = [], 0
    for _, group in groupby(paces, key=Pace.key):
        size = len(list(group))
        spans.append((start, start + size))
        start += size
    return spans


def _kept_state(state: dict[str, Any], old: Tensor, places: Tensor) -> dict[str, Any]:
    """What an optimiser remembers of a parameter: stacked where it has its shape, else of the whole group."""
    return {
        name: value[places.to(value.device)] if isinstance(value, Tensor) and value.shape == old.shape else value
        for name, value in state.items()
    }
