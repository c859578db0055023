"""Softplus: ReLU with its corner rounded; its derivative is the sigmoid."""

from __future__ import annotations

import numpy as np

from whyfit.evidence.types import AnyArray
from whyfit.rules.activations.entry import Activation
from whyfit.rules.jit import jit
from whyfit.rules.vector_math import SOFTPLUS_LINEAR, expm1, softplus

LINEAR_OUTPUT = SOFTPLUS_LINEAR + 2.1e-9
"""Of outputs: softplus(20) is 20 + 2.06e-9, and not linear yet."""


@jit
def forward(z: AnyArray, a: AnyArray, slope: AnyArray) -> None:
    """a ← ln(1 + e^z); z itself above 20, as torch has it."""
    for i in range(z.size):
        a[i] = softplus(z[i])


@jit
def backward(z: AnyArray, a: AnyArray, d: AnyArray, slope: AnyArray) -> float:
    """d ← d·σ(z), as d·(1 − e^−a), which needs no division; d itself above 20."""
    one, linear = d.dtype.type(1.0), d.dtype.type(LINEAR_OUTPUT)
    for i in range(d.size):
        s = -expm1(-a[i])
        d[i] *= one if a[i] > linear else s
    return 0.0


ENTRY = Activation(
    code=12,
    name="softplus",
    formula=r"f(z) = \ln(1 + e^z)",
    derivative_formula=r"f'(z) = \sigma(z)",
    range=(0.0, np.inf),
    reads="a",
    saturates="left",
    smooth=True,
    paper="Dugas et al. 2001, Incorporating second-order functional knowledge for better option pricing",
    forward=forward,
    backward=backward,
    value=lambda z: np.log1p(np.exp(z)),
    derivative=lambda z: 1.0 / (1.0 + np.exp(-z)),
)
