"""Where every number of a network lies: its parameters in one flat vector, its workspace in another.

A layer is one row of an integer table that compiled code reads; the columns are named here. Values are laid out with
one column a row of the batch, so Z = W·A + b as on paper, and every reduction over rows runs along memory. Offsets
are multiples of 16 numbers, one cache line of float32: the numbers between are zero and stay zero under every rule.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from whyfit.evidence.types import IntArray

INPUTS, UNITS, WIDTH = range(3)
"""Columns: values that come in; values before the activation; values handed on (fewer than `UNITS` for Maxout)."""

PLACES, NUMBERS, TABLE = range(3)
"""Columns of `Layout.tables`, one row an embedded column: places of the table, numbers a place, and its offset in the
parameters."""

WEIGHT, BIAS, SCALE, SHIFT, SLOPE = range(3, 8)
"""Offsets in the parameters: weights (units, inputs), biases, scale and shift of the norm, the learned slope.

A bias of 0 is none (weights come first, so no bias lies there): before a norm it would have no effect, as the norm
takes the mean off again, and its gradient would be rounding alone (Ioffe & Szegedy 2015, section 3.2)."""

MEAN, VARIANCE = 8, 9
"""Offsets of the norm's running statistics in `Vectors.moving`."""

ACTIVATE, DEACTIVATE, NORM = 10, 11, 12
"""Addresses of the activation and of its derivative, 0 for none; where the norm stands."""

VALUES, ACTIVATED, OUTPUTS, TURNED, DELTA, ARRIVED, NORMED, SPREAD, CHOICE, MASK = range(13, 23)
"""Offsets in the workspace: before the activation (units, rows); after it (width, rows); what is handed on, and that
turned (rows, width); the loss gradient at the first and at what is handed on; the norm's values at mean 0 and
variance 1, and one over the deviations by which it divided; the pieces that won; in `Vectors.masks`, what dropout
kept."""

BOTH = 23
"""Address of the activation that leaves its derivative in place of `VALUES`, for training passes; 0 for none."""

COLUMNS = 24
LINE = 16
NONE, BEFORE, AFTER = 0, 1, 2
"""Values of `NORM`."""


@dataclass(frozen=True, slots=True)
class Hidden:
    """What stands in every hidden layer.

    Attributes
    ----------
    activate, deactivate
        Addresses of the activation and of its derivative; 0 for none.
    both
        Address of the one pass for the two, where there is one; 0 for none.
    norm
        `NONE`, `BEFORE` or `AFTER`.
    dropout
        Whether units are dropped.
    slope
        Whether a slope is learned.
    pieces
        Values before the activation for each value after it.
    """

    activate: int
    deactivate: int
    both: int = 0
    norm: int = NONE
    dropout: bool = False
    slope: bool = False
    pieces: int = 1


LAST = Hidden(0, 0)
"""The last layer is dense alone."""


@dataclass(frozen=True, eq=False, slots=True)
class Layout:
    """The table and the sizes of the flat vectors.

    Attributes
    ----------
    table
        (layers + 1, COLUMNS) int64; row 0 is the input: the features that come in (`INPUTS`, rows as they are gathered
        at `VALUES`), then with categories embedded `WIDTH`, `OUTPUTS` and `TURNED`; `ARRIVED` where tables learn.
    tables
        (embedded columns, 3) int64; the columns are the last features.
    parameters, moving, workspace, masks
        How many numbers each vector holds.
    rows
        The most rows that the workspace can take at once.
    """

    table: IntArray
    tables: IntArray
    parameters: int
    moving: int
    workspace: int
    masks: int
    rows: int


