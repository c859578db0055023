"""SiLU, also Swish: each value times its own sigmoid."""

from __future__ import annotations

import numpy as np

from whyfit.evidence.types import AnyArray
from whyfit.rules.activations.entry import Activation
from whyfit.rules.jit import jit
from whyfit.rules.vector_math import sigmoid


def derivative(z: AnyArray) -> AnyArray:
    """σ(z)·(1 + z·(1 − σ(z)))."""
    s = 1.0 / (1.0 + np.exp(-z))
    return s * (1.0 + z * (1.0 - s))


@jit
def forward(z: AnyArray, a: AnyArray, slope: AnyArray) -> None:
    """a ← z·σ(z)."""
    for i in range(z.size):
        a[i] = z[i] * sigmoid(z[i])


@jit
def backward(z: AnyArray, a: AnyArray, d: AnyArray, slope: AnyArray) -> float:
    """d ← d·σ(z)·(1 + z·(1 − σ(z)))."""
    one = d.dtype.type(1.0)
    for i in range(d.size):
        s = sigmoid(z[i])
        d[i] *= s * (one + z[i] * (one - s))
    return 0.0


@jit
def both(z: AnyArray, a: AnyArray) -> None:
    """a ← f(z) and z ← f′(z) from one sigmoid."""
    one = z.dtype.type(1.0)
    for i in range(z.size):
        x = z[i]
        s = sigmoid(x)
        a[i] = x * s
        z[i] = s * (one + x * (one - s))


ENTRY = Activation(
    code=10,
    name="silu",
    formula=r"f(z) = z\,\sigma(z)",
    derivative_formula=r"f'(z) = \sigma(z)\,\bigl(1 + z\,(1 - \sigma(z))\bigr)",
    range=(-0.27846454276107380, np.inf),
    reads="z",
    saturates="left",
    smooth=True,
    paper="Elfwing, Uchibe & Doya 2018, Sigmoid-weighted linear units; Ramachandran, Zoph & Le 2017 (Swish)",
    forward=forward,
    backward=backward,
    both=both,
    value=lambda z: z / (1.0 + np.exp(-z)),
    derivative=derivative,
)
