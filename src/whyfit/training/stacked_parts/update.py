"""Penalties, clipping and decay for a whole cohort: one number a member, broadcast over its parameters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import torch
from torch import Tensor, nn

from whyfit.evidence.recipe import Recipe
from whyfit.rules.optimizers.decay import decay_of
from whyfit.training.torch_parts.decay import spared_names
from whyfit.training.torch_parts.tensors import sent

AMOUNTS = ("l1", "l2", "decoupled", "clip_value", "clip_norm")

CLIP_EPSILON = 1e-6
"""torch's `clip_grad_norm_`: added to the norm before dividing by it."""

State = dict[str, Tensor]


@dataclass(frozen=True, eq=False)
class Amounts:
    """What each member's recipe does between gradient and rule.

    Attributes
    ----------
    due
        Names of the parameters that penalties and decay touch.
    some
        Names of the amounts that any member asked for: known without a look at the device, which would stop it.
    l1, l2, decoupled, clip_value, clip_norm
        (members,) float64; infinite where nothing is clipped.
    """

    due: frozenset[str]
    some: frozenset[str]
    l1: Tensor
    l2: Tensor
    decoupled: Tensor
    clip_value: Tensor
    clip_norm: Tensor

    @classmethod
    def of(cls, recipes: Sequence[Recipe], module: nn.Module, device: str) -> Self:
        """Decay is due on weights: not on biases and norms unless the recipes ask, all of them alike."""
        names = {name for name, p in module.named_parameters() if p.requires_grad}
        due = names if recipes[0].decay_biases else names - spared_names(module)
        amounts = [decay_of(recipe) for recipe in recipes]
        limits = [[_limit(recipe.clip_value), _limit(recipe.clip_norm)] for recipe in recipes]
        columns = torch.tensor([[*a, *b] for a, b in zip(amounts, limits, strict=True)], dtype=torch.float64).T
        asked = zip(AMOUNTS, columns, strict=True)
        some = frozenset(name for name, column in asked if bool((column.isfinite() & (column != 0)).any()))
        return cls(frozenset(due), some, *columns.to(device))

    def kept(self, index: Tensor) -> Amounts:
        """Of some of the members."""
        columns = (self.l1, self.l2, self.decoupled, self.clip_value, self.clip_norm)
        return Amounts(self.due, self.some, *(column[index] for column in columns))

    @property
    def changes_gradients(self) -> bool:
        """Whether gradients are written to between the backward pass and the rule."""
        return bool(self.some - {"decoupled"})

    @torch.no_grad()
    def penalise(self, parameters: State, gradients: State) -> None:
        """Gradient + l1·sign(w) + l2·w."""
        for name in self.due & gradients.keys():
            w, g = parameters[name], gradients[name]
            if "l2" in self.some:
                g.add_(over(self.l2, w) * w)
            if "l1" in self.some:
                g.add_(over(self.l1, w) * w.sign())

    @torch.no_grad()
    def clip(self, gradients: State) -> None:
        """Each entry first, then each member's whole: g·min(1, limit/(‖g‖ + 1e-6))."""
        if "clip_value" in self.some:
            for g in gradients.values():
                limit = over(self.clip_value, g)
                torch.minimum(torch.maximum(g, -limit, out=g), limit, out=g)
        if "clip_norm" in self.some:
            factor = (self.clip_norm / (norms(gradients).double() + CLIP_EPSILON)).clamp(max=1.0)
            for g in gradients.values():
                g.mul_(over(factor, g))

    @torch.no_grad()
    def shrink(self, parameters: State, rates: Sequence[float]) -> None:
        """Decoupled: w ← w − rate·decay·w."""
        if "decoupled" not in self.some:
            return
        rate = sent(torch.tensor(rates, dtype=torch.float64), self.decoupled.device)
        for name in self.due:
            w = parameters[name].detach()
            w.mul_(over(1.0 - rate * self.decoupled, w))


def over(amounts: Tensor, like: Tensor) -> Tensor:
    """(members,) → (members, 1, …), to broadcast over stacked numbers."""
    return amounts.to(like.dtype).view(-1, *(1,) * (like.ndim - 1))


def norms(stacked: State) -> Tensor:
    """(members,) norm over all of a member's numbers."""
    squares = [t.flatten(1).square().sum(dim=1) for t in stacked.values()]
    return torch.stack(squares).sum(dim=0).sqrt()


def _limit(value: float | None) -> float:
    return float("inf") if value is None else value
