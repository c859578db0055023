"""Which augmentations a study tries on some data, and at which strengths; flips only where somebody declared them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from whyfit.errors import ArgumentError
from whyfit.evidence.dataset import Dataset, Told
from whyfit.evidence.network import embeds
from whyfit.evidence.recipe import Recipe
from whyfit.rules.augmentations import augmentations
from whyfit.training.augmenting import misfit

OF_IMAGES = ("affine", "noise", "cutout")
OF_TABLES = ("noise", "mixup", "column_swap")
MOST = {"affine": 3, "noise": 2, "mixup": 2, "column_swap": 2, "cutout": 1}
"""Strengths of each, the weakest of the catalogue's first: five to six networks a fit in all. Moved images differ the
most in how far they may move (small digits lose at 0.2 what they gain at 0.05), so they get the most."""


def augmentation_changes(
    data: Dataset, recipe: Recipe, label_preserving: Sequence[str] = ()
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Labels such as `affine 0.1` and changes of the recipe, each kind from weak to strong; embedded categories cannot
    be mixed.

    Examples
    --------
    >>> import numpy as np
    >>> from whyfit.data.digits import digits
    >>> [label for label, _ in augmentation_changes(digits(), Recipe())]
    ['affine 0.05', 'affine 0.1', 'affine 0.2', 'noise 0.1', 'noise 0.3', 'cutout 0.25']
    """
    kinds = OF_TABLES if data.shape is None else (*OF_IMAGES, *label_preserving)
    for name in kinds:
        entry = augmentations[name]
        if misfit(entry, data) is None and not (entry.mixes and embeds(recipe.network)):
            for strength in entry.strengths[: MOST.get(name)]:
                change = {"augmentation": name, "augmentation_strength": strength}
                if recipe.but(**change) != recipe:
                    yield f"{name} {strength:g}", change


def flips_told(data: Dataset, label_preserving: Sequence[str]) -> tuple[Told, ...]:
    """That flips of images were left out, and what declares them: whether a flip changes a class nobody can measure."""
    if data.shape is None or label_preserving:
        return ()
    return (Told("study.flips_undeclared"),)


def check_declared(label_preserving: Sequence[str], data: Dataset) -> None:
    """Refuse what is declared to keep the class of every row where that means nothing.

    Raises
    ------
    ArgumentError
        A name is no augmentation that needs to be declared, or the rows are no images.
    """
    flips = [name for name, entry in augmentations.items() if not entry.keeps_class]
    wrong = [name for name in label_preserving if name not in flips]
    if wrong:
        raise ArgumentError(
            f"`label_preserving` must be among {', '.join(map(repr, flips))}, got {', '.join(map(repr, wrong))}.",
            advice="Other augmentations need no declaration.",
        )
    if label_preserving and data.shape is None:
        raise ArgumentError(
            f"`label_preserving` is for images, and {data.source!r} is a table.", advice="Leave it out."
        )
