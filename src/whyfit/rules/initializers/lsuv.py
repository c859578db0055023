"""Layer-sequential unit variance: scale each layer by what the data makes of it, from the input up."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np

from whyfit.evidence.types import FloatArray

TOLERANCE = 0.02
"""How far the variance may be off 1: the `margin` of the authors' own code (ducha-aiki/LSUVinit)."""
TRIES = 20
"""The same: `max_iter`. A dense layer without bias needs one."""


def lsuv(weights: Sequence[FloatArray], values_before: Callable[[int], FloatArray]) -> list[float]:
    """Divide each layer's weights, in place, until the values before its activation have variance 1 over a batch.

    A layer that gives a constant is left as it is: no scale can mend it.

    Parameters
    ----------
    weights
        Of each layer from input to output, orthonormal before.
    values_before
        `values_before(layer)` passes the batch through the network as it stands, and gives what that layer hands to its
        activation.

    Returns
    -------
    list of float
        By what each layer was divided in all.
    """
    return [_scale(matrix, partial(values_before, layer)) for layer, matrix in enumerate(weights)]


def _scale(matrix: FloatArray, values: Callable[[], FloatArray]) -> float:
    divided = 1.0
    for _ in range(TRIES):
        variance = float(np.var(values(), dtype=np.float64))
        if abs(variance - 1.0) < TOLERANCE or not 0.0 < variance < np.inf:
            break
        matrix /= variance**0.5
        divided *= variance**0.5
    return divided
