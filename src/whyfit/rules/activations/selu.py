"""SELU: ELU with the two numbers that hold mean 0 and variance 1 from layer to layer."""

from __future__ import annotations

import numpy as np

from whyfit.evidence.types import AnyArray
from whyfit.rules.activations.entry import Activation
from whyfit.rules.jit import jit
from whyfit.rules.vector_math import expm1

ALPHA = 1.6732632423543772
"""Klambauer et al. 2017, equation 14: mean 0 and variance 1 map to themselves; so for the next."""
SCALE = 1.0507009873554805


@jit
def forward(z: AnyArray, a: AnyArray, slope: AnyArray) -> None:
    """a ← λz above zero, λα(e^z − 1) below."""
    number = z.dtype.type
    zero, scale, low = number(0.0), number(SCALE), number(SCALE * ALPHA)
    for i in range(z.size):
        below = low * expm1(z[i])
        a[i] = scale * z[i] if z[i] > zero else below


@jit
def backward(z: AnyArray, a: AnyArray, d: AnyArray, slope: AnyArray) -> float:
    """d takes λ above zero, λαe^z = a + λα below and at it."""
    number = d.dtype.type
    zero, scale, low = number(0.0), number(SCALE), number(SCALE * ALPHA)
    for i in range(d.size):
        d[i] *= scale if a[i] > zero else a[i] + low
    return 0.0


ENTRY = Activation(
    code=8,
    name="selu",
    formula=(
        r"f(z) = \lambda z \text{ for } z > 0, \text{ else } \lambda\alpha(e^z - 1); "
        r"\quad \lambda = 1.0507, \alpha = 1.6733"
    ),
    derivative_formula=r"f'(z) = \lambda \text{ for } z > 0, \text{ else } \lambda\alpha e^z",
    range=(-SCALE * ALPHA, np.inf),
    reads="a",
    saturates="left",
    smooth=False,
    paper="Klambauer, Unterthiner, Mayr & Hochreiter 2017, Self-normalizing neural networks",
    forward=forward,
    backward=backward,
    value=lambda z: SCALE * np.where(z > 0, z, ALPHA * np.expm1(np.minimum(z, 0.0))),
    derivative=lambda z: SCALE * np.where(z > 0, 1.0, ALPHA * np.exp(np.minimum(z, 0.0))),
)
