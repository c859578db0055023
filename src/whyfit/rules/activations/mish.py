"""Mish: each value times tanh(softplus) of itself."""

from __future__ import annotations

import numpy as np

from whyfit.evidence.types import AnyArray
from whyfit.rules.activations.entry import Activation
from whyfit.rules.jit import jit
from whyfit.rules.vector_math import exp

FLAT = 20.0
"""From here up tanh(softplus(z)) is 1 in both precisions, and e^z is taken at 20 so that its square stays finite."""


def derivative(z: AnyArray) -> AnyArray:
    """t + z·(1 − t²)·σ(z), t = tanh(softplus(z))."""
    t = np.tanh(np.log1p(np.exp(z)))
    return t + z * (1.0 - t**2) / (1.0 + np.exp(-z))


@jit
def forward(z: AnyArray, a: AnyArray, slope: AnyArray) -> None:
    """a ← z·tanh(softplus(z)): with e = e^z and n = e(e + 2) the tanh is n/(n + 2)."""
    number = z.dtype.type
    two, flat = number(2.0), number(FLAT)
    for i in range(z.size):
        e = exp(flat if z[i] > flat else z[i])
        n = e * (e + two)
        a[i] = z[i] * (n / (n + two))


@jit
def backward(z: AnyArray, a: AnyArray, d: AnyArray, slope: AnyArray) -> float:
    """d ← d·(t + z·4e(e + 1)/(n + 2)²), the second term being z·(1 − t²)·σ(z)."""
    number = d.dtype.type
    one, two, flat = number(1.0), number(2.0), number(FLAT)
    for i in range(d.size):
        e = exp(flat if z[i] > flat else z[i])
        n = e * (e + two)
        r = one / (n + two)
        d[i] *= n * r + z[i] * (two * two * (e * r)) * ((e + one) * r)
    return 0.0


@jit
def both(z: AnyArray, a: AnyArray) -> None:
    """a ← f(z) and z ← f′(z): one exponential and one division serve the two."""
    number = z.dtype.type
    one, two, flat = number(1.0), number(2.0), number(FLAT)
    for i in range(z.size):
        x = z[i]
        e = exp(flat if x > flat else x)
        n = e * (e + two)
        r = one / (n + two)
        t = n * r
        a[i] = x * t
        z[i] = t + x * (two * two * (e * r)) * ((e + one) * r)


ENTRY = Activation(
    code=11,
    name="mish",
    formula=r"f(z) = z \tanh(\ln(1 + e^z))",
    derivative_formula=r"f'(z) = t + z\,(1 - t^2)\,\sigma(z), \quad t = \tanh(\ln(1 + e^z))",
    range=(-0.30884341006120570, np.inf),
    reads="z",
    saturates="left",
    smooth=True,
    paper="Misra 2020, Mish: a self regularized non-monotonic activation function",
    forward=forward,
    backward=backward,
    both=both,
    value=lambda z: z * np.tanh(np.log1p(np.exp(z))),
    derivative=derivative,
)
