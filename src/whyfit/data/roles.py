"""Giving a column of a dataset another role: what it was found to be, though nobody had said so."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from whyfit.data.origin import close_matches
from whyfit.errors import ArgumentError
from whyfit.evidence.dataset import Dataset
from whyfit.evidence.types import AnyArray, IntArray


def with_groups(data: Dataset, name: str) -> Dataset:
    """The same rows, with that column as their groups and no longer as an input; rows without a value are each one."""
    return replace(without_column(data, name), groups=each_alone(column_codes(data, name)))


def with_time(data: Dataset, name: str) -> Dataset:
    """The same rows, with that numeric column as their order in time and no longer as an input.

    Rows without a value stand behind all others: they are scored, and what is scored before learns nothing of them.
    """
    values = dict(data.keys).get(name)
    time = (_values(data, name) if values is None else np.where(values < 0, np.nan, values)).astype(np.float64)
    return replace(without_column(data, name), time=np.where(np.isnan(time), np.nanmax(time) + 1, time))


def column_codes(data: Dataset, name: str) -> IntArray:
    """(rows,) the distinct values of a column, numbered from 0 in their order; −1 where the value is missing.

    Examples
    --------
    >>> from whyfit.data.load import load
    >>> column_codes(load({"who": [7.0, None, 3.0, 7.0], "y": [0.5, 1.5, 2.5, 3.5]}), "who").tolist()
    [1, -1, 0, 1]
    """
    keys = dict(data.keys).get(name)
    values = _values(data, name) if keys is None else keys
    known = values >= 0 if values.dtype.kind == "i" else ~np.isnan(values)
    codes = np.full(data.rows, -1, dtype=np.int64)
    codes[known] = np.unique(values[known], return_inverse=True)[1]
    return codes


def each_alone(codes: IntArray) -> IntArray:
    """The same codes, with a code of its own for each row that has none (−1).

    Examples
    --------
    >>> each_alone(np.array([1, -1, 0, -1])).tolist()
    [1, 2, 0, 3]
    """
    alone = codes < 0
    return np.where(alone, codes.max(initial=-1) + np.cumsum(alone), codes)


def without_column(data: Dataset, name: str) -> Dataset:
    """The same rows without one input."""
    kind, place = _place(data, name)
    if len(data.columns) == 1:
        raise ArgumentError(f"{name!r} is the only input.", advice="Load the data with more columns.")
    return replace(
        data,
        columns=tuple(column for column in data.columns if column.name != name),
        numeric=np.delete(data.numeric, place, axis=1) if kind == "numeric" else data.numeric,
        codes=np.delete(data.codes, place, axis=1) if kind == "categorical" else data.codes,
        keys=tuple(key for key in data.keys if key[0] != name),
    )


def _values(data: Dataset, name: str) -> AnyArray:
    kind, place = _place(data, name)
    return (data.numeric if kind == "numeric" else data.codes)[:, place]


def _place(data: Dataset, name: str) -> tuple[str, int]:
    """The kind of a column, and its number among those of its kind."""
    kind = next((column.kind for column in data.columns if column.name == name), None)
    if kind is None:
        names = [column.name for column in data.columns]
        raise ArgumentError(f"there is no input {name!r}.", advice=close_matches(name, names))
    return kind, [column.name for column in data.columns if column.kind == kind].index(name)
