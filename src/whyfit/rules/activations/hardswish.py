"""Hardswish: Swish with its sigmoid drawn by three straight lines."""

from __future__ import annotations

import numpy as np

from whyfit.evidence.types import AnyArray
from whyfit.rules.activations.entry import Activation
from whyfit.rules.jit import jit


def derivative(z: AnyArray) -> AnyArray:
    """0, z/3 + 1/2, or 1; at −3 and 3 the outer value, as torch has it."""
    return np.where(z <= -3.0, 0.0, np.where(z >= 3.0, 1.0, z / 3.0 + 0.5))


@jit
def forward(z: AnyArray, a: AnyArray, slope: AnyArray) -> None:
    """a ← z·min(max(z + 3, 0), 6)/6."""
    number = z.dtype.type
    zero, three, six, sixth = number(0.0), number(3.0), number(6.0), number(1 / 6)
    for i in range(z.size):
        share = z[i] + three
        share = zero if share < zero else share
        share = six if share > six else share
        a[i] = z[i] * share * sixth


@jit
def backward(z: AnyArray, a: AnyArray, d: AnyArray, slope: AnyArray) -> float:
    """d ← d·f′(z): 0 up to −3, 1 from 3, z/3 + 1/2 between."""
    number = d.dtype.type
    zero, three, one, third, half = number(0.0), number(3.0), number(1.0), number(1 / 3), number(0.5)
    for i in range(d.size):
        f = z[i] * third + half
        f = zero if z[i] <= -three else f
        f = one if z[i] >= three else f
        d[i] *= f
    return 0.0


ENTRY = Activation(
    code=13,
    name="hardswish",
    formula=r"f(z) = z \cdot \min(\max(z + 3, 0), 6)/6",
    derivative_formula=r"f'(z) = 0 \text{ for } z \le -3,\; 1 \text{ for } z \ge 3,\; \text{else } z/3 + 1/2",
    range=(-0.375, np.inf),
    reads="z",
    saturates="left",
    smooth=False,
    paper="Howard et al. 2019, Searching for MobileNetV3",
    forward=forward,
    backward=backward,
    value=lambda z: z * np.clip(z + 3.0, 0.0, 6.0) / 6.0,
    derivative=derivative,
)
