"""Which decay is in force: what the recipe says, or what belongs to the optimiser's name."""

from __future__ import annotations

from typing import NamedTuple

from whyfit.evidence.recipe import Recipe


class Decay(NamedTuple):
    """The amounts that act on the parameters under decay.

    Attributes
    ----------
    l1, l2
        Added to the gradient: l1·sign(w) + l2·w.
    decoupled
        Taken off the weights before the rule: w ← w − rate·decoupled·w.
    """

    l1: float
    l2: float
    decoupled: float


def decay_of(recipe: Recipe) -> Decay:
    """The decay of a recipe: AdamW decays by 0.01 where nothing is said, as in torch; at 0 it is Adam.

    Examples
    --------
    >>> decay_of(Recipe(optimizer="adamw")), decay_of(Recipe(optimizer="adamw", weight_decay=0.1))
    (Decay(l1=0.0, l2=0.0, decoupled=0.01), Decay(l1=0.0, l2=0.0, decoupled=0.1))
    >>> decay_of(Recipe(optimizer="adamw", weight_decay=0.0))
    Decay(l1=0.0, l2=0.0, decoupled=0.0)
    >>> decay_of(Recipe(optimizer="adam_l2"))
    Decay(l1=0.0, l2=0.01, decoupled=0.0)
    """
    from whyfit.rules.optimizers import optimizers  # noqa: PLC0415  # the catalogue imports this module

    entry = optimizers[recipe.optimizer]
    own_l2 = entry.default_decay if entry.decay == "l2" else 0.0
    own_decoupled = entry.default_decay if entry.decay == "decoupled" else 0.0
    l2 = own_l2 if recipe.l2 is None else recipe.l2
    return Decay(recipe.l1, l2, own_decoupled if recipe.weight_decay is None else recipe.weight_decay)