class _Vector:
    """Hands out places in a flat vector."""

    def __init__(self) -> None:
        self.size = 0

    def take(self, count: int) -> int:
        start, self.size = self.size, -(-(self.size + count) // LINE) * LINE
        return start


@dataclass(frozen=True, slots=True)
class _Places:
    rows: int
    parameters: _Vector
    moving: _Vector
    workspace: _Vector
    masks: _Vector


def lay_out(widths: tuple[int, ...], hidden: Hidden, rows: int, shapes: tuple[tuple[int, int], ...] = ()) -> Layout:
    """Lay out a perceptron with these widths from inputs to outputs; `shapes` are places and numbers of its tables."""
    table, tables = np.zeros((len(widths), COLUMNS), np.int64), np.zeros((len(shapes), 3), np.int64)
    places = _Places(rows, _Vector(), _Vector(), _Vector(), _Vector())
    for line, shape in zip(tables, shapes, strict=True):
        line[:] = *shape, places.parameters.take(shape[0] * shape[1])
    _place_inputs(table[0], widths[0], shapes, places)
    for layer in range(1, len(widths)):
        line, kind = table[layer], hidden if layer < len(widths) - 1 else LAST
        line[INPUTS], line[WIDTH], line[UNITS] = widths[layer - 1], widths[layer], widths[layer] * kind.pieces
        line[ACTIVATE], line[DEACTIVATE], line[NORM] = kind.activate, kind.deactivate, kind.norm
        line[BOTH] = kind.both
        _place_parameters(line, kind, places)
        _place_values(line, kind, places)
        _place_outputs(line, kind, places)
    parameters, moving = places.parameters.size, places.moving.size
    return Layout(table, tables, parameters, moving, places.workspace.size, places.masks.size, rows)


def _place_inputs(line: IntArray, width: int, shapes: tuple[tuple[int, int], ...], places: _Places) -> None:
    """What is gathered is what goes in, unless some of it are places in tables."""
    line[INPUTS] = line[WIDTH] = width
    _place_outputs(line, LAST, places)
    line[VALUES] = line[TURNED]
    if shapes:
        line[INPUTS] = width - sum(numbers - 1 for _, numbers in shapes)
        line[VALUES] = places.workspace.take(int(line[INPUTS]) * places.rows)
        line[ARRIVED] = places.workspace.take(width * places.rows)


def _place_parameters(line: IntArray, kind: Hidden, places: _Places) -> None:
    units = int(line[WIDTH] if kind.norm == AFTER else line[UNITS])
    line[WEIGHT] = places.parameters.take(int(line[UNITS] * line[INPUTS]))
    if kind.norm != BEFORE:
        line[BIAS] = places.parameters.take(int(line[UNITS]))
    if kind.norm:
        line[SCALE], line[SHIFT] = places.parameters.take(units), places.parameters.take(units)
        line[MEAN], line[VARIANCE] = places.moving.take(units), places.moving.take(units)
    if kind.slope:
        line[SLOPE] = places.parameters.take(1)


def _place_values(line: IntArray, kind: Hidden, places: _Places) -> None:
    size, handed_on = int(line[UNITS]) * places.rows, int(line[WIDTH]) * places.rows
    line[VALUES], line[DELTA] = places.workspace.take(size), places.workspace.take(size)
    line[ARRIVED] = line[DELTA]
    if kind.pieces > 1:
        line[ARRIVED], line[CHOICE] = places.workspace.take(handed_on), places.workspace.take(handed_on)
    if kind.norm:
        line[NORMED] = places.workspace.take(size if kind.norm == BEFORE else handed_on)
        line[SPREAD] = places.workspace.take(int(line[UNITS]))


def _place_outputs(line: IntArray, kind: Hidden, places: _Places) -> None:
    """What nothing changes after the activation is handed on from where it stands."""
    handed_on = int(line[WIDTH]) * places.rows
    line[OUTPUTS] = line[ACTIVATED] = places.workspace.take(handed_on)
    line[TURNED] = places.workspace.take(handed_on)
    if kind.norm == AFTER or kind.dropout:
        line[ACTIVATED] = places.workspace.take(handed_on)
    if kind.dropout:
        line[MASK] = places.masks.take(handed_on)
