"""Noise: every quantity of a row gets its own normal number, so that the network cannot rest on exact values.

To first order it is a penalty on the slope of the outputs (Bishop 1995, Training with noise is equivalent to Tikhonov
regularization). Levels and marks of missing values are no quantities and stay as they are.
"""

from __future__ import annotations

from whyfit.evidence.types import AnyArray, FloatArray
from whyfit.rules.augmentations.entry import Augmentation, Seen
from whyfit.rules.jit import jit


@jit
def apply(x: AnyArray, out: AnyArray, draws: FloatArray, strength: float, seen: Seen) -> None:
    """X + s·ε, in standard deviations of each feature over the training rows."""
    number = x.dtype.type
    for r in range(x.shape[0]):
        for j in range(x.shape[1]):
            out[r, j] = x[r, j] + number(strength * draws[r, j]) * seen.spread[j]


ENTRY = Augmentation(
    code=4,
    name="noise",
    formula=r"x' = x + s\,\varepsilon",
    unit="standard deviations of each feature over the training rows",
    fits="any",
    paper="Bishop 1995, Training with noise is equivalent to Tikhonov regularization",
    strengths=(0.1, 0.3),
    apply=apply,
    per="feature",
    normal=True,
)
