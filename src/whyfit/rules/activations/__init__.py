"""The catalogue of activations: formula, derivative, compiled code and facts of each."""

from __future__ import annotations

from whyfit.rules.activations import identity, relu
from whyfit.rules.activations.entry import Activation
from whyfit.rules.catalogue import Catalogue

activations: Catalogue[Activation] = Catalogue("activation", "activations", (m.ENTRY for m in (identity, relu)))

__all__ = ["Activation", "activations"]
