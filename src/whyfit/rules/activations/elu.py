"""ELU: bends smoothly to −1, so that the mean output comes nearer to zero."""

from __future__ import annotations

import numpy as np

from whyfit.evidence.types import AnyArray
from whyfit.rules.activations.entry import Activation
from whyfit.rules.jit import jit
from whyfit.rules.vector_math import expm1


@jit
def forward(z: AnyArray, a: AnyArray, slope: AnyArray) -> None:
    """a ← z above zero, e^z − 1 below."""
    zero = z.dtype.type(0.0)
    for i in range(z.size):
        below = expm1(z[i])
        a[i] = z[i] if z[i] > zero else below


@jit
def backward(z: AnyArray, a: AnyArray, d: AnyArray, slope: AnyArray) -> float:
    """d keeps e^z = a + 1 below zero."""
    zero, one = d.dtype.type(0.0), d.dtype.type(1.0)
    for i in range(d.size):
        d[i] = d[i] if a[i] > zero else d[i] * (a[i] + one)
    return 0.0


ENTRY = Activation(
    code=6,
    name="elu",
    formula=r"f(z) = z \text{ for } z > 0, \text{ else } e^z - 1",
    derivative_formula=r"f'(z) = 1 \text{ for } z > 0, \text{ else } e^z",
    range=(-1.0, np.inf),
    reads="a",
    saturates="left",
    smooth=False,
    paper="Clevert, Unterthiner & Hochreiter 2016, Fast and accurate deep network learning by exponential linear units",
    forward=forward,
    backward=backward,
    value=lambda z: np.where(z > 0, z, np.expm1(np.minimum(z, 0.0))),
    derivative=lambda z: np.where(z > 0, 1.0, np.exp(np.minimum(z, 0.0))),
)
