"""How first weights of a given standard deviation are made from drawn numbers."""

from __future__ import annotations

import numpy as np

from whyfit.evidence.types import FloatArray
from whyfit.rules.initializers.entry import Draw, Shape


def constant(shape: Shape, value: float, draw: Draw) -> FloatArray:
    """All weights alike."""
    return np.full(shape, value)


def uniform(shape: Shape, deviation: float, draw: Draw) -> FloatArray:
    """Uniform on ±√3·deviation."""
    bound = 3.0**0.5 * deviation
    values: FloatArray = (2.0 * draw.uniform(shape.fan_out * shape.fan_in) - 1.0).reshape(shape) * bound
    return values


def normal(shape: Shape, deviation: float, draw: Draw) -> FloatArray:
    """Normal around zero."""
    values: FloatArray = draw.normal(shape.fan_out * shape.fan_in).reshape(shape) * deviation
    return values


def orthogonal(shape: Shape, deviation: float, draw: Draw) -> FloatArray:
    """Rows, or columns where they are fewer, orthogonal and of equal length; uniform over all such matrices.

    The signs of R's diagonal go into Q, else the QR routine's own choice would decide (Mezzadri 2007).
    """
    long, short = max(shape), min(shape)
    q, r = np.linalg.qr(draw.normal(long * short).reshape(long, short))
    q = q * np.where(np.diagonal(r) < 0, -1.0, 1.0)
    values: FloatArray = np.ascontiguousarray(q if shape.fan_out >= shape.fan_in else q.T) * (deviation * long**0.5)
    return values
