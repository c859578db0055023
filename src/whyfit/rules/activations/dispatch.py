"""One compiled pair that runs any activation of one number by its code: what the kernel calls.

Maxout, which is no function of one number, has its own calls in `maxout`. A code that is not in the catalogue is a bug
of the caller, and leaves NaN behind instead of a plausible number.
"""

from __future__ import annotations

import numpy as np

from whyfit.evidence.types import AnyArray
from whyfit.rules.activations import (
    elu,
    gelu,
    gelu_tanh,
    hardsigmoid,
    hardswish,
    identity,
    leaky_relu,
    mish,
    prelu,
    relu,
    selu,
    sigmoid,
    silu,
    softplus,
    tanh,
)
from whyfit.rules.jit import jit


@jit
def activate(code: int, z: AnyArray, a: AnyArray, slope: AnyArray) -> None:  # noqa: C901, PLR0912  # one line an activation
    """a ← f(z).

    Parameters
    ----------
    code
        The activation's code in `whyfit.activations`.
    z, a
        (n,) values before and after; float32 or float64, contiguous; `a` may be `z`.
    slope
        (1,) of the same type: the learned slope of this layer. Read by PReLU alone; any number for the others.
    """
    if code == 0:
        identity.forward(z, a, slope)
    elif code == 1:
        relu.forward(z, a, slope)
    elif code == 2:
        sigmoid.forward(z, a, slope)
    elif code == 3:
        tanh.forward(z, a, slope)
    elif code == 4:
        leaky_relu.forward(z, a, slope)
    elif code == 5:
        prelu.forward(z, a, slope)
    elif code == 6:
        elu.forward(z, a, slope)
    elif code == 8:
        selu.forward(z, a, slope)
    elif code == 9:
        gelu.forward(z, a, slope)
    elif code == 10:
        silu.forward(z, a, slope)
    elif code == 11:
        mish.forward(z, a, slope)
    elif code == 12:
        softplus.forward(z, a, slope)
    elif code == 13:
        hardswish.forward(z, a, slope)
    elif code == 14:
        hardsigmoid.forward(z, a, slope)
    elif code == 15:
        gelu_tanh.forward(z, a, slope)
    else:
        a[:] = a.dtype.type(np.nan)


@jit
def deactivate(code: int, z: AnyArray, a: AnyArray, d: AnyArray, slope: AnyArray) -> float:  # noqa: C901, PLR0912  # see above
    """d ← d·f′(z) in place; gives the gradient of the learned slope, 0 where there is none.

    `z` and `a` are as `activate` left them, `a` before dropout or anything else changed it; an entry reads only one of
    the two (`Activation.reads`).
    """
    if code == 0:
        gradient = identity.backward(z, a, d, slope)
    elif code == 1:
        gradient = relu.backward(z, a, d, slope)
    elif code == 2:
        gradient = sigmoid.backward(z, a, d, slope)
    elif code == 3:
        gradient = tanh.backward(z, a, d, slope)
    elif code == 4:
        gradient = leaky_relu.backward(z, a, d, slope)
    elif code == 5:
        gradient = prelu.backward(z, a, d, slope)
    elif code == 6:
        gradient = elu.backward(z, a, d, slope)
    elif code == 8:
        gradient = selu.backward(z, a, d, slope)
    elif code == 9:
        gradient = gelu.backward(z, a, d, slope)
    elif code == 10:
        gradient = silu.backward(z, a, d, slope)
    elif code == 11:
        gradient = mish.backward(z, a, d, slope)
    elif code == 12:
        gradient = softplus.backward(z, a, d, slope)
    elif code == 13:
        gradient = hardswish.backward(z, a, d, slope)
    elif code == 14:
        gradient = hardsigmoid.backward(z, a, d, slope)
    elif code == 15:
        gradient = gelu_tanh.backward(z, a, d, slope)
    else:
        d[:] = d.dtype.type(np.nan)
        gradient = 0.0
    return gradient
