"""Embedded categories: a place in a table becomes the numbers that stand there.

Forward    e = T[place], behind the plain features of the row
Backward   dT[place] = Σ de over the rows of the batch that came to this place

A place that no row of the batch came to has gradient 0.
Guo & Berkhahn 2016, Entity embeddings of categorical variables.
"""

from __future__ import annotations

from whyfit.evidence.types import AnyArray, IntArray
from whyfit.training.kernel.inline import inside
from whyfit.training.kernel.layout import NUMBERS, PLACES, TABLE


@inside
def look_up(tables: IntArray, gathered: AnyArray, parameters: AnyArray, out: AnyArray) -> None:
    """From plain features and places (rows, plain + tables) to plain features and numbers (rows, width)."""
    plain = gathered.shape[1] - tables.shape[0]
    for r in range(gathered.shape[0]):
        for j in range(plain):
            out[r, j] = gathered[r, j]
        at = plain
        for column in range(tables.shape[0]):
            numbers = tables[column, NUMBERS]
            start = tables[column, TABLE] + int(gathered[r, plain + column]) * numbers
            for k in range(numbers):
                out[r, at + k] = parameters[start + k]
            at += numbers


@inside
def gather_gradients(tables: IntArray, gathered: AnyArray, arrived: AnyArray, gradients: AnyArray) -> None:
    """The gradient at the numbers, (width, rows), to the places that they came from."""
    plain = gathered.shape[1] - tables.shape[0]
    at = plain
    for column in range(tables.shape[0]):
        numbers, table = tables[column, NUMBERS], tables[column, TABLE]
        gradients[table : table + tables[column, PLACES] * numbers] = 0
        for r in range(gathered.shape[0]):
            start = table + int(gathered[r, plain + column]) * numbers
            for k in range(numbers):
                gradients[start + k] += arrived[at + k, r]
        at += numbers
