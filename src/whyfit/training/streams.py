"""Random streams keyed by (seed, stream, epoch, step): what one remedy draws never moves another stream.

A generator with a state couples everything that draws from it: switching dropout on would change the order of every
later batch, and an arm could not be paired with the plain one. Here a number is a function of its key and its index:

    key(seed, stream, epoch, step) = chained mix64
    number i of a key              = mix64(key + (i + 1)·γ),   γ = 2⁶⁴/φ

so any number can be had alone, in any order, by any engine, with the same bits. The numbers of one key are the
sequence of SplitMix64 with that key as its seed (Steele, Lea, Flood, "Fast splittable pseudorandom number generators",
OOPSLA 2014, figure 17), in its counter form.

How all engines count: epoch 0 and step = layer for `INIT`; epochs from 1 for everything else; steps from 0 within an
epoch; `ORDER` has one key an epoch, at step 0. Where several layers draw from one key, layer l (0 is the first) starts
at index `layer_start(l)`.

Everything here is compiled without fast-math, so that the bits are the same from Python and from inside the kernel.
Importing this module imports Numba: import it late.
"""

from __future__ import annotations

import math
from enum import IntEnum

import numpy as np
from numba import njit

from whyfit.evidence.types import BoolArray, FloatArray, IntArray

GOLDEN = np.uint64(0x9E3779B97F4A7C15)
"""γ, the odd integer nearest to 2⁶⁴ divided by the golden ratio (Steele et al. 2014)."""

FIRST_FACTOR, SECOND_FACTOR = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
"""The multipliers of Stafford's variant 13, as in SplitMix64."""

LAYER_BITS = 40
"""Layer l starts at l·2⁴⁰: room for a batch of a million rows by a million units."""

TWO_TO_32, TO_UNIT = 2.0**32, 2.0**-53
U1, U11, U27, U30, U31, U32 = (np.uint64(n) for n in (1, 11, 27, 30, 31, 32))
LOW_HALF = np.uint64(0xFFFFFFFF)


class Stream(IntEnum):
    """What draws: each has its own numbers."""

    INIT = 0
    ORDER = 1
    DROPOUT = 2
    AUGMENTATION = 3


@njit(cache=True, nogil=True, inline="always")
def mix64(z: np.uint64) -> np.uint64:
    """Spread every input bit over all output bits: a bijection of 64 bits."""
    z = (z ^ (z >> U30)) * FIRST_FACTOR
    z = (z ^ (z >> U27)) * SECOND_FACTOR
    return z ^ (z >> U31)


@njit(cache=True, nogil=True)
def key_of(seed: np.uint64, stream: np.uint64, epoch: np.uint64, step: np.uint64) -> np.uint64:
    """The key, from inside compiled code: all four arguments uint64."""
    key = mix64(seed + GOLDEN)
    key = mix64((key ^ stream) + GOLDEN)
    key = mix64((key ^ epoch) + GOLDEN)
    return mix64((key ^ step) + GOLDEN)


def stream_key(seed: int, stream: Stream, epoch: int = 0, step: int = 0) -> np.uint64:
    """The key of one stream at one moment.

    Examples
    --------
    >>> int(stream_key(7, Stream.ORDER, epoch=1)) == int(stream_key(7, Stream.ORDER, epoch=1))
    True
    >>> int(stream_key(7, Stream.ORDER, epoch=1)) == int(stream_key(7, Stream.DROPOUT, epoch=1))
    False
    """
    words = [np.uint64(int(value) % 2**64) for value in (seed, stream, epoch, step)]
    return np.uint64(key_of(*words))


def layer_start(layer: int) -> int:
    """Where the numbers of a layer (0 is the first) begin under a key that layers share."""
    return layer << LAYER_BITS


@njit(cache=True, nogil=True, inline="always")
def bits_at(key: np.uint64, index: int) -> np.uint64:
    """Number `index` of a key: 64 random bits. A key that comes as Python's int would else be signed."""
    return mix64(np.uint64(key) + (np.uint64(index) + U1) * GOLDEN)


@njit(cache=True, nogil=True, inline="always")
def uniform_at(key: np.uint64, index: int) -> float:
    """Number `index` as a float64 in [0, 1), from its upper 53 bits."""
    return float(bits_at(key, index) >> U11) * TO_UNIT


@njit(cache=True, nogil=True)
def normal_at(key: np.uint64, index: int) -> float:
    """Standard normal number `index`, by Box and Muller (1958) from the uniform numbers of its pair."""
    even = index - index % 2
    radius = math.sqrt(-2.0 * math.log(1.0 - uniform_at(key, even)))
    angle = 2.0 * math.pi * uniform_at(key, even + 1)
    return radius * math.cos(angle) if index == even else radius * math.sin(angle)


