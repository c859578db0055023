"""The numbers that augmentation draws: one block a step, the same for every engine.

Key: (seed, `AUGMENTATION`, epoch, step). Number j of row r of a batch, of `count` a row, is number r·count + j of the
key: it depends on the key and on the place in the batch, and on nothing else. Normal numbers come by Box and Muller
(1958), a pair from the two halves of one number: feature j and feature j + h of a row have pair r·h + j, h half the
features, rounded up. Written so that the loop vectorises: 2 ns a number, a tenth of `streams.fill_normal`.

Importing this module imports Numba: import it late.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from whyfit.evidence.types import AnyArray, FloatArray
from whyfit.rules.jit import ORDERED
from whyfit.rules.vector_math import log, polynomial
from whyfit.training.streams import bits_at, fill_uniform, key_of

OPTIONS = {"nogil": True, "fastmath": set(ORDERED), "error_model": "numpy"}

AUGMENTATION = np.uint64(3)
"""`Stream.AUGMENTATION`, as compiled code takes it."""

HALF_BITS, TO_UNIT = np.uint64(33), 2.0**-31
LOW_HALF = np.uint64(0x7FFFFFFF)
"""31 bits each: an int64 becomes a float64 in one vector instruction, an uint64 does not."""

SIN = tuple((-1.0) ** k / math.factorial(2 * k + 1) for k in range(9, -1, -1))
COS = tuple((-1.0) ** k / math.factorial(2 * k) for k in range(9, -1, -1))
"""Taylor's polynomials in x², highest power first: for |x| ≤ π/2 their errors are under 3e-16 and 4e-15."""


@njit(**OPTIONS)
def fill_normals(key: np.uint64, out: FloatArray) -> None:
    """Write standard normal numbers into (rows, count) float64; |ε| stays under 6.7, as the halves have 31 bits."""
    rows, count = out.shape
    half = (count + 1) // 2
    for r in range(rows):
        for j in range(half):
            number = bits_at(key, r * half + j)
            radius = math.sqrt(-2.0 * log((float(np.int64(number >> HALF_BITS)) + 0.5) * TO_UNIT))
            angle = (float(np.int64(number & LOW_HALF)) * TO_UNIT - 0.5) * math.pi  # half of it, in [−π/2, π/2)
            sin, cos = angle * polynomial(angle * angle, SIN), polynomial(angle * angle, COS)
            out[r, j] = radius * (cos * cos - sin * sin)
            if j + half < count:
                out[r, j + half] = radius * 2.0 * sin * cos


@njit(**OPTIONS)
def fill_draws(key: np.uint64, normal: int, out: FloatArray) -> None:
    """Write a step's numbers, (rows, count) float64: standard normal, or uniform on [0, 1)."""
    if normal:
        fill_normals(key, out)
    else:
        fill_uniform(key, 0, out.ravel())


@njit(**OPTIONS)
def fill_side_by_side(seeds: AnyArray, epoch: int, step: int, normal: int, out: FloatArray) -> None:
    """A step's numbers of several members, (members, rows, count) float64."""
    for m in range(seeds.size):
        fill_draws(key_of(seeds[m], AUGMENTATION, np.uint64(epoch), np.uint64(step)), normal, out[m])


def draws_side_by_side(seeds: AnyArray, epoch: int, step: int, shape: tuple[int, int], *, normal: bool) -> FloatArray:
    """A step's numbers of members with these uint64 seeds, (members, rows, count) float64."""
    out = np.empty((seeds.size, *shape))
    fill_side_by_side(seeds, epoch, step, int(normal), out)
    return out


def draws_of(seed: int, epoch: int, step: int, shape: tuple[int, int], *, normal: bool) -> FloatArray:
    """A step's numbers, (rows, count) float64.

    Examples
    --------
    >>> draws_of(7, 1, 0, (2, 3), normal=False)[1].tolist() == draws_of(7, 1, 0, (5, 3), normal=False)[1].tolist()
    True
    """
    out: FloatArray = draws_side_by_side(np.array([seed % 2**64], np.uint64), epoch, step, shape, normal=normal)[0]
    return out
