"""What is not finite, and how a member ends by it."""

from __future__ import annotations

from whyfit.evidence.types import AnyArray, IntArray
from whyfit.training.kernel.inline import inlined, inside
from whyfit.training.kernel.job import DIVERGED, EPOCH, LAYER, STATUS, STEP, WHAT
from whyfit.training.kernel.layout import NUMBERS, PLACES, TABLE, WEIGHT
from whyfit.training.kernel.memory import vector


@inside
def finite(values: AnyArray) -> bool:
    """Whether all are: a finite value times zero is zero, anything else is NaN."""
    zero = values.dtype.type(0)
    total = zero
    for i in range(values.size):
        total += values[i] * zero
    return bool(total == zero)


@inside
def layer_not_finite(table: IntArray, tables: IntArray, flat: AnyArray) -> int:
    """The first layer whose part of a flat vector is not finite, 0 for none; its norm and slope belong to a layer.

    Tables of embedded categories are asked first, and count on from the layers.
    """
    for column in range(tables.shape[0]):
        if not finite(vector(flat, tables[column, TABLE], tables[column, PLACES] * tables[column, NUMBERS])):
            return int(table.shape[0] + column)
    for layer in range(1, table.shape[0]):
        start = table[layer, WEIGHT]
        end = table[layer + 1, WEIGHT] if layer + 1 < table.shape[0] else flat.size
        if not finite(vector(flat, start, end - start)):
            return layer
    return 0


@inlined
def left(rows: int, cancel: AnyArray) -> int:
    """The rows of a batch, or none once the flag is set: what works through a large batch asks before each pass."""
    return 0 if cancel[0] else rows


@inlined
def fail(facts: IntArray, what: int, epoch: int, step: int, layer: int) -> bool:
    """Write down what was not finite, and where; False, so that it can be returned."""
    facts[STATUS], facts[WHAT], facts[EPOCH], facts[STEP], facts[LAYER] = DIVERGED, what, epoch, step, layer
    return False
