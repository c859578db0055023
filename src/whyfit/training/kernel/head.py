"""The loss: its value for each row, and its gradient at the outputs of the network.

One column a row of the batch, so that every loop below runs along memory over the rows.
"""

from __future__ import annotations

import numpy as np

from whyfit.evidence.types import AnyArray
from whyfit.rules.jit import jit
from whyfit.rules.vector_math import exp

CROSS_ENTROPY, SQUARED_ERROR = 0, 1
LOSSES: dict[str, int] = {"cross_entropy": CROSS_ENTROPY, "squared_error": SQUARED_ERROR}


@jit
def loss_of(code: int, values: AnyArray, wanted: AnyArray, delta: AnyArray, losses: AnyArray) -> None:
    """Write each row's loss, and its gradient at the outputs, not yet divided by the number of rows.

    Parameters
    ----------
    code
        The loss.
    values, wanted
        (outputs, rows) what the network gives and should give.
    delta
        (outputs, rows) the gradient, written.
    losses
        (rows,) written.
    """
    if code == CROSS_ENTROPY:
        cross_entropy(values, wanted, delta, losses)
    else:
        squared_error(values, wanted, delta, losses)


@jit
def cross_entropy(values: AnyArray, wanted: AnyArray, delta: AnyArray, losses: AnyArray) -> None:
    """−Σ wanted·log softmax(values); its gradient is softmax(values) − wanted, as the shares wanted sum to one."""
    outputs, rows = values.shape
    number = values.dtype.type
    largest, total = np.empty(rows, values.dtype), np.zeros(rows, values.dtype)
    largest[:] = values[0]
    for k in range(1, outputs):
        for r in range(rows):
            largest[r] = max(largest[r], values[k, r])
    for k in range(outputs):
        for r in range(rows):
            share = exp(values[k, r] - largest[r])
            delta[k, r] = share
            total[r] += share
    for r in range(rows):
        losses[r] = np.log(total[r]) + largest[r]
        total[r] = number(1) / total[r]
    for k in range(outputs):
        for r in range(rows):
            losses[r] -= wanted[k, r] * values[k, r]
            delta[k, r] = delta[k, r] * total[r] - wanted[k, r]


@jit
def squared_error(values: AnyArray, wanted: AnyArray, delta: AnyArray, losses: AnyArray) -> None:
    """Mean of (value − wanted)² over the outputs."""
    outputs, rows = values.shape
    number = values.dtype.type
    share = number(1) / number(outputs)
    losses[:rows] = number(0)
    for k in range(outputs):
        for r in range(rows):
            apart = values[k, r] - wanted[k, r]
            losses[r] += apart * apart * share
            delta[k, r] = (apart + apart) * share
