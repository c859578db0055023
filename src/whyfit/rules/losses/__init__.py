"""The catalogue of losses: formula, gradient, compiled code, chance value, and the last layer that belongs to each."""

from __future__ import annotations

from whyfit.rules.catalogue import Catalogue
from whyfit.rules.losses import absolute_error, binary_cross_entropy, cross_entropy, huber, squared_error
from whyfit.rules.losses.entry import Loss

losses: Catalogue[Loss] = Catalogue(
    "loss",
    "losses",
    (cross_entropy.ENTRY, squared_error.ENTRY, binary_cross_entropy.ENTRY, absolute_error.ENTRY, huber.ENTRY),
)

__all__ = ["Loss", "losses"]
