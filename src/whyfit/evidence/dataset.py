"""The dataset: inputs with their shape, targets, task, and what is known of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

import numpy as np

from whyfit.evidence.digest import digest_of
from whyfit.evidence.types import AnyArray, FloatArray, IntArray, Task, frozen_array


@dataclass(frozen=True, slots=True)
class Column:
    """One input column as the user knows it.

    Attributes
    ----------
    name
        Its name in the source.
    kind
        `numeric` columns stand in `Dataset.numeric`, `categorical` ones in `Dataset.codes`, in the order of `columns`.
    levels
        The distinct values of a categorical column, sorted; a code is an index into them.
    moment
        Whether a numeric column holds dates or times, as days since the first.
    """

    name: str
    kind: Literal["numeric", "categorical"]
    levels: tuple[str, ...] = ()
    moment: bool = False


@dataclass(frozen=True, slots=True)
class RowNumbers:
    """How the owner of the data counts its rows.

    Attributes
    ----------
    first
        The number of the first row: 2 in a text file with a header, as a spreadsheet counts; 0 in arrays and frames,
        as Python counts.
    dropped
        Sorted numbers, from 0, of rows that were left out before rows were counted (blank lines).

    Examples
    --------
    >>> RowNumbers(first=2, dropped=(1,)).of(0), RowNumbers(first=2, dropped=(1,)).of(1)
    (2, 4)
    """

    first: int = 0
    dropped: tuple[int, ...] = ()

    def of(self, row: int) -> int:
        """The number of a row that is counted from 0 here."""
        kept = row
        for gone in self.dropped:
            kept += int(gone <= kept)
        return self.first + kept


WEIGHTS_ROUNDING = 1e-12
"""A mean of weights this near to 1 is 1 but for the rounding of a sum of millions."""


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that was inferred while loading, so that it can be said and overridden: a code and its facts."""

    code: str
    facts: tuple[tuple[str, str | int | float], ...] = ()


@dataclass(frozen=True, eq=False)
class Dataset:
    """Inputs, targets and what is known of them; frozen, with a fingerprint.

    Attributes
    ----------
    columns
        The input columns; for images one numeric column a pixel.
    numeric
        (rows, numeric columns), float32, NaN where a value is missing.
    codes
        (rows, categorical columns), int64, −1 where a value is missing.
    target
        Classification: (rows,) int64 class codes. Regression: (rows, outputs) float64. Multi-label: (rows, labels)
        float64, 1 for yes and 0 for no.
    task
        `classification`, `regression` or `multilabel`.
    classes
        The names of the classes in the order of their codes; empty for other tasks.
    shape
        The shape of one image, (height, width) or (height, width, channels); None for a table.
    groups, time
        (rows,) int64 group codes and (rows,) float64 positions in time, where they are known.
    target_name, source
        As the user knows them.
    told
        What was inferred: task, target, kinds of columns.
    keys
        (name, (rows,) int64 codes) of columns with too many values to be levels, such as the number of a patient: rows
        may belong together by them. Training does not see them as such.
    weights
        (rows,) float64 with mean 1, all above 0: how much each row counts, in training and in scores; None where all
        count alike.
    target_names
        Of each target column where there are several; empty for one.
    row_numbers
        How its owner counts the rows.

    Examples
    --------
    >>> data = Dataset(
    ...     columns=(Column("x", "numeric"),),
    ...     numeric=np.array([[0.0], [1.0], [2.0]]),
    ...     codes=np.empty((3, 0)),
    ...     target=np.array([0, 1, 1]),
    ...     task="classification",
    ...     classes=("no", "yes"),
    ... )
    >>> data
    Dataset(rows=3, columns=1, task='classification', classes=2)
    """

    columns: tuple[Column, ...]
    numeric: FloatArray
    codes: IntArray
    target: AnyArray
    task: Task
    classes: tuple[str, ...] = ()
    shape: tuple[int, ...] | None = None
    groups: IntArray | None = None
    time: FloatArray | None = None
    target_name: str = "target"
    source: str = "arrays"
    told: tuple[Told, ...] = field(default=())
    keys: tuple[tuple[str, IntArray], ...] = field(default=())
    weights: FloatArray | None = None
    target_names: tuple[str, ...] = ()
    row_numbers: RowNumbers = RowNumbers()

    def __post_init__(self) -> None:
        """Freeze the arrays in the types that everything below relies on."""
        put = object.__setattr__
        put(self, "numeric", frozen_array(self.numeric, np.float32))
        put(self, "codes", frozen_array(self.codes, np.int64))
        put(self, "target", frozen_array(self.target, np.int64 if self.task == "classification" else np.float64))
        if self.groups is not None:
            put(self, "groups", frozen_array(self.groups, np.int64))
        if self.time is not None:
            put(self, "time", frozen_array(self.time, np.float64))
        if self.weights is not None:
            mean = float(np.mean(self.weights))
            scale = 1.0 if abs(mean - 1.0) < WEIGHTS_ROUNDING else mean  # once scaled, a copy keeps its bits
            put(self, "weights", frozen_array(np.asarray(self.weights) / scale, np.float64))
        put(self, "keys", tuple((name, frozen_array(codes, np.int64)) for name, codes in self.keys))

    def __repr__(self) -> str:
        what = f", classes={len(self.classes)}" if self.classes else ""
        return f"Dataset(rows={self.rows}, columns={len(self.columns)}, task={self.task!r}{what})"

    @property
    def rows(self) -> int:
        """The number of rows."""
        return int(self.target.shape[0])

    @property
    def outputs(self) -> int:
        """How many numbers a network must give for one row: one a class, or one a target column."""
        return len(self.classes) if self.task == "classification" else int(self.target.shape[1])

    @cached_property
    def fingerprint(self) -> str:
        """A digest of everything that training can see, and of nothing else: not of names of files."""
        absent = np.empty(0)
        return digest_of(
            [[column.name, column.kind, list(column.levels)] for column in self.columns],
            [self.task, list(self.classes), list(self.shape) if self.shape else None],
            self.numeric,
            self.codes,
            self.target,
            absent if self.groups is None else self.groups,
            absent if self.time is None else self.time,
            *(() if self.weights is None else (self.weights,)),
        )
