"""tanh: the sigmoid stretched to −1 … 1, so that its mean is zero; still flat on both sides."""

from __future__ import annotations

import numpy as np

from whyfit.evidence.types import AnyArray
from whyfit.rules.activations.entry import Activation
from whyfit.rules.jit import jit
from whyfit.rules.vector_math import tanh


@jit
def forward(z: AnyArray, a: AnyArray, slope: AnyArray) -> None:
    """a ← tanh(z)."""
    for i in range(z.size):
        a[i] = tanh(z[i])


@jit
def backward(z: AnyArray, a: AnyArray, d: AnyArray, slope: AnyArray) -> float:
    """d ← d·(1 − a²)."""
    one = d.dtype.type(1.0)
    for i in range(d.size):
        d[i] *= (one - a[i]) * (one + a[i])
    return 0.0


ENTRY = Activation(
    code=3,
    name="tanh",
    formula=r"f(z) = \frac{e^z - e^{-z}}{e^z + e^{-z}}",
    derivative_formula=r"f'(z) = 1 - f(z)^2",
    range=(-1.0, 1.0),
    reads="a",
    saturates="both",
    smooth=True,
    paper="LeCun, Bottou, Orr & Müller 1998, Efficient BackProp, section 4.4",
    forward=forward,
    backward=backward,
    value=np.tanh,
    derivative=lambda z: 1.0 / np.cosh(z) ** 2,
)
