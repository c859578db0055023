"""Binary cross-entropy of sigmoid outputs: for outputs that are each yes or no by themselves."""

from __future__ import annotations

import numpy as np

from whyfit.evidence.types import AnyArray, FloatArray
from whyfit.rules.jit import jit
from whyfit.rules.losses.entry import Loss
from whyfit.rules.vector_math import exp, log1p, sigmoid

SMALLEST = 1e-300
"""Keeps the logit of an output that is never, or always, yes finite; the loss there is 0 to the last digit."""


@jit
def value_and_gradient(values: AnyArray, wanted: AnyArray, delta: AnyArray, losses: AnyArray) -> None:
    """max(z, 0) − z·y + ln(1 + e^(−|z|)), which never takes the logarithm of a rounded sigmoid; (σ(z) − y)/outputs."""
    outputs, rows = values.shape
    number = values.dtype.type
    zero, share = number(0.0), number(1.0) / number(outputs)
    losses[:rows] = zero
    for k in range(outputs):
        for r in range(rows):
            z = values[k, r]
            above = zero if z < zero else z
            losses[r] += share * (above - z * wanted[k, r] + log1p(exp(-abs(z))))
            delta[k, r] = share * (sigmoid(z) - wanted[k, r])


def value(values: AnyArray, wanted: AnyArray) -> AnyArray:
    """The mean over outputs of −y·ln σ(z) − (1 − y)·ln(1 − σ(z))."""
    result: AnyArray = (np.logaddexp(0.0, values) - wanted * values).mean(axis=1)
    return result


def constant(wanted: FloatArray, weights: FloatArray) -> FloatArray:
    """The logit of the mean shares."""
    share = weights @ wanted
    result: FloatArray = np.log(np.maximum(share, SMALLEST)) - np.log(np.maximum(1.0 - share, SMALLEST))
    return result


ENTRY = Loss(
    code=2,
    name="binary_cross_entropy",
    formula=r"L = -\frac{1}{m} \sum_k y_k \ln a_k + (1 - y_k) \ln(1 - a_k), \quad a = \sigma(z)",
    gradient_formula=r"\partial L/\partial z = (a - y)/m",
    tasks=("classification", "multilabel"),
    link="sigmoid",
    paper="Cox 1958, The regression analysis of binary sequences",
    value_and_gradient=value_and_gradient,
    value=value,
    constant=constant,
)
