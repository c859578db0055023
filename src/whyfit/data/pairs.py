"""Datasets that hand out one (input, target) pair at a time, such as torch's, as two arrays."""

from __future__ import annotations

from typing import Any

import numpy as np

from whyfit.errors import DataError
from whyfit.evidence.types import AnyArray


def stacked_pairs(source: Any) -> tuple[AnyArray, AnyArray]:
    """Fetch every pair once, in order, and stack inputs and targets.

    Raises
    ------
    DataError
        Where the source is empty, an item is no pair of numbers, or items differ in shape.
    """
    name, rows = type(source).__name__, len(source)
    if rows == 0:
        raise DataError("there is no row of data.", where=name, advice="Check how it is made.")
    inputs, targets = zip(*(_pair(source, row, name) for row in range(rows)), strict=True)
    shapes = {array.shape for array in inputs}
    if len(shapes) > 1:
        odd = next(i for i, array in enumerate(inputs) if array.shape != inputs[0].shape)
        raise DataError(
            f"the input has the shape {inputs[odd].shape}, others {inputs[0].shape}.",
            where=f"{name}, row {odd}",
            advice="Bring all inputs to one shape, for images with a resize.",
        )
    return np.stack(inputs), np.stack(targets)


def _pair(source: Any, row: int, name: str) -> tuple[AnyArray, AnyArray]:
    item = source[row]
    if not isinstance(item, tuple | list) or len(item) != 2:
        raise DataError(
            f"an item is a {type(item).__name__}, not a pair (input, target).",
            where=f"{name}, row {row}",
            advice="Give arrays as (X, y), or a dataset whose items are pairs.",
        )
    return _array(item[0]), _array(item[1])


def _array(value: Any) -> AnyArray:
    for method in ("detach", "cpu"):
        value = getattr(value, method)() if hasattr(value, method) else value
    return np.asarray(value)
