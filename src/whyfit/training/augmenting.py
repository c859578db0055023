"""What a recipe's augmentation is, and which features it may touch: the same for every engine."""

from __future__ import annotations

import numpy as np

from whyfit.data.encode import Features, Scaling
from whyfit.evidence.dataset import Dataset
from whyfit.evidence.recipe import Recipe
from whyfit.evidence.types import FloatArray
from whyfit.rules.augmentations import Augmentation, augmentations

NO_AUGMENTATION = "none"
"""The value of `Recipe.augmentation` for none."""


def augmentation_of(recipe: Recipe) -> Augmentation | None:
    """The entry that a recipe names; None where it names none, or at strength 0, which changes nothing.

    Examples
    --------
    >>> augmentation_of(Recipe(augmentation="mixup", augmentation_strength=0.2))
    Augmentation('mixup', fits='any')
    >>> augmentation_of(Recipe())
    """
    if recipe.augmentation == NO_AUGMENTATION or not recipe.augmentation_strength:
        return None
    return augmentations[recipe.augmentation]


def spread_of(features: Features, scaling: Scaling) -> FloatArray:
    """(features,) 1 for a quantity that varies in the training rows, 0 for all else: where noise may go."""
    spread: FloatArray = (scaling.scale != 0).astype(np.float32)
    spread[features.quantities :] = 0.0
    return spread


def misfit(entry: Augmentation, data: Dataset) -> str | None:
    """Why an augmentation cannot change such data, as what it needs; None where it can."""
    if not entry.suits(image=data.shape is not None):
        return entry.fits
    if entry.per == "feature" and data.numeric.shape[1] == 0:
        return "numeric columns"
    return None
