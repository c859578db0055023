"""What the kernel cannot train, by a code; never ignored in silence."""

from __future__ import annotations

from whyfit.evidence.recipe import Recipe
from whyfit.rules.activations import activations
from whyfit.rules.augmentations import augmentations
from whyfit.rules.initializers import initializers
from whyfit.rules.losses import losses
from whyfit.rules.optimizers import optimizers
from whyfit.training.schedule import SCHEDULES


def refusal(recipe: Recipe) -> str | None:
    """The code of the first reason why not; None where the kernel can.

    Examples
    --------
    >>> refusal(Recipe())
    >>> refusal(Recipe(schedule="linear"))
    'schedule_not_in_kernel'
    """
    reasons = {
        "activation_not_in_kernel": recipe.activation not in activations,
        "optimizer_not_in_kernel": recipe.optimizer not in optimizers,
        "initializer_not_in_kernel": recipe.initializer not in initializers,
        "loss_not_in_kernel": recipe.loss not in losses,
        "schedule_not_in_kernel": recipe.schedule not in SCHEDULES,
        "augmentation_not_in_kernel": recipe.augmentation not in ("none", *augmentations),
    }
    return next((code for code, true in reasons.items() if true), None)
