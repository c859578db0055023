"""Giving a column of a dataset another role: what it was found to be, though nobody had said so."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from whyfit.data.origin import close_matches
from whyfit.errors import ArgumentError
from whyfit.evidence.dataset import Dataset
from whyfit.evidence.types import AnyArray


def with_groups(data: Dataset, name: str) -> Dataset:
    """The same rows, with that column as their groups and no longer as an input."""
    values = dict(data.keys).get(name)
    codes = np.unique(_values(data, name) if values is None else values, return_inverse=True)[1]
    return replace(without_column(data, name), groups=codes)


def with_time(data: Dataset, name: str) -> Dataset:
    """The same rows, with that numeric column as their order in time and no longer as an input."""
    return replace(without_column(data, name), time=_values(data, name).astype(np.float64))


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
