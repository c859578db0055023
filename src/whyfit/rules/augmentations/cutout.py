"""Cutout: a rectangle of the image is blotted out, so that the network must look at more than one place.

The rectangle has the image's own form, s times as high and as wide, and may stand partly outside. It is filled with 0,
the mean of the training pixels, as in the paper.
"""

from __future__ import annotations

from whyfit.evidence.types import AnyArray, FloatArray
from whyfit.rules.augmentations.entry import Augmentation, Seen
from whyfit.rules.jit import jit


@jit
def apply(x: AnyArray, out: AnyArray, draws: FloatArray, strength: float, seen: Seen) -> None:
    """The middle of the hole is a pixel like any other."""
    zero, channels = x.dtype.type(0.0), seen.channels
    high, wide = int(strength * seen.height + 0.5), int(strength * seen.width + 0.5)
    for r in range(x.shape[0]):
        out[r, :] = x[r]
        top = int(draws[r, 0] * seen.height) - high // 2
        left = int(draws[r, 1] * seen.width) - wide // 2
        for i in range(max(top, 0), min(top + high, seen.height)):
            for j in range(max(left, 0), min(left + wide, seen.width)):
                for k in range(channels):
                    out[r, (i * seen.width + j) * channels + k] = zero


ENTRY = Augmentation(
    code=5,
    name="cutout",
    formula=r"x'(o) = 0 \text{ where } |o - (u_1 h, u_2 w)| \le \tfrac{s}{2}(h, w), \text{ else } x(o)",
    unit="the side of the hole, as a share of the image's side",
    fits="images",
    paper="DeVries & Taylor 2017, Improved regularization of convolutional neural networks with cutout",
    strengths=(0.25, 0.5),
    apply=apply,
    numbers=2,
)
