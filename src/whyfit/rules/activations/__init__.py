"""The catalogue of activations: formula, derivative, compiled code and facts of each."""

from __future__ import annotations

from whyfit.rules.activations import (
    elu,
    gelu,
    gelu_tanh,
    hardsigmoid,
    hardswish,
    identity,
    leaky_relu,
    maxout,
    mish,
    prelu,
    relu,
    selu,
    sigmoid,
    silu,
    softplus,
    tanh,
)
from whyfit.rules.activations.entry import Activation
from whyfit.rules.catalogue import Catalogue

activations: Catalogue[Activation] = Catalogue(
    "activation",
    "activations",
    (
        identity.ENTRY,
        relu.ENTRY,
        sigmoid.ENTRY,
        tanh.ENTRY,
        leaky_relu.ENTRY,
        prelu.ENTRY,
        elu.ENTRY,
        maxout.ENTRY,
        selu.ENTRY,
        gelu.ENTRY,
        silu.ENTRY,
        mish.ENTRY,
        softplus.ENTRY,
        hardswish.ENTRY,
        hardsigmoid.ENTRY,
        gelu_tanh.ENTRY,
    ),
)

__all__ = ["Activation", "activations"]
