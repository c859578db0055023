"""A member: one network to train."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from whyfit.evidence.digest import digest_of
from whyfit.evidence.recipe import Recipe
from whyfit.evidence.split import Split

VITALS_EPOCHS = 8
"""Sampled epochs, spread evenly: not every one, as a full pass over the training rows costs 29 % of an epoch."""


class BlockId(NamedTuple):
    """What remedies are paired on: one repeat of the splitting, and one fold of it."""

    repeat: int
    fold: int


@dataclass(frozen=True, slots=True)
class Collect:
    """What a member leaves behind beside its curves.

    Attributes
    ----------
    vitals
        Number of sampled epochs at which every layer is measured; 0 for none.
    predictions
        Whether the outputs on the score rows are kept.
    weights
        Whether the best weights are kept.
    """

    vitals: int = 0
    predictions: bool = True
    weights: bool = False

    def plain(self) -> list[int]:
        """As plain values, for digests."""
        return [self.vitals, int(self.predictions), int(self.weights)]


@dataclass(frozen=True, slots=True)
class Member:
    """One network to train: a recipe, a split, a seed, a block, and what to collect; no rows of the data.

    Examples
    --------
    >>> import numpy as np
    >>> split = Split(train=np.array([0, 1]), stop=np.array([2]), score=np.array([3]))
    >>> member = Member(recipe=Recipe(), split=split, seed=7, block=BlockId(0, 0))
    >>> member.key("data", schema=1) == member.key("data", schema=1)
    True
    """

    recipe: Recipe
    split: Split
    seed: int
    block: BlockId
    collect: Collect = Collect()

    def key(self, fingerprint: str, schema: int) -> str:
        """The digest of all that decides the outcome: the primary key of the store."""
        return digest_of(
            [
                fingerprint,
                schema,
                self.recipe.digest,
                self.split.digest,
                self.seed,
                list(self.block),
                self.collect.plain(),
            ]
        )
