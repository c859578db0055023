r"""Rotate, shift, scale, and all three at once: each pixel is fetched from where it was.

With c the middle of the image, a pixel at o comes from

    p = c + R(θ)ᵀ(o − c)/f + t,   R(θ)ᵀ = [[cos θ, sin θ], [−sin θ, cos θ]]

in pixels, across and down, so that it turns clockwise by θ; between four neighbours by their distances (bilinear).
What lies outside the image is the nearest pixel of its edge, so that a dark background stays dark and a bright one
bright (torch calls it padding by the border; the zeros of most libraries are black whatever the background).
"""

from __future__ import annotations

import math

import numpy as np

from whyfit.evidence.types import AnyArray, FloatArray, IntArray
from whyfit.rules.augmentations.entry import Augmentation, Seen
from whyfit.rules.jit import jit, ordered

QUARTER = math.pi / 2
"""The strength of a rotation is a share of this."""

RANDAUGMENT = "Cubuk et al. 2020, RandAugment: practical automated data augmentation with a reduced search space"
SIMARD = "Simard, Steinkraus & Platt 2003, Best practices for convolutional neural networks, section 2"
STRENGTHS = (0.05, 0.1, 0.2)
"""4.5, 9 and 18 degrees; 5, 10 and 20 % of the side. AutoAugment's ranges end at 30 degrees and 45 % (Cubuk et al.
2019), for photographs of many more pixels than small images have."""


@jit
def rotate(x: AnyArray, out: AnyArray, draws: FloatArray, strength: float, seen: Seen) -> None:
    """By up to `strength` quarter turns, either way."""
    places, fx, fy = room_for(x, seen)
    for r in range(x.shape[0]):
        fetch(x[r], out[r], seen, places, fx, fy, spun(draws[r, 0], strength), 1.0, 0.0, 0.0)


@jit
def shift(x: AnyArray, out: AnyArray, draws: FloatArray, strength: float, seen: Seen) -> None:
    """By up to this share of width and height, each way."""
    places, fx, fy = room_for(x, seen)
    for r in range(x.shape[0]):
        across, down = moved(draws[r, 0], strength, seen.width), moved(draws[r, 1], strength, seen.height)
        fetch(x[r], out[r], seen, places, fx, fy, 0.0, 1.0, across, down)


@jit
def scale(x: AnyArray, out: AnyArray, draws: FloatArray, strength: float, seen: Seen) -> None:
    """Larger or smaller by a factor of up to 1 + `strength`."""
    places, fx, fy = room_for(x, seen)
    for r in range(x.shape[0]):
        fetch(x[r], out[r], seen, places, fx, fy, 0.0, grown(draws[r, 0], strength), 0.0, 0.0)


@jit
def affine(x: AnyArray, out: AnyArray, draws: FloatArray, strength: float, seen: Seen) -> None:
    """All three, each with a draw of its own."""
    places, fx, fy = room_for(x, seen)
    for r in range(x.shape[0]):
        across, down = moved(draws[r, 2], strength, seen.width), moved(draws[r, 3], strength, seen.height)
        fetch(
            x[r], out[r], seen, places, fx, fy, spun(draws[r, 0], strength), grown(draws[r, 1], strength), across, down
        )


@jit
def spun(u: float, strength: float) -> float:
    """An angle."""
    return (2.0 * u - 1.0) * strength * QUARTER


@jit
def grown(u: float, strength: float) -> float:
    """A factor; as often above 1 as below."""
    return float((1.0 + strength) ** (2.0 * u - 1.0))


@jit
def moved(u: float, strength: float, side: int) -> float:
    """A way in pixels."""
    return (2.0 * u - 1.0) * strength * side


@jit
def room_for(x: AnyArray, seen: Seen) -> tuple[IntArray, AnyArray, AnyArray]:
    """For one line of pixels: the place of the upper left neighbour of each, and how far it lies across and below."""
    width = seen.width
    return np.empty(width, np.int32), np.empty(width, x.dtype), np.empty(width, x.dtype)


@ordered
def fetch(
    x: AnyArray,
    out: AnyArray,
    seen: Seen,
    places: IntArray,
    fx: AnyArray,
    fy: AnyArray,
    angle: float,
    factor: float,
    across: float,
    down: float,
) -> None:
    """One image, (features,) each, by the formula above, a line of pixels at a time.

    Two short loops a line, where to fetch from and then to fetch, vectorise; one loop over both does not, and takes
    three times as long. Sums keep their order, so that a pixel that comes from one place is that pixel to the last bit.
    """
    number, line = x.dtype.type, seen.width * seen.channels
    cos, sin = number(math.cos(angle) / factor), number(math.sin(angle) / factor)
    ends = (number(seen.width - 1), number(seen.height - 1))
    right = np.uint64(seen.channels if seen.width > 1 else 0)
    low = np.uint64(line if seen.height > 1 else 0)
    for i in range(seen.height):
        oy = number(i) - number(0.5) * ends[1]
        first_x = number(0.5) * ends[0] + number(across) + sin * oy
        first_y = number(0.5) * ends[1] + number(down) + cos * oy
        find(first_x, first_y, cos, sin, ends, np.int32(line), np.int32(seen.channels), places, fx, fy)
        if seen.channels == 1:
            blend(x, out, np.uint64(i * line), right, low, places, fx, fy)
        else:
            blend_channels(x, out, np.uint64(i * line), right, low, np.uint64(seen.channels), places, fx, fy)


