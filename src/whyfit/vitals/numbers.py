"""Numbers of tensors, taken without leaving a trace: no gradient, no random number, nothing changed in place."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from whyfit.evidence.types import AnyArray

quietly = np.errstate(all="ignore")
"""Numbers that overflow are what is looked for; numpy need not warn the script of them."""
MOST_VALUES = 1 << 18
"""A larger tensor is thinned by rows before anything is computed of it."""
SAME = 1e-6
"""Two units are the same when their weights differ by less than this part of the larger norm."""


def as_array(tensor: Any, most: int = MOST_VALUES) -> AnyArray:
    """The values of a tensor as float32 or float64, thinned along the first axis."""
    tensor = tensor.detach()
    if tensor.is_sparse:
        tensor = tensor.coalesce().values()
    if tensor.numel() > most and tensor.ndim:
        tensor = tensor[:: math.ceil(tensor.numel() / most)]
    if tensor.dtype.is_floating_point and tensor.element_size() < 4:  # numpy has no bfloat16
        tensor = tensor.float()
    values: AnyArray = tensor.cpu().numpy()
    return values


def norm_of(tensor: Any) -> float:
    """The Euclidean norm over all values that are there."""
    values = as_array(tensor, most=1 << 24).ravel()
    return float(np.sqrt(np.dot(values, values))) if values.size else 0.0


def mean_and_deviation(values: AnyArray) -> tuple[float, float]:
    """Over all values; NaN stays NaN."""
    if not values.size:
        return math.nan, math.nan
    return float(values.mean()), float(values.std())


def by_unit(values: AnyArray, axis: int) -> AnyArray:
    """(everything else, units)."""
    return np.moveaxis(values, axis, -1).reshape(-1, values.shape[axis])


def distinct_rows(matrix: AnyArray) -> int:
    """How many rows differ from all others; two fixed projections tell rows apart, so it costs one product.

    Examples
    --------
    >>> distinct_rows(np.ones((3, 2)))
    1
    >>> distinct_rows(np.arange(6.0).reshape(3, 2))
    3
    """
    rows = matrix.reshape(matrix.shape[0], -1).astype(np.float64)
    directions = np.cos(np.outer(np.arange(1, rows.shape[1] + 1), (1.0, math.sqrt(2.0))))
    shadow = rows @ directions
    size = np.sqrt((rows**2).sum(axis=1)).max(initial=0.0) * math.sqrt(rows.shape[1])
    if not np.isfinite(size):
        return rows.shape[0]
    grain = SAME * size if size else 1.0
    return int(np.unique(np.round(shadow / grain), axis=0).shape[0])
