"""Weights of rows: read, refused where they are none, and given to a dataset."""

from __future__ import annotations

from dataclasses import replace
from typing import NoReturn

import numpy as np
import polars as pl

from whyfit.data.columns import native_numbers
from whyfit.data.origin import Notes, Origin
from whyfit.data.subset import rows_of
from whyfit.data.written import as_numbers, without_missing_words
from whyfit.errors import DataError
from whyfit.evidence.dataset import Dataset
from whyfit.evidence.types import AnyArray, BoolArray, FloatArray

LEAST_ROWS = 2
"""Of one row nothing can be learned and scored."""


def weights_of_column(series: pl.Series, origin: Origin) -> FloatArray:
    """(rows,) checked weights of a column of a table.

    Raises
    ------
    DataError
        As in `checked`; also where a value is no number.
    """
    name = series.name
    if series.dtype != pl.String:
        values = None if series.dtype.is_temporal() else native_numbers(series)
    else:
        text = without_missing_words(series)
        reading = as_numbers(text)
        values = None if reading is None else reading.values
        if reading is None and text.null_count() < len(text):
            bad = int((text.is_not_null() & text.cast(pl.Float64, strict=False).is_null()).arg_max() or 0)
            _refuse(f"{text[bad]!r} is no number, so it is no weight.", origin.at(bad, name))
    if values is None:
        _refuse("the column holds no numbers, so no weights.", origin.at(column=name))
    return checked(np.asarray(values), name, origin)


def checked(values: AnyArray, name: str, origin: Origin) -> FloatArray:
    """(rows,) float64 weights: finite, not below 0, not all 0.

    Raises
    ------
    DataError
        With the row and the column of the first that is none.

    Examples
    --------
    >>> checked(np.array([1, 2]), "w", Origin("arrays"))
    array([1., 2.])
    >>> checked(np.array([1.0, -2.0]), "w", Origin("a.csv", first_row=2))
    Traceback (most recent call last):
    whyfit.errors.DataError: a.csv, row 3, column 'w': the weight is -2. Give every row a number of 0 or more...
    """
    if values.ndim != 1 or values.dtype.kind not in "fiub":
        _refuse(
            f"weights are one number a row; got {values.dtype} of the shape {values.shape}.", origin.at(column=name)
        )
    weights: FloatArray = values.astype(np.float64)
    for bad, what in ((np.isnan(weights), "missing"), (~np.isfinite(weights), "infinite"), (weights < 0, None)):
        if bad.any():
            row = int(bad.argmax())
            _refuse(f"the weight is {what or format(weights[row], 'g')}.", origin.at(row, name))
    if not weights.any():
        _refuse("all weights are 0: no row would count.", origin.at(column=name))
    return weights


def _refuse(message: str, where: str) -> NoReturn:
    advice = "Give every row a number of 0 or more (0 leaves it out), and at least two rows more than 0."
    raise DataError(message, where=where, advice=advice)


def weighted(data: Dataset, weights: FloatArray, name: str, notes: Notes, origin: Origin) -> Dataset:
    """The dataset with weights: rows of weight 0 are left out, and weights that are all alike say nothing.

    What was found stands in `notes`, and in the dataset's `told`.
    """
    if weights.size != data.rows:
        raise DataError(
            f"there are {data.rows} rows, but {weights.size} weights.",
            where=origin.name,
            advice="They must belong together row by row.",
        )
    there = weights > 0
    if there.sum() < LEAST_ROWS:
        _refuse("only one row has a weight above 0.", origin.at(column=name))
    if not there.all():
        notes.add("data.weights_zero", column=name, rows=int((~there).sum()))
        data, weights = kept(data, there), weights[there]
    if np.ptp(weights) == 0.0:
        notes.add("data.weights_equal", column=name)
        return replace(data, told=notes.told())
    effective = float(weights.sum() ** 2 / (weights**2).sum())  # Kish 1965, section 11.7
    notes.add("data.weights", column=name, rows=data.rows, effective=round(effective, 1))
    return replace(data, weights=weights, told=notes.told())


def kept(data: Dataset, there: BoolArray) -> Dataset:
    """Some rows of a dataset; a class without a row left is gone.

    Raises
    ------
    DataError
        Where fewer than two classes are left.
    """
    data = rows_of(data, np.flatnonzero(there))
    if data.task != "classification":
        return data
    left, codes = np.unique(data.target, return_inverse=True)
    classes = tuple(data.classes[code] for code in left)
    if left.size < 2:
        _refuse(f"every row that counts has the same target, {classes[0]!r}.", data.source)
    return replace(data, target=codes, classes=classes)
