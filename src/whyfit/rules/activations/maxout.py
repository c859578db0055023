"""Maxout: each unit is the largest of several linear pieces, so that its very shape is learned.

It is the one activation that is not a function of one number: a layer of `units` has units·pieces rows of weights, the
pieces of one unit together, and hands on `units` values. The layer that torch lacks is `whyfit.nets.maxout`.
"""

from __future__ import annotations

import numpy as np

from whyfit.evidence.types import AnyArray
from whyfit.rules.activations.entry import Activation, normal_density
from whyfit.rules.jit import jit

PIECES = 2
"""Chosen: the fewest. Two pieces reach ReLU, its leaky kin and |z|; Goodfellow et al. 2013 use 2 to 5."""


@jit
def forward(z: AnyArray, a: AnyArray, choice: AnyArray) -> None:
    """a[unit, row] ← the largest of z[unit·pieces : (unit + 1)·pieces, row]; one column a row of the batch.

    Parameters
    ----------
    z
        (units·pieces, rows).
    a
        (units, rows), written.
    choice
        (units, rows), integers of any kind, written: which piece won, the first of equals as in `torch.max`. NaN wins.
    """
    units, rows = a.shape
    pieces = z.shape[0] // units
    for unit in range(units):
        for row in range(rows):
            a[unit, row] = z[unit * pieces, row]
            choice[unit, row] = 0
        for piece in range(1, pieces):
            for row in range(rows):
                one, best = z[unit * pieces + piece, row], a[unit, row]
                wins = not (one <= best) and best == best  # noqa: PLR0124  # NaN differs from itself
                a[unit, row] = one if wins else best
                choice[unit, row] = piece if wins else choice[unit, row]


@jit
def backward(choice: AnyArray, d: AnyArray, dz: AnyArray) -> None:
    """The gradient of the values handed on goes to the piece that won, and to no other.

    Parameters
    ----------
    choice
        (units, rows), as `forward` wrote it.
    d
        (units, rows), the gradient of the values handed on.
    dz
        (units·pieces, rows), written: the gradient of the pieces.
    """
    units, rows = d.shape
    pieces = dz.shape[0] // units
    zero = d.dtype.type(0.0)
    for unit in range(units):
        for piece in range(pieces):
            for row in range(rows):
                dz[unit * pieces + piece, row] = d[unit, row] if choice[unit, row] == piece else zero


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