@njit(cache=True, nogil=True)
def fill_bits(key: np.uint64, start: int, out: np.ndarray) -> None:
    """Write the numbers from `start` on into a 1-d uint64 array."""
    for i in range(out.size):
        out[i] = bits_at(key, start + i)


@njit(cache=True, nogil=True)
def fill_uniform(key: np.uint64, start: int, out: np.ndarray) -> None:
    """Write uniform numbers from `start` on into a 1-d float array."""
    for i in range(out.size):
        out[i] = uniform_at(key, start + i)


@njit(cache=True, nogil=True)
def fill_normal(key: np.uint64, start: int, out: np.ndarray) -> None:
    """Write standard normal numbers from `start` on into a 1-d float array."""
    for i in range(out.size):
        out[i] = normal_at(key, start + i)


@njit(cache=True, nogil=True)
def fill_permutation(key: np.uint64, out: np.ndarray) -> None:
    """Write a permutation of 0 … out.size − 1 into a 1-d int64 array.

    Fisher and Yates in Durstenfeld's form (CACM 1964, algorithm 235). The place is a 53-bit uniform times i + 1,
    rounded down: it never reaches i + 1, and its bias is under (i + 1)·2⁻⁵³.
    """
    for i in range(out.size):
        out[i] = i
    for i in range(out.size - 1, 0, -1):
        j = int(uniform_at(key, i) * (i + 1))
        out[i], out[j] = out[j], out[i]


@njit(cache=True, nogil=True)
def drop_threshold(rate: float) -> np.uint64:
    """A unit is dropped where its 32 bits are under this: `rate` to 2⁻³²."""
    return np.uint64(rate * TWO_TO_32 + 0.5)


@njit(cache=True, nogil=True)
def fill_kept(key: np.uint64, layer: int, rate: float, out: np.ndarray) -> None:
    """Write a layer's dropout mask into a 1-d bool array, unit after unit: True is kept.

    Two places share one number, the even one its lower half: half the multiplications, and no less random.
    """
    threshold, start, pairs = drop_threshold(rate), layer << LAYER_BITS, out.size // 2
    for j in range(pairs):
        number = bits_at(key, start + j)
        out[2 * j] = (number & LOW_HALF) >= threshold
        out[2 * j + 1] = (number >> U32) >= threshold
    if out.size % 2:
        out[-1] = (bits_at(key, start + pairs) & LOW_HALF) >= threshold


def bits(key: np.uint64, count: int, start: int = 0) -> np.ndarray:
    """The numbers `start` … `start + count − 1` of a key, (count,) uint64.

    Examples
    --------
    >>> [int(number) for number in bits(np.uint64(1234567), 2)]
    [6457827717110365317, 3203168211198807973]
    """
    out = np.empty(count, np.uint64)
    fill_bits(key, start, out)
    return out


def uniform(key: np.uint64, count: int, dtype: type = np.float64, start: int = 0) -> FloatArray:
    """Uniform numbers in [0, 1), (count,); float32 ones are the float64 ones cut to 24 bits, so never 1."""
    if dtype == np.float32:
        return ((bits(key, count, start) >> np.uint64(40)).astype(np.float32)) * np.float32(2.0**-24)
    out = np.empty(count, np.float64)
    fill_uniform(key, start, out)
    return out.astype(dtype, copy=False)


def normal(key: np.uint64, count: int, start: int = 0) -> FloatArray:
    """Standard normal numbers, (count,) float64."""
    out = np.empty(count, np.float64)
    fill_normal(key, start, out)
    return out


def permutation(key: np.uint64, rows: int) -> IntArray:
    """A permutation of 0 … rows − 1, (rows,) int64; all `rows`! orders are equally likely to within 2⁻⁵³·rows.

    Examples
    --------
    >>> sorted(permutation(stream_key(0, Stream.ORDER, epoch=1), 5).tolist())
    [0, 1, 2, 3, 4]
    """
    out = np.empty(rows, np.int64)
    fill_permutation(key, out)
    return out


def kept(key: np.uint64, layer: int, rows: int, units: int, rate: float) -> BoolArray:
    """The dropout mask of a layer for one batch, (rows, units): False where the unit is dropped.

    Key: (seed, `DROPOUT`, epoch, step). The numbers run over the rows of the first unit, then of the second: as the
    kernel lays out its values.
    """
    out = np.empty(rows * units, np.bool_)
    fill_kept(key, layer, rate, out)
    return out.reshape(units, rows).T
