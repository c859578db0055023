"""The numbers of a network by name and in shape, as the torch module of `whyfit.nets.perceptron` has them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from whyfit.evidence.types import AnyArray
from whyfit.training.kernel.layout import (
    AFTER,
    BIAS,
    INPUTS,
    MEAN,
    NORM,
    SCALE,
    SHIFT,
    SLOPE,
    UNITS,
    VARIANCE,
    WEIGHT,
    WIDTH,
    Layout,
)


def layer_names(layout: Layout) -> list[str]:
    """The dense layers."""
    hidden = len(layout.table) - 2
    return [*(f"hidden.{i}.dense" for i in range(hidden)), "last"]


def table_name(column: int) -> str:
    """The table of an embedded column."""
    return f"embeddings.{column}"


def norm_units(line: AnyArray) -> int:
    """How many units a layer's norm stands on."""
    return int(line[WIDTH] if line[NORM] == AFTER else line[UNITS])


def weights_of(layout: Layout, flat: AnyArray, moving: AnyArray, batches: int) -> dict[str, AnyArray]:
    """Parameters and running statistics; `batches` is how many the latter have seen."""
    named: dict[str, AnyArray] = {}
    for i, (places, numbers, start) in enumerate(layout.tables):
        named[f"{table_name(i)}.weight"] = flat[start : start + places * numbers].reshape(places, numbers)
    for name, line in zip(layer_names(layout), layout.table[1:], strict=True):
        units, inputs = int(line[UNITS]), int(line[INPUTS])
        named[f"{name}.weight"] = flat[line[WEIGHT] : line[WEIGHT] + units * inputs].reshape(units, inputs)
        if line[BIAS]:
            named[f"{name}.bias"] = flat[line[BIAS] : line[BIAS] + units]
        owner = name.removesuffix(".dense")
        if line[SLOPE]:
            named[f"{owner}.activation.weight"] = flat[line[SLOPE] : line[SLOPE] + 1]
        if line[NORM]:
            place = "after" if line[NORM] == AFTER else "before"
            named |= {f"{owner}.{place}.{own}": values for own, values in _norm(line, flat, moving, batches)}
    return named


def _norm(line: AnyArray, flat: AnyArray, moving: AnyArray, batches: int) -> Iterator[tuple[str, AnyArray]]:
    units = norm_units(line)
    for own, vector, place in (
        ("weight", flat, SCALE),
        ("bias", flat, SHIFT),
        ("running_mean", moving, MEAN),
        ("running_var", moving, VARIANCE),
    ):
        yield own, vector[line[place] : line[place] + units]
    yield "num_batches_tracked", np.array(batches, np.int64)
