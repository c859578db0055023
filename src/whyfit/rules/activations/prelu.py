"""PReLU: Leaky ReLU whose slope below zero is learned, one a layer."""

from __future__ import annotations

import numpy as np

from whyfit.evidence.types import AnyArray
from whyfit.rules.activations.entry import Activation
from whyfit.rules.jit import jit

START = 0.25
"""He et al. 2015, section 2.1, and torch's default."""


@jit
def forward(z: AnyArray, a: AnyArray, slope: AnyArray) -> None:
    """a ← z above zero, slope·z below."""
    zero, leak = z.dtype.type(0.0), slope[0]
    for i in range(z.size):
        a[i] = z[i] if z[i] > zero else leak * z[i]


@jit
def backward(z: AnyArray, a: AnyArray, d: AnyArray, slope: AnyArray) -> float:
    """d ← d·f′(z); gives Σ d·z over z ≤ 0, the gradient of the slope."""
    zero, leak = d.dtype.type(0.0), slope[0]
    total = zero
    for i in range(d.size):
        total += zero if z[i] > zero else d[i] * z[i]
    for i in range(d.size):  # apart from the sum: together they do not vectorise
        d[i] = d[i] if z[i] > zero else leak * d[i]
    return float(total)


ENTRY = Activation(
    code=5,
    name="prelu",
    formula=r"f(z) = \max(z, 0) + s\,\min(z, 0)",
    derivative_formula=(r"f'(z) = 1 \text{ for } z > 0, \text{ else } s; \quad \partial f/\partial s = \min(z, 0)"),
    range=(-np.inf, np.inf),
    reads="z",
    saturates="no",
    smooth=False,
    paper="He et al. 2015, Delving deep into rectifiers",
    forward=forward,
    backward=backward,
    value=lambda z: np.where(z > 0, z, START * z),
    derivative=lambda z: np.where(z > 0, 1.0, START),
    slope=START,
)
