"""Cross-entropy of softmax outputs: for one class of several."""

from __future__ import annotations

import numpy as np

from whyfit.evidence.types import AnyArray, FloatArray
from whyfit.rules.jit import jit
from whyfit.rules.losses.entry import Loss
from whyfit.rules.vector_math import exp, log

TINY = 1e-300
"""Keeps the logarithm of a class that has no row finite; its share is 0, so nothing is added."""


@jit
def value_and_gradient(values: AnyArray, wanted: AnyArray, delta: AnyArray, losses: AnyArray) -> None:
    """softmax(z) − y, as the shares y sum to 1; the largest output is taken off first, so that no exp overflows."""
    outputs, rows = values.shape
    number = values.dtype.type
    largest, total = np.empty(rows, values.dtype), np.empty(rows, values.dtype)
    largest[:] = -number(np.inf)
    for k in range(outputs):
        for r in range(rows):
            largest[r] = largest[r] if largest[r] >= values[k, r] else values[k, r]
    total[:] = number(0.0)
    for k in range(outputs):
        for r in range(rows):
            share = exp(values[k, r] - largest[r])
            delta[k, r] = share
            total[r] += share
    for r in range(rows):
        losses[r] = log(total[r]) + largest[r]
        total[r] = number(1.0) / total[r]
    for k in range(outputs):
        for r in range(rows):
            losses[r] -= wanted[k, r] * values[k, r]
            delta[k, r] = delta[k, r] * total[r] - wanted[k, r]


def value(values: AnyArray, wanted: AnyArray) -> AnyArray:
    """−Σ y·ln softmax(z)."""
    shifted = values - values.max(axis=1, keepdims=True)
    result: AnyArray = np.log(np.exp(shifted).sum(axis=1)) - (wanted * shifted).sum(axis=1)
    return result


def constant(wanted: FloatArray, weights: FloatArray) -> FloatArray:
    """The logarithm of the mean shares: the loss is then their entropy, ln C for C classes of equal size."""
    result: FloatArray = np.log(np.maximum(weights @ wanted, TINY))
    return result


ENTRY = Loss(
    code=0,
    name="cross_entropy",
    formula=r"L = -\sum_k y_k \ln a_k, \quad a = \mathrm{softmax}(z)",
    gradient_formula=r"\partial L/\partial z = a - y",
    tasks=("classification",),
    link="softmax",
    paper="Bridle 1990, Probabilistic interpretation of feedforward classification network outputs",
    value_and_gradient=value_and_gradient,
    value=value,
    constant=constant,
)
