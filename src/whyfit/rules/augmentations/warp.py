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

from whyfit.evidence.types import AnyArray, FloatArray
from whyfit.rules.augmentations.entry import Augmentation, Seen
from whyfit.rules.jit import jit

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
    for r in range(x.shape[0]):
        fetch(x, out, r, seen, spun(draws[r, 0], strength), 1.0, 0.0, 0.0)


@jit
def shift(x: AnyArray, out: AnyArray, draws: FloatArray, strength: float, seen: Seen) -> None:
    """By up to this share of width and height, each way."""
    for r in range(x.shape[0]):
        across, down = moved(draws[r, 0], strength, seen.width), moved(draws[r, 1], strength, seen.height)
        fetch(x, out, r, seen, 0.0, 1.0, across, down)


@jit
def scale(x: AnyArray, out: AnyArray, draws: FloatArray, strength: float, seen: Seen) -> None:
    """Larger or smaller by a factor of up to 1 + `strength`."""
    for r in range(x.shape[0]):
        fetch(x, out, r, seen, 0.0, grown(draws[r, 0], strength), 0.0, 0.0)


@jit
def affine(x: AnyArray, out: AnyArray, draws: FloatArray, strength: float, seen: Seen) -> None:
    """All three, each with a draw of its own."""
    for r in range(x.shape[0]):
        across, down = moved(draws[r, 2], strength, seen.width), moved(draws[r, 3], strength, seen.height)
        fetch(x, out, r, seen, spun(draws[r, 0], strength), grown(draws[r, 1], strength), across, down)


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
def fetch(
    x: AnyArray, out: AnyArray, r: int, seen: Seen, angle: float, factor: float, across: float, down: float
) -> None:
    """One image of (rows, features), by the formula above.

    Places are unsigned: for signed ones Numba looks at every read whether they count from the end, which took half of
    the time.
    """
    number, channels, line = x.dtype.type, seen.channels, seen.width * seen.channels
    cos, sin = number(math.cos(angle) / factor), number(math.sin(angle) / factor)
    end_x, end_y = number(seen.width - 1), number(seen.height - 1)
    middle_x, middle_y = number(0.5) * end_x, number(0.5) * end_y
    for i in range(seen.height):
        oy = number(i) - middle_y
        row_x, row_y = middle_x + number(across) + sin * oy, middle_y + number(down) + cos * oy
        for j in range(seen.width):
            ox = number(j) - middle_x
            px, py = within(row_x + cos * ox, end_x), within(row_y - sin * ox, end_y)
            left, top = np.int32(px), np.int32(py)
            fx, fy = px - number(left), py - number(top)
            right = np.uint64(channels if left + 1 < seen.width else 0)
            low = np.uint64(line if top + 1 < seen.height else 0)
            first, place = np.uint64(top * line + left * channels), np.uint64(i * line + j * channels)
            for k in range(np.uint64(channels)):
                a = first + k
                c = a + low
                above = x[r, a] + fx * (x[r, a + right] - x[r, a])
                below = x[r, c] + fx * (x[r, c + right] - x[r, c])
                out[r, place + k] = above + fy * (below - above)


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
