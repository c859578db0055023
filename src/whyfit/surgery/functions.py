"""Which functions of torch are layers with weights, and which are activations."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from whyfit.nets.maxout import maxout

Function = Callable[..., Any]

DENSE: frozenset[Any] = frozenset(
    {
        functional.linear,
        functional.bilinear,
        torch.matmul,
        torch.mm,
        torch.bmm,
        torch.addmm,
        torch.baddbmm,
        torch.einsum,
        Tensor.matmul,
        Tensor.mm,
        Tensor.__matmul__,
        Tensor.__rmatmul__,
    }
)
"""A layer where one of the arguments is a parameter of the network."""

CONVOLUTIONS: frozenset[Any] = frozenset(
    {
        torch.conv1d,
        torch.conv2d,
        torch.conv3d,
        torch.conv_transpose1d,
        torch.conv_transpose2d,
        torch.conv_transpose3d,
    }
)

INPUTS_FIRST: frozenset[Any] = (DENSE - {functional.linear, functional.bilinear}) | {
    torch.conv_transpose1d,
    torch.conv_transpose2d,
    torch.conv_transpose3d,
}
"""Layers whose weights have the inputs on their first axis, and the units on the second."""

RECURRENT: frozenset[Any] = frozenset(
    {torch.lstm, torch.gru, torch.rnn_tanh, torch.rnn_relu, torch.lstm_cell, torch.gru_cell, torch.rnn_tanh_cell}
)

KINDS: dict[Any, str] = (
    dict.fromkeys(DENSE, "dense")
    | dict.fromkeys(CONVOLUTIONS, "conv")
    | dict.fromkeys(RECURRENT, "recurrent")
    | {functional.embedding: "embedding", functional.embedding_bag: "embedding"}
)
"""Function → `LayerVitals.kind`."""


def _spelled(*names: str) -> list[Any]:
    """A function under all the names that torch has for it, as a function, a method, in place."""
    owners = (functional, torch, Tensor)
    return [getattr(owner, name) for name in names for owner in owners if hasattr(owner, name)]


ACTIVATIONS: dict[Any, str] = {
    function: name
    for name, spellings in {
        "relu": ("relu", "relu_"),
        "leaky_relu": ("leaky_relu", "leaky_relu_"),
        "prelu": ("prelu",),
        "elu": ("elu", "elu_"),
        "selu": ("selu", "selu_"),
        "gelu": ("gelu",),
        "silu": ("silu",),
        "mish": ("mish",),
        "sigmoid": ("sigmoid", "sigmoid_"),
        "tanh": ("tanh", "tanh_"),
        "softplus": ("softplus",),
        "hardswish": ("hardswish",),
        "hardsigmoid": ("hardsigmoid",),
        "relu6": ("relu6",),
        "celu": ("celu", "celu_"),
        "hardtanh": ("hardtanh", "hardtanh_"),
        "softsign": ("softsign",),
        "logsigmoid": ("logsigmoid",),
        "tanhshrink": ("tanhshrink",),
        "softmax": ("softmax", "log_softmax"),
        "glu": ("glu",),
    }.items()
    for function in _spelled(*spellings)
} | {maxout: "maxout"}
"""Function → name of the activation; beyond the catalogue's names those that torch has and the catalogue has not."""

CLAMPS: frozenset[Any] = frozenset(_spelled("clamp", "clamp_", "clamp_min", "clamp_min_"))


def activation_of(function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> str | None:
    """The name of the activation that a call is; None where it is none. A clamp at zero from below is a ReLU.

    Examples
    --------
    >>> activation_of(torch.tanh, (), {}), activation_of(torch.add, (), {})
    ('tanh', None)
    """
    if function in CLAMPS:
        low = args[1] if len(args) > 1 else kwargs.get("min")
        high = args[2] if len(args) > 2 else kwargs.get("max")
        return "relu" if low == 0 and high is None else None
    return ACTIVATIONS.get(function)
