"""One compiled pair that runs any activation by its code: what the kernel calls."""

from __future__ import annotations

from whyfit.evidence.types import AnyArray
from whyfit.rules.activations import identity, relu
from whyfit.rules.jit import jit


@jit
def activate(code: int, z: AnyArray, a: AnyArray, slope: AnyArray) -> None:
    """A ← f(z) on flat arrays of one length; `a` may be `z`.

    Parameters
    ----------
    code
        The activation's code in `whyfit.activations`.
    z, a
        (n,) values before and after; float32 or float64, contiguous.
    slope
        (1,) the learned slope of this layer, read by PReLU alone; any array of one element for the others.
    """
    if code == 0:
        identity.forward(z, a, slope)
    elif code == 1:
        relu.forward(z, a, slope)


@jit
def deactivate(code: int, z: AnyArray, a: AnyArray, d: AnyArray, slope: AnyArray) -> float:
    """D ← d·f′(z) in place; gives the gradient of the learned slope, 0 where there is none.

    `z` and `a` are as `activate` left them: `a` before dropout or anything else changed it. An entry reads one of them
    alone (`Activation.reads`).
    """
    if code == 0:
        return identity.backward(z, a, d, slope)
    return relu.backward(z, a, d, slope)
