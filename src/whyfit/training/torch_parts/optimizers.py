"""The recipe's optimiser as `torch.optim` has it: settings by whyfit's names, decay and penalties outside."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import torch
from torch import Tensor
from torch.optim import Optimizer

from whyfit.evidence.recipe import Recipe

Factory = Callable[..., Optimizer]

NO_DECAY: dict[str, Any] = {"weight_decay": 0.0}

FACTORIES: dict[str, tuple[Factory, dict[str, Any]]] = {
    "sgd": (torch.optim.SGD, {}),
    "momentum": (torch.optim.SGD, {"momentum": 0.9}),
    "nesterov": (torch.optim.SGD, {"momentum": 0.9, "nesterov": True}),
    "adagrad": (torch.optim.Adagrad, {}),
    "adadelta": (torch.optim.Adadelta, {}),
    "rmsprop": (torch.optim.RMSprop, {}),
    "adam": (torch.optim.Adam, {}),
    "adamw": (torch.optim.AdamW, NO_DECAY),
    "nadam": (torch.optim.NAdam, {}),
    "radam": (torch.optim.RAdam, {}),
    "adamax": (torch.optim.Adamax, {}),
    "asgd": (torch.optim.ASGD, {}),
    "rprop": (torch.optim.Rprop, {}),
}
"""Name in `whyfit.optimizers` → the class, and what makes it that entry. Decay is the recipe's, never the class's."""

FUSED = frozenset({"sgd", "momentum", "nesterov", "adam", "adamw", "adagrad"})
"""Rules that torch can do in one pass; on a CPU one fused Adam step takes half the time of a foreach one (measured)."""


def optimizer_of(recipe: Recipe, parameters: Iterable[Tensor]) -> Optimizer:
    """The optimiser of a recipe over parameters."""
    factory, fixed = FACTORIES[recipe.optimizer]
    options = fixed | _options(recipe)
    if recipe.optimizer in FUSED:
        options["fused"] = True
    return factory(list(parameters), lr=recipe.learning_rate, **options)


def _options(recipe: Recipe) -> dict[str, Any]:
    """The settings under torch's names; `beta1` and `beta2` become the pair that torch takes."""
    given: dict[str, Any] = dict(recipe.settings)
    pairs = {"betas": ("beta1", "beta2"), "etas": ("eta_minus", "eta_plus"), "step_sizes": ("step_min", "step_max")}
    for pair, names in pairs.items():
        if given.keys() & set(names):
            defaults = _defaults_of(recipe.optimizer)[pair]
            given[pair] = tuple(given.pop(name, default) for name, default in zip(names, defaults, strict=True))
    return given


def _defaults_of(name: str) -> dict[str, Any]:
    factory, fixed = FACTORIES[name]
    return factory([torch.zeros(1)], lr=1.0, **fixed).defaults
