"""The catalogue of augmentations: formula, compiled code, what its strength is and what it fits, of each."""

from __future__ import annotations

from whyfit.rules.augmentations import column_swap, cutout, flip, mixup, noise, warp
from whyfit.rules.augmentations.entry import Augmentation, Seen
from whyfit.rules.catalogue import Catalogue

augmentations: Catalogue[Augmentation] = Catalogue(
    "augmentation",
    "augmentations",
    (
        warp.ROTATE,
        warp.SHIFT,
        warp.SCALE,
        warp.AFFINE,
        noise.ENTRY,
        cutout.ENTRY,
        flip.FLIP,
        flip.FLIP_VERTICAL,
        mixup.ENTRY,
        column_swap.ENTRY,
    ),
)

__all__ = ["Augmentation", "Seen", "augmentations"]
