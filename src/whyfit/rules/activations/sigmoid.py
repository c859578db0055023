"""Sigmoid: a smooth step from 0 to 1; its derivative is at most a quarter, and flat on both sides."""

from __future__ import annotations

import numpy as np

from whyfit.evidence.types import AnyArray
from whyfit.rules.activations.entry import Activation
from whyfit.rules.jit import jit
from whyfit.rules.vector_math import sigmoid


@jit
def forward(z: AnyArray, a: AnyArray, slope: AnyArray) -> None:
    """a ← 1/(1 + e^(−z))."""
    for i in range(z.size):
        a[i] = sigmoid(z[i])


@jit
def backward(z: AnyArray, a: AnyArray, d: AnyArray, slope: AnyArray) -> float:
    """d ← d·a(1 − a)."""
    one = d.dtype.type(1.0)
    for i in range(d.size):
        d[i] *= a[i] * (one - a[i])
    return 0.0


ENTRY = Activation(
    code=2,
    name="sigmoid",
    formula=r"f(z) = \frac{1}{1 + e^{-z}}",
    derivative_formula=r"f'(z) = f(z)\,(1 - f(z))",
    range=(0.0, 1.0),
    reads="a",
    saturates="both",
    smooth=True,
    paper="Verhulst 1845; in networks Rumelhart, Hinton & Williams 1986",
    forward=forward,
    backward=backward,
    value=lambda z: 1.0 / (1.0 + np.exp(-z)),
    derivative=lambda z: 1.0 / (2.0 + np.exp(-z) + np.exp(z)),
)
