"""The catalogue's activations as torch modules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from whyfit.rules.activations import activations
from whyfit.rules.activations.maxout import PIECES

if TYPE_CHECKING:
    from torch import nn

CLASSES: dict[str, tuple[str, dict[str, Any]]] = {
    "identity": ("Identity", {}),
    "relu": ("ReLU", {}),
    "leaky_relu": ("LeakyReLU", {}),
    "prelu": ("PReLU", {}),
    "elu": ("ELU", {}),
    "selu": ("SELU", {}),
    "gelu": ("GELU", {"approximate": "none"}),
    "gelu_tanh": ("GELU", {"approximate": "tanh"}),
    "silu": ("SiLU", {}),
    "mish": ("Mish", {}),
    "sigmoid": ("Sigmoid", {}),
    "tanh": ("Tanh", {}),
    "softplus": ("Softplus", {}),
    "hardswish": ("Hardswish", {}),
    "hardsigmoid": ("Hardsigmoid", {}),
    "maxout": ("Maxout", {}),
}
"""Name in `whyfit.activations` → class in `torch.nn` and its options; torch's defaults are the catalogue's too."""


def activation_module(name: str) -> nn.Module:
    """A fresh module of an activation; a learned slope starts where the catalogue says.

    Maxout stands behind a layer with as many times its units as it has pieces, see `pieces_of`.

    Examples
    --------
    >>> activation_module("relu")
    ReLU()
    """
    from torch import nn  # noqa: PLC0415  # whyfit --help must not load torch

    from whyfit.nets.maxout import Maxout  # noqa: PLC0415  # loads torch

    if name == "maxout":
        return Maxout()
    torch_name, options = CLASSES[name]
    slope = activations[name].slope
    module: nn.Module = getattr(nn, torch_name)(**options if slope is None else {"init": slope})
    return module


def pieces_of(name: str) -> int:
    """How many values the layer before an activation gives for each unit.

    Examples
    --------
    >>> pieces_of("relu"), pieces_of("maxout")
    (1, 2)
    """
    return PIECES if name == "maxout" else 1


def name_of(module: nn.Module) -> str | None:
    """The catalogue's name of an activation module; None for any other module.

    Examples
    --------
    >>> from torch import nn
    >>> name_of(nn.Tanh()), name_of(nn.GELU(approximate="tanh")), name_of(nn.Linear(1, 1))
    ('tanh', 'gelu_tanh', None)
    """
    kind = type(module).__name__
    ours = type(module).__module__.startswith(("torch.nn.modules.", "whyfit.nets.maxout"))
    for name, (torch_name, options) in CLASSES.items():
        if ours and kind == torch_name and all(getattr(module, key) == value for key, value in options.items()):
            return name
    return None
