"""Squared error: the mean is its best constant, and a far value pulls hard."""

from __future__ import annotations

from whyfit.evidence.types import AnyArray, FloatArray
from whyfit.rules.jit import jit
from whyfit.rules.losses.entry import Loss


@jit
def value_and_gradient(values: AnyArray, wanted: AnyArray, delta: AnyArray, losses: AnyArray) -> None:
    """(z − y)² and 2(z − y), means over the outputs."""
    outputs, rows = values.shape
    number = values.dtype.type
    share = number(1.0) / number(outputs)
    losses[:rows] = number(0.0)
    for k in range(outputs):
        for r in range(rows):
            apart = values[k, r] - wanted[k, r]
            losses[r] += apart * apart * share
            delta[k, r] = (apart + apart) * share


def value(values: AnyArray, wanted: AnyArray) -> AnyArray:
    """The mean over outputs of (z − y)²."""
    result: AnyArray = ((values - wanted) ** 2).mean(axis=1)
    return result


def constant(wanted: FloatArray, weights: FloatArray) -> FloatArray:
    """The mean: the loss is then the variance."""
    return weights @ wanted


ENTRY = Loss(
    code=1,
    name="squared_error",
    formula=r"L = \frac{1}{m} \sum_k (z_k - y_k)^2",
    gradient_formula=r"\partial L/\partial z = \frac{2}{m} (z - y)",
    tasks=("regression", "classification"),
    link="identity",
    paper="Legendre 1805; Gauss 1809",
    value_and_gradient=value_and_gradient,
    value=value,
    constant=constant,
)
