"""GELU as GPT-2 computes it: Φ drawn by a tanh, at most 5e-4 off."""

from __future__ import annotations

import numpy as np

from whyfit.evidence.types import AnyArray
from whyfit.rules.activations.entry import Activation
from whyfit.rules.jit import jit
from whyfit.rules.vector_math import sigmoid

CUBE = 0.044715
"""Hendrycks & Gimpel 2016, section 2; so for the next, √(2/π)."""
SLOPE = 0.7978845608028654


def derivative(z: AnyArray) -> AnyArray:
    """σ(2u) + 2z·u′·σ(2u)·σ(−2u), u = √(2/π)·(z + 0.044715·z³)."""
    u = np.tanh(SLOPE * (z + CUBE * z**3))
    return 0.5 * (1.0 + u) + 0.5 * z * (1.0 - u**2) * SLOPE * (1.0 + 3 * CUBE * z**2)


@jit
def forward(z: AnyArray, a: AnyArray, slope: AnyArray) -> None:
    """a ← z·σ(2u), u = √(2/π)·(z + 0.044715·z³): as (1 + tanh u)/2 is σ(2u)."""
    number = z.dtype.type
    slope2, cube = number(2 * SLOPE), number(2 * SLOPE * CUBE)
    for i in range(z.size):
        a[i] = z[i] * sigmoid(z[i] * (slope2 + cube * (z[i] * z[i])))


@jit
def backward(z: AnyArray, a: AnyArray, d: AnyArray, slope: AnyArray) -> float:
    """d ← d·(s + z·s(1 − s)·2u′), s = σ(2u)."""
    number = d.dtype.type
    one, three, slope2, cube = number(1.0), number(3.0), number(2 * SLOPE), number(2 * SLOPE * CUBE)
    for i in range(d.size):
        square = cube * (z[i] * z[i])
        s = sigmoid(z[i] * (slope2 + square))
        d[i] *= s + z[i] * (s * (one - s)) * (slope2 + three * square)
    return 0.0


@jit
def both(z: AnyArray, a: AnyArray) -> None:
    """a ← f(z) and z ← f′(z) from one sigmoid."""
    number = z.dtype.type
    one, three, slope2, cube = number(1.0), number(3.0), number(2 * SLOPE), number(2 * SLOPE * CUBE)
    for i in range(z.size):
        x = z[i]
        square = cube * (x * x)
        s = sigmoid(x * (slope2 + square))
        a[i] = x * s
        z[i] = s + x * (s * (one - s)) * (slope2 + three * square)


ENTRY = Activation(
    code=15,
    name="gelu_tanh",
    formula=r"f(z) = \frac{z}{2}\bigl(1 + \tanh u\bigr), \quad u = \sqrt{2/\pi}\,(z + 0.044715\,z^3)",
    derivative_formula=r"f'(z) = \frac{1 + \tanh u}{2} + \frac{z\,u'}{2}\,(1 - \tanh^2 u)",
    range=(-0.17004075057125412, np.inf),
    reads="z",
    saturates="left",
    smooth=True,
    paper="Hendrycks & Gimpel 2016, Gaussian error linear units, section 2",
    forward=forward,
    backward=backward,
    both=both,
    value=lambda z: 0.5 * z * (1.0 + np.tanh(SLOPE * (z + CUBE * z**3))),
    derivative=derivative,
)
