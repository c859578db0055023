"""ReLU: lets positive values pass, cuts the others to zero."""

from __future__ import annotations

import numpy as np

from whyfit.evidence.types import AnyArray
from whyfit.rules.activations.entry import Activation
from whyfit.rules.jit import jit


@jit
def forward(z: AnyArray, a: AnyArray, slope: AnyArray) -> None:
    """a ← max(z, 0), written so that NaN stays NaN."""
    zero = z.dtype.type(0.0)
    for i in range(z.size):
        a[i] = zero if z[i] < zero else z[i]


@jit
def backward(z: AnyArray, a: AnyArray, d: AnyArray, slope: AnyArray) -> float:
    """d is cut where the unit gave nothing; f′(0) = 0, as torch has it."""
    zero = d.dtype.type(0.0)
    for i in range(d.size):
        d[i] = zero if a[i] <= zero else d[i]
    return 0.0


ENTRY = Activation(
    code=1,
    name="relu",
    formula=r"f(z) = \max(z, 0)",
    derivative_formula=r"f'(z) = \mathbb{1}[z > 0]",
    range=(0.0, np.inf),
    reads="a",
    saturates="left",
    smooth=False,
    paper="Nair & Hinton 2010, Rectified linear units improve restricted Boltzmann machines; Glorot et al. 2011",
    forward=forward,
    backward=backward,
    value=lambda z: np.where(z > 0, z, 0.0),
    derivative=lambda z: np.where(z > 0, 1.0, 0.0),
)
