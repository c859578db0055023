"""Columns of a batch that tell its target outright: the answer among the inputs."""

from __future__ import annotations

from typing import Any

import numpy as np

from whyfit.evidence.types import AnyArray
from whyfit.vitals.numbers import as_array, quietly

LEFT = 1e-4
"""Part of the variance that may stay unexplained: a copy that went through float16, or had 1 % of noise added."""
LEAST_ROWS, LEAST_OF_CLASS = 8, 3
"""Rows of a batch, and on average of each class in it, below which a column may tell the target by chance."""
MOST_COLUMNS = 4_096


def telling_columns(inputs: Any, target: Any) -> list[int] | None:
    """Columns that are a straight line of the target, or have one value a class; None where that cannot be asked.

    Examples
    --------
    >>> import torch
    >>> x = torch.randn(32, 3, generator=torch.Generator().manual_seed(0))
    >>> telling_columns(x, 5 - 2 * x[:, 1]), telling_columns(x, (x[:, 1] > 0).long())
    ([1], [])
    """
    if inputs.ndim != 2 or not 1 < inputs.shape[1] <= MOST_COLUMNS or not inputs.dtype.is_floating_point:
        return None
    rows = int(inputs.shape[0])
    if rows < LEAST_ROWS or target.numel() != rows or target.shape[0] != rows:
        return None
    columns, wanted = as_array(inputs).astype(np.float64), as_array(target).astype(np.float64).reshape(-1)
    if len(columns) != rows or not wanted.std() > 0:
        return None
    left = _left_of_lines(columns, wanted) if target.dtype.is_floating_point else _left_of_classes(columns, wanted)
    return None if left is None else [int(place) for place in np.flatnonzero(left < LEFT)]


@quietly
def _left_of_lines(columns: AnyArray, wanted: AnyArray) -> AnyArray:
    """1 − r² of each column; NaN where a column is constant."""
    centred, aimed = columns - columns.mean(axis=0), wanted - wanted.mean()
    left: AnyArray = 1 - (aimed @ centred) ** 2 / ((centred**2).sum(axis=0) * (aimed**2).sum())
    return left


@quietly
def _left_of_classes(columns: AnyArray, wanted: AnyArray) -> AnyArray | None:
    """The variance within classes over that of all rows."""
    names, place, counts = np.unique(wanted, return_inverse=True, return_counts=True)
    if len(wanted) < LEAST_OF_CLASS * len(names):
        return None
    sums = np.zeros((len(names), columns.shape[1]))
    np.add.at(sums, place, columns)
    within = ((columns - (sums / counts[:, None])[place]) ** 2).sum(axis=0)
    left: AnyArray = within / ((columns - columns.mean(axis=0)) ** 2).sum(axis=0)
    return left
