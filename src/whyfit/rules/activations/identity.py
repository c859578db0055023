"""Identity: what stands behind the last layer, and between two linear layers where somebody forgot the activation."""

from __future__ import annotations

import numpy as np

from whyfit.evidence.types import AnyArray
from whyfit.rules.activations.entry import Activation
from whyfit.rules.jit import jit


@jit
def forward(z: AnyArray, a: AnyArray, slope: AnyArray) -> None:
    """a ← z."""
    for i in range(z.size):
        a[i] = z[i]


@jit
def backward(z: AnyArray, a: AnyArray, d: AnyArray, slope: AnyArray) -> float:
    """d stays as it is."""
    return 0.0


ENTRY = Activation(
    code=0,
    name="identity",
    formula=r"f(z) = z",
    derivative_formula=r"f'(z) = 1",
    range=(-np.inf, np.inf),
    reads="z",
    saturates="no",
    smooth=True,
    paper="Widrow & Hoff 1960, Adaptive switching circuits",
    forward=forward,
    backward=backward,
    value=lambda z: z * 1.0,
    derivative=lambda z: z * 0.0 + 1.0,
)
