"""The catalogue's activations as torch modules."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from whyfit.rules.activations import activations

if TYPE_CHECKING:
    from torch import nn

CLASSES: dict[str, str] = {
    "identity": "Identity",
    "relu": "ReLU",
    "leaky_relu": "LeakyReLU",
    "prelu": "PReLU",
    "elu": "ELU",
    "selu": "SELU",
    "gelu": "GELU",
    "silu": "SiLU",
    "mish": "Mish",
    "sigmoid": "Sigmoid",
    "tanh": "Tanh",
    "softplus": "Softplus",
    "hardswish": "Hardswish",
    "hardsigmoid": "Hardsigmoid",
}
"""Name in `whyfit.activations` → name in `torch.nn`; with torch's defaults, which are the catalogue's too."""


def activation_module(name: str) -> nn.Module:
    """A fresh module of an activation; a learned slope starts where the catalogue says.

    Examples
    --------
    >>> activation_module("relu")
    ReLU()
    """
    from torch import nn  # noqa: PLC0415  # whyfit --help must not load torch

    make: Callable[..., nn.Module] = getattr(nn, CLASSES[name])
    slope = activations[name].slope
    return make() if slope is None else make(init=slope)


def name_of(module: nn.Module) -> str | None:
    """The catalogue's name of an activation module; None for any other module.

    Examples
    --------
    >>> from torch import nn
    >>> name_of(nn.Tanh()), name_of(nn.Linear(1, 1))
    ('tanh', None)
    """
    return NAMES.get(type(module).__name__) if type(module).__module__.startswith("torch.nn") else None


NAMES = {torch_name: name for name, torch_name in CLASSES.items() if name != "identity"}
