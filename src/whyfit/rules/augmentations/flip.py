"""Flips: the image in a mirror. A 3 is no 3 then, and a left hand a right one, so naming a flip declares that here the
class stays what it was; no study tries one that was not declared.
"""

from __future__ import annotations

from whyfit.evidence.types import AnyArray, FloatArray
from whyfit.rules.augmentations.entry import Augmentation, Seen
from whyfit.rules.jit import jit

HALF = (0.5,)
"""As often as not: any other share would show one side more often."""
PAPER = "Krizhevsky, Sutskever & Hinton 2012, ImageNet classification with deep convolutional networks, section 4.1"
UNIT = "the probability that a row is flipped"


@jit
def left_right(x: AnyArray, out: AnyArray, draws: FloatArray, strength: float, seen: Seen) -> None:
    """Columns of pixels in reverse order."""
    width, channels = seen.width, seen.channels
    for r in range(x.shape[0]):
        out[r, :] = x[r]
        if draws[r, 0] < strength:
            for i in range(seen.height):
                for j in range(width):
                    for k in range(channels):
                        out[r, (i * width + j) * channels + k] = x[r, (i * width + width - 1 - j) * channels + k]


@jit
def upside_down(x: AnyArray, out: AnyArray, draws: FloatArray, strength: float, seen: Seen) -> None:
    """Rows of pixels in reverse order."""
    line = seen.width * seen.channels
    for r in range(x.shape[0]):
        out[r, :] = x[r]
        if draws[r, 0] < strength:
            for i in range(seen.height):
                for j in range(line):
                    out[r, i * line + j] = x[r, (seen.height - 1 - i) * line + j]


FLIP = Augmentation(
    code=6,
    name="flip",
    formula=r"x'(i, j) = x(i, w - 1 - j) \text{ where } u < s",
    unit=UNIT,
    fits="images",
    paper=PAPER,
    strengths=HALF,
    apply=left_right,
    keeps_class=False,
)
FLIP_VERTICAL = Augmentation(
    code=7,
    name="flip_vertical",
    formula=r"x'(i, j) = x(h - 1 - i, j) \text{ where } u < s",
    unit=UNIT,
    fits="images",
    paper=PAPER,
    strengths=HALF,
    apply=upside_down,
    keeps_class=False,
)
