"""One compiled call that runs any loss by its code: what the kernel calls.

One column a row of the batch, as the kernel lays out its values, so that every loop runs along memory over the rows.
Label smoothing stands in what is wanted; weights of classes are applied afterwards, to losses and gradients alike.
"""

from __future__ import annotations

import numpy as np

from whyfit.evidence.types import AnyArray
from whyfit.rules.jit import jit
from whyfit.rules.losses import absolute_error, binary_cross_entropy, cross_entropy, huber, squared_error


@jit
def loss_of(code: int, values: AnyArray, wanted: AnyArray, delta: AnyArray, losses: AnyArray) -> None:
    """Each row's loss, and its gradient at the outputs, not yet divided by the number of rows.

    Parameters
    ----------
    code
        The loss's code in `whyfit.losses`.
    values, wanted
        (outputs, rows) what the network gives and what it should: shares of the classes, or scaled targets.
    delta
        (outputs, rows), written: the gradient.
    losses
        (rows,), written.
    """
    if code == 0:
        cross_entropy.value_and_gradient(values, wanted, delta, losses)
    elif code == 1:
        squared_error.value_and_gradient(values, wanted, delta, losses)
    elif code == 2:
        binary_cross_entropy.value_and_gradient(values, wanted, delta, losses)
    elif code == 3:
        absolute_error.value_and_gradient(values, wanted, delta, losses)
    elif code == 4:
        huber.value_and_gradient(values, wanted, delta, losses)
    else:
        losses[:] = losses.dtype.type(np.nan)
