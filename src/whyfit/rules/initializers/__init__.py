"""The catalogue of initialisers, and the one call with which every engine starts a network."""

from __future__ import annotations

from whyfit.evidence.types import FloatArray
from whyfit.rules.activations import activations
from whyfit.rules.catalogue import Catalogue
from whyfit.rules.initializers.entries import ENTRIES
from whyfit.rules.initializers.entry import Draw, Initializer, Promise, Shape
from whyfit.rules.initializers.lsuv import lsuv

initializers: Catalogue[Initializer] = Catalogue("initializer", "initializers", ENTRIES)


def initialize(name: str, shape: tuple[int, int], activation: str, draw: Draw) -> FloatArray:
    """First weights of one dense layer; its bias starts at zero.

    Parameters
    ----------
    name
        In `whyfit.initializers`.
    shape
        (units, inputs); for Maxout (units·pieces, inputs).
    activation
        Name of the activation that follows; `identity` behind the last layer.
    draw
        Numbers from this layer's stream.

    Returns
    -------
    FloatArray
        (units, inputs), float64.

    Examples
    --------
    >>> import numpy as np
    >>> rng = np.random.default_rng(0)
    >>> draw = Draw(uniform=rng.random, normal=rng.standard_normal)
    >>> weights = initialize("he_uniform", (200, 300), "relu", draw)
    >>> round(float(weights.var()) * 300, 2)  # He et al. promise 2
    2.0
    """
    entry, sizes = initializers[name], Shape(*shape)
    return entry.make(sizes, entry.deviation(sizes, activations[activation]), draw)


__all__ = ["Draw", "Initializer", "Promise", "initialize", "initializers", "lsuv"]
