"""Huber's loss: squared near, absolute far, so that a few far values do not decide."""

from __future__ import annotations

import numpy as np

from whyfit.evidence.types import AnyArray, FloatArray
from whyfit.rules.jit import jit
from whyfit.rules.losses.entry import Loss

EDGE = 1.0
"""torch's delta; targets are scaled, so this is one standard deviation of the training targets."""
HALVINGS = 60
"""The bracket then is 2⁻⁶⁰ of the targets' range: past the last digit."""


@jit
def value_and_gradient(values: AnyArray, wanted: AnyArray, delta: AnyArray, losses: AnyArray) -> None:
    """½(z − y)² up to the edge, EDGE·(|z − y| − ½EDGE) beyond; the gradient is z − y cut off there."""
    outputs, rows = values.shape
    number = values.dtype.type
    edge, half, share = number(EDGE), number(0.5), number(1.0) / number(outputs)
    losses[:rows] = number(0.0)
    for k in range(outputs):
        for r in range(rows):
            apart = values[k, r] - wanted[k, r]
            cut = edge if apart > edge else (-edge if apart < -edge else apart)
            losses[r] += share * cut * (apart - half * cut)
            delta[k, r] = share * cut


def value(values: AnyArray, wanted: AnyArray) -> AnyArray:
    """The mean over outputs of ½(z − y)², or EDGE·(|z − y| − ½EDGE) beyond the edge."""
    apart = np.abs(values - wanted)
    each = np.where(apart < EDGE, 0.5 * apart**2, EDGE * (apart - 0.5 * EDGE))
    result: AnyArray = each.mean(axis=1)
    return result


def constant(wanted: FloatArray, weights: FloatArray) -> FloatArray:
    """Where the mean of the cut-off differences is zero, by halving: it rises with the constant."""
    low, high = wanted.min(axis=0), wanted.max(axis=0)
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        too_high = weights @ np.clip(middle - wanted, -EDGE, EDGE) > 0
        low, high = np.where(too_high, low, middle), np.where(too_high, middle, high)
    result: FloatArray = (low + high) / 2
    return result


ENTRY = Loss(
    code=4,
    name="huber",
    formula=(
        r"L = \frac{1}{m} \sum_k \tfrac12 d_k^2 \text{ for } |d_k| \le 1, \text{ else } |d_k| - \tfrac12, "
        r"\quad d = z - y"
    ),
    gradient_formula=r"\partial L/\partial z = \frac{1}{m} \min(\max(d, -1), 1)",
    tasks=("regression",),
    link="identity",
    paper="Huber 1964, Robust estimation of a location parameter",
    value_and_gradient=value_and_gradient,
    value=value,
    constant=constant,
)
