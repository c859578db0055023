"""The recipe's optimiser as `torch.optim` has it: settings by whyfit's names, decay and penalties outside."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from typing import Any

import torch
from torch import Tensor
from torch.optim import Optimizer

from whyfit.evidence.recipe import Recipe

Factory = Callable[..., Optimizer]

FACTORIES: dict[str, tuple[Factory, dict[str, Any]]] = {
    "sgd": (torch.optim.SGD, {}),
    "momentum": (torch.optim.SGD, {"momentum": 0.9}),
    "nesterov": (torch.optim.SGD, {"momentum": 0.9, "nesterov": True}),
    "adagrad": (torch.optim.Adagrad, {}),
    "adadelta": (torch.optim.Adadelta, {}),
    "rmsprop": (torch.optim.RMSprop, {}),
    "adam": (torch.optim.Adam, {}),
    "adam_l2": (torch.optim.Adam, {}),
    "adamw": (torch.optim.Adam, {}),
    "amsgrad": (torch.optim.Adam, {"amsgrad": True}),
    "nadam": (torch.optim.NAdam, {}),
    "radam": (torch.optim.RAdam, {}),
    "adamax": (torch.optim.Adamax, {}),
    "asgd": (torch.optim.ASGD, {}),
    "rprop": (torch.optim.Rprop, {}),
}
"""Name in `whyfit.optimizers` → the class, and what makes it that entry. Decay and penalties
are taken by `Decay` before the rule, so that Adam with L2 and AdamW are Adam here."""

FUSED = frozenset({"sgd", "momentum", "nesterov", "adam", "adam_l2", "adamw", "amsgrad", "adagrad"})
"""Rules that torch can do in one pass; on a CPU one fused Adam step takes half the time of a foreach one (measured)."""


MATRIX_RULE, OTHERS_RULE = "muon", "adam"
"""Muon works on the matrices between hidden layers; embeddings, first and last layer, biases and norms follow Adam
(Jordan 2024)."""


class Both:
    """Two optimisers over the parameters of one network, as one."""

    def __init__(self, *parts: Optimizer) -> None:
        self.parts = parts

    def step(self) -> None:
        """One step of each."""
        for part in self.parts:
            part.step()

    @property
    def param_groups(self) -> list[dict[str, Any]]:
        """Of both: a rate set in a group holds for the next step."""
        return [group for part in self.parts for group in part.param_groups]

    @property
    def state(self) -> dict[Any, Any]:
        """Of both."""
        return {key: value for part in self.parts for key, value in part.state.items()}


def optimizer_of(
    recipe: Recipe, parameters: Sequence[Tensor], tables: AbstractSet[int] = frozenset()
) -> Optimizer | Both:
    """The optimiser of a recipe over the parameters of a network, in the order of its layers.

    `tables` are the identities of those that are tables of embeddings.
    """
    if recipe.optimizer != MATRIX_RULE:
        return _one(recipe.optimizer, recipe, parameters)
    inner = [p for p in parameters if p.ndim == 2 and id(p) not in tables][1:-1]
    chosen = {id(p) for p in inner}
    others = [p for p in parameters if id(p) not in chosen]
    rest = _one(OTHERS_RULE, recipe.but(settings=()), others)
    settings: dict[str, Any] = dict(recipe.settings)
    return Both(torch.optim.Muon(inner, recipe.learning_rate, 0.0, **settings), rest) if inner else rest


def _one(name: str, recipe: Recipe, parameters: Sequence[Tensor]) -> Optimizer:
    factory, fixed = FACTORIES[name]
    options = fixed | options_of(recipe, name)
    if name in FUSED:
        options["fused"] = True
    return factory(list(parameters), lr=recipe.learning_rate, **options)


def options_of(recipe: Recipe, name: str | None = None) -> dict[str, Any]:
    """The settings under torch's names; `beta1` and `beta2` become the pair that torch takes."""
    given: dict[str, Any] = dict(recipe.settings)
    pairs = {"betas": ("beta1", "beta2"), "etas": ("eta_minus", "eta_plus"), "step_sizes": ("step_min", "step_max")}
    for pair, names in pairs.items():
        if given.keys() & set(names):
            defaults = _defaults_of(name or recipe.optimizer)[pair]
            given[pair] = tuple(given.pop(one, default) for one, default in zip(names, defaults, strict=True))
    return given


def _defaults_of(name: str) -> dict[str, Any]:
    factory, fixed = FACTORIES[name]
    return factory([torch.zeros(1)], lr=1.0, **fixed).defaults
