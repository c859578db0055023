"""Hardsigmoid: the sigmoid drawn by three straight lines; beyond ±3 no gradient at all passes."""

from __future__ import annotations

import numpy as np

from whyfit.evidence.types import AnyArray
from whyfit.rules.activations.entry import Activation
from whyfit.rules.jit import jit


@jit
def forward(z: AnyArray, a: AnyArray, slope: AnyArray) -> None:
    """a ← min(max(z + 3, 0), 6)/6."""
    number = z.dtype.type
    zero, three, six, sixth = number(0.0), number(3.0), number(6.0), number(1 / 6)
    for i in range(z.size):
        share = z[i] + three
        share = zero if share < zero else share
        share = six if share > six else share
        a[i] = share * sixth


@jit
def backward(z: AnyArray, a: AnyArray, d: AnyArray, slope: AnyArray) -> float:
    """d ← d/6 strictly between −3 and 3, else 0."""
    number = d.dtype.type
    zero, three, sixth = number(0.0), number(3.0), number(1 / 6)
    for i in range(d.size):
        d[i] *= zero if abs(z[i]) >= three else sixth
    return 0.0


ENTRY = Activation(
    code=14,
    name="hardsigmoid",
    formula=r"f(z) = \min(\max(z + 3, 0), 6)/6",
    derivative_formula=r"f'(z) = 1/6 \text{ for } |z| < 3, \text{ else } 0",
    range=(0.0, 1.0),
    reads="z",
    saturates="both",
    smooth=False,
    paper="Courbariaux, Bengio & David 2015, BinaryConnect; with these slopes Howard et al. 2019, MobileNetV3",
    forward=forward,
    backward=backward,
    value=lambda z: np.clip(z + 3.0, 0.0, 6.0) / 6.0,
    derivative=lambda z: np.where(np.abs(z) < 3.0, 1 / 6, 0.0),
)
