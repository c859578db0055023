"""Absolute error: the median is its best constant, and how far a far value is does not matter."""

from __future__ import annotations

import numpy as np

from whyfit.evidence.types import AnyArray, FloatArray
from whyfit.rules.jit import jit
from whyfit.rules.losses.entry import Loss


@jit
def value_and_gradient(values: AnyArray, wanted: AnyArray, delta: AnyArray, losses: AnyArray) -> None:
    """|z − y| and sign(z − y), means over the outputs; 0 at the kink, as torch has it."""
    outputs, rows = values.shape
    number = values.dtype.type
    zero, share = number(0.0), number(1.0) / number(outputs)
    losses[:rows] = zero
    for k in range(outputs):
        for r in range(rows):
            apart = values[k, r] - wanted[k, r]
            losses[r] += abs(apart) * share
            delta[k, r] = share if apart > zero else (-share if apart < zero else apart)  # NaN stays NaN


def value(values: AnyArray, wanted: AnyArray) -> AnyArray:
    """The mean over outputs of |z − y|."""
    result: AnyArray = np.abs(values - wanted).mean(axis=1)
    return result


def constant(wanted: FloatArray, weights: FloatArray) -> FloatArray:
    """The weighted median."""
    order = np.argsort(wanted, axis=0)
    below = np.cumsum(weights[order], axis=0)  # (rows, outputs)
    middle = (below < 0.5).sum(axis=0)
    result: FloatArray = np.take_along_axis(np.take_along_axis(wanted, order, axis=0), middle[None], axis=0)[0]
    return result


ENTRY = Loss(
    code=3,
    name="absolute_error",
    formula=r"L = \frac{1}{m} \sum_k |z_k - y_k|",
    gradient_formula=r"\partial L/\partial z = \frac{1}{m} \mathrm{sign}(z - y)",
    tasks=("regression",),
    link="identity",
    paper="Boscovich 1757; Laplace 1793",
    value_and_gradient=value_and_gradient,
    value=value,
    constant=constant,
)