@ordered
def find(
    first_x: float,
    first_y: float,
    cos: float,
    sin: float,
    ends: tuple[float, float],
    line: np.int32,
    channels: np.int32,
    places: IntArray,
    fx: AnyArray,
    fy: AnyArray,
) -> None:
    """Where the pixels of a line come from; the neighbours right and below exist, so at the ends the distance is 1."""
    number = type(first_x)
    one, zero = number(1.0), number(0.0)
    last_x, last_y = np.int32(max(ends[0] - one, zero)), np.int32(max(ends[1] - one, zero))
    for j in range(np.int32(fx.size)):
        ox = number(np.int32(j)) - number(0.5) * ends[0]
        px, py = within(first_x + cos * ox, ends[0]), within(first_y - sin * ox, ends[1])
        left, top = min(np.int32(px), last_x), min(np.int32(py), last_y)
        fx[j], fy[j] = px - number(left), py - number(top)
        places[j] = top * line + left * channels


@ordered
def blend(
    x: AnyArray,
    out: AnyArray,
    start: np.uint64,
    right: np.uint64,
    low: np.uint64,
    places: IntArray,
    fx: AnyArray,
    fy: AnyArray,
) -> None:
    """A line of pixels of one channel. Places are unsigned: signed ones Numba would look at whether they count from
    the end.
    """
    one = x.dtype.type(1.0)
    for j in range(places.size):
        a = np.uint64(np.uint32(places[j]))
        c = a + low
        above = (one - fx[j]) * x[a] + fx[j] * x[a + right]
        below = (one - fx[j]) * x[c] + fx[j] * x[c + right]
        out[start + np.uint64(j)] = (one - fy[j]) * above + fy[j] * below


@ordered
def blend_channels(
    x: AnyArray,
    out: AnyArray,
    start: np.uint64,
    right: np.uint64,
    low: np.uint64,
    channels: np.uint64,
    places: IntArray,
    fx: AnyArray,
    fy: AnyArray,
) -> None:
    """The same of several channels, which stand side by side."""
    one = x.dtype.type(1.0)
    for j in range(places.size):
        first, place = np.uint64(np.uint32(places[j])), start + np.uint64(j) * channels
        for k in range(channels):
            a = first + k
            c = a + low
            above = (one - fx[j]) * x[a] + fx[j] * x[a + right]
            below = (one - fx[j]) * x[c] + fx[j] * x[c + right]
            out[place + k] = (one - fy[j]) * above + fy[j] * below


@jit
def within(p: float, end: float) -> float:
    """The place, or the nearest one inside."""
    zero = type(p)(0.0)
    return zero if p < zero else (end if p > end else p)


ROTATE = Augmentation(
    code=0,
    name="rotate",
    formula=r"x'(o) = x(c + R(\theta)^\top (o - c)), \quad \theta = 90^\circ s v",
    unit="the largest angle, in quarter turns",
    fits="images",
    paper=SIMARD,
    strengths=STRENGTHS,
    apply=rotate,
)
SHIFT = Augmentation(
    code=1,
    name="shift",
    formula=r"x'(o) = x(o + t), \quad t = s\,(v_1 w, v_2 h)",
    unit="the longest way, as a share of the image's side",
    fits="images",
    paper=SIMARD,
    strengths=STRENGTHS,
    apply=shift,
    numbers=2,
)
SCALE = Augmentation(
    code=2,
    name="scale",
    formula=r"x'(o) = x(c + (o - c)/f), \quad f = (1 + s)^v",
    unit="by how much the image grows at most, as a share of its size",
    fits="images",
    paper=SIMARD,
    strengths=STRENGTHS,
    apply=scale,
)
AFFINE = Augmentation(
    code=3,
    name="affine",
    formula=r"x'(o) = x(c + R(\theta)^\top (o - c)/f + t), \quad \theta = 90^\circ s v_1,\ f = (1 + s)^{v_2},\ "
    r"t = s\,(v_3 w, v_4 h)",
    unit="rotate, scale and shift, each by its own draw at this strength",
    fits="images",
    paper=RANDAUGMENT,
    strengths=STRENGTHS,
    apply=affine,
    numbers=4,
)
