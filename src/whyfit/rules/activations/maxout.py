"""Maxout: each unit is the largest of several linear pieces, so that the shape of the activation itself is learned.

It is the one activation that is not a function of one number: a layer of `units` has units·pieces rows of weights, and
hands on `units` values. The layer that torch lacks is `whyfit.nets.maxout`.
"""

from __future__ import annotations

import numpy as np

from whyfit.evidence.types import AnyArray
from whyfit.rules.activations.entry import Activation, normal_density
from whyfit.rules.jit import jit

PIECES = 2
"""Chosen: the fewest; two pieces make ReLU, its leaky kin and |z| all reachable. Goodfellow et al. 2013 use 2 to 5."""


@jit
def forward(z: AnyArray, a: AnyArray, choice: AnyArray) -> None:
    """a[row, unit] ← the largest of z[row, unit·pieces : (unit + 1)·pieces].

    Parameters
    ----------
    z
        (rows, units·pieces).
    a
        (rows, units), written.
    choice
        (rows, units) integers, written: which piece won, the first of equals, as in `torch.max`. A NaN wins.
    """
    pieces = z.shape[1] // a.shape[1]
    for row in range(a.shape[0]):
        for unit in range(a.shape[1]):
            best, at = z[row, unit * pieces], 0
            for piece in range(1, pieces):
                one = z[row, unit * pieces + piece]
                if one > best or (one != one and best == best):  # noqa: PLR0124  # NaN is what differs from itself
                    best, at = one, piece
            a[row, unit] = best
            choice[row, unit] = at


@jit
def backward(choice: AnyArray, d: AnyArray, dz: AnyArray) -> None:
    """The gradient of the values handed on goes to the piece that won, and to no other.

    Parameters
    ----------
    choice
        (rows, units), as `forward` wrote it.
    d
        (rows, units), the gradient of the values handed on.
    dz
        (rows, units·pieces), written: the gradient of the pieces.
    """
    pieces = dz.shape[1] // d.shape[1]
    dz[:] = dz.dtype.type(0.0)
    for row in range(d.shape[0]):
        for unit in range(d.shape[1]):
            dz[row, unit * pieces + choice[row, unit]] = d[row, unit]


def density(z: AnyArray) -> AnyArray:
    """Of the largest of `PIECES` standard normal numbers: k·φ(z)·Φ(z)^(k − 1)."""
    from scipy.special import ndtr  # noqa: PLC0415  # SciPy is not loaded to read a catalogue

    largest: AnyArray = PIECES * normal_density(z) * ndtr(z) ** (PIECES - 1)
    return largest


ENTRY = Activation(
    code=7,
    name="maxout",
    formula=r"f(z_1, \dots, z_k) = \max_j z_j",
    derivative_formula=r"\partial f/\partial z_j = \mathbb{1}[j = \arg\max]",
    range=(-np.inf, np.inf),
    reads="z",
    saturates="no",
    smooth=False,
    paper="Goodfellow, Warde-Farley, Mirza, Courville & Bengio 2013, Maxout networks",
    forward=forward,
    backward=backward,
    value=lambda z: z * 1.0,
    derivative=lambda z: z * 0.0 + 1.0,
    density=density,
    pieces=PIECES,
)
