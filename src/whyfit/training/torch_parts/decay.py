"""Penalties, clipping and decoupled decay: what happens between the backward pass and the rule."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import torch
from torch import Tensor, nn
from torch.nn.utils import clip_grad_norm_, clip_grad_value_

from whyfit.evidence.recipe import Recipe
from whyfit.rules.optimizers.decay import Decay as Amounts
from whyfit.rules.optimizers.decay import decay_of

NORMS = (nn.modules.batchnorm._NormBase, nn.LayerNorm, nn.GroupNorm, nn.RMSNorm, nn.LocalResponseNorm)  # noqa: SLF001  # the common base of batch and instance norm has no public name


@dataclass(frozen=True, eq=False)
class Decay:
    """What a recipe does to gradients and weights before the rule.

    Attributes
    ----------
    all
        Every parameter that is trained.
    due
        Those that penalties and decay touch.
    amounts
        Penalties and decoupled decay.
    recipe
        Gives the clipping.
    """

    all: tuple[Tensor, ...]
    due: tuple[Tensor, ...]
    amounts: Amounts
    recipe: Recipe

    @classmethod
    def of(cls, recipe: Recipe, module: nn.Module) -> Self:
        """Decay is due on weights: not on biases and norms unless the recipe asks."""
        named = [(name, p) for name, p in module.named_parameters() if p.requires_grad]
        spared = frozenset() if recipe.decay_biases else spared_names(module)
        due = tuple(p for name, p in named if name not in spared)
        return cls(tuple(p for _, p in named), due, decay_of(recipe), recipe)

    @property
    def hides_infinity(self) -> bool:
        """Whether a gradient that is not finite could pass unseen: clipped, or reduced to its sign."""
        recipe = self.recipe
        return recipe.clip_norm is not None or recipe.clip_value is not None or recipe.optimizer == "rprop"

    @torch.no_grad()
    def penalise(self) -> None:
        """Gradient + l1·sign(w) + l2·w."""
        l1, l2, _ = self.amounts
        if not (l1 or l2):
            return
        weights = [p for p in self.due if p.grad is not None]
        gradients = [p.grad for p in weights if p.grad is not None]
        if l2:
            torch._foreach_add_(gradients, weights, alpha=l2)  # torch's optimisers use them too
        if l1:
            torch._foreach_add_(gradients, torch._foreach_sign(weights), alpha=l1)  # noqa: SLF001  # see above

    def clip(self) -> None:
        """Each entry first, then the whole: g·min(1, limit/(‖g‖ + 1e-6)), as torch clips."""
        if self.recipe.clip_value is not None:
            clip_grad_value_(self.all, self.recipe.clip_value)
        if self.recipe.clip_norm is not None:
            clip_grad_norm_(self.all, self.recipe.clip_norm)

    @torch.no_grad()
    def shrink(self, rate: float) -> None:
        """Decoupled: w ← w − rate·decay·w (Loshchilov & Hutter 2019, algorithm 2)."""
        if self.amounts.decoupled:
            torch._foreach_mul_(self.due, 1.0 - rate * self.amounts.decoupled)


def spared_names(module: nn.Module) -> frozenset[str]:
    """Biases, the parameters of norms, and whatever else has fewer than two dimensions."""
    parts = ((prefix, part) for prefix, part in module.named_modules() if isinstance(part, NORMS))
    of_norms = {f"{prefix}.{name}".lstrip(".") for prefix, part in parts for name, _ in part.named_parameters()}
    return frozenset(of_norms | {name for name, p in module.named_parameters() if p.ndim < 2})
