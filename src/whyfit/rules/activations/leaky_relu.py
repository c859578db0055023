"""Leaky ReLU: a hundredth of the slope stays below zero, so that no unit can die."""

from __future__ import annotations

import numpy as np

from whyfit.evidence.types import AnyArray
from whyfit.rules.activations.entry import Activation
from whyfit.rules.jit import jit

LEAK = 0.01
"""Maas, Hannun & Ng 2013, and torch's default."""


@jit
def forward(z: AnyArray, a: AnyArray, slope: AnyArray) -> None:
    """a ← z above zero, z/100 below."""
    zero, leak = z.dtype.type(0.0), z.dtype.type(LEAK)
    for i in range(z.size):
        a[i] = z[i] if z[i] > zero else leak * z[i]


@jit
def backward(z: AnyArray, a: AnyArray, d: AnyArray, slope: AnyArray) -> float:
    """d keeps a hundredth below zero and at it."""
    zero, leak = d.dtype.type(0.0), d.dtype.type(LEAK)
    for i in range(d.size):
        d[i] = d[i] if a[i] > zero else leak * d[i]
    return 0.0


ENTRY = Activation(
    code=4,
    name="leaky_relu",
    formula=rf"f(z) = \max(z, {LEAK}\,z)",
    derivative_formula=rf"f'(z) = 1 \text{{ for }} z > 0, \text{{ else }} {LEAK}",
    range=(-np.inf, np.inf),
    reads="a",
    saturates="no",
    smooth=False,
    paper="Maas, Hannun & Ng 2013, Rectifier nonlinearities improve neural network acoustic models",
    forward=forward,
    backward=backward,
    value=lambda z: np.where(z > 0, z, LEAK * z),
    derivative=lambda z: np.where(z > 0, 1.0, LEAK),
)
