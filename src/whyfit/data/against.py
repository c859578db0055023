"""`--against`: are the rows that a network will meet like those it is trained on? New rows may have no targets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from whyfit.data.alike import alike_facts
from whyfit.data.arrays import plain_array
from whyfit.data.assemble import Wishes, dataset_of, target_values
from whyfit.data.function_file import call_function, names_a_function
from whyfit.data.load import load, table_of_file, table_of_object
from whyfit.data.npz_file import npz_array
from whyfit.data.origin import Notes, Origin, close_matches
from whyfit.data.table import Table
from whyfit.data.target import Target, target_of
from whyfit.errors import DataError
from whyfit.evidence.dataset import Dataset
from whyfit.evidence.leaks import AlikeFacts


@dataclass(frozen=True, eq=False, slots=True)
class Joint:
    """Two sources as one dataset, so that a value means the same in both.

    Attributes
    ----------
    data
        The rows of the data, then the new ones.
    known
        How many are of the data.
    labelled
        Whether the new ones have targets too; else all targets are 0.
    """

    data: Dataset
    known: int
    labelled: bool


def against_facts(source: Any, data: Dataset, new: Any) -> AlikeFacts:
    """Compare the data with new rows.

    Parameters
    ----------
    source, data
        What was given to `load`, and what it gave.
    new
        The same kind of source; its columns are found by their names.

    Raises
    ------
    DataError
        Where a column is missing, or images have another shape.
    """
    both = joint(source, data, new)
    rows = np.arange(both.data.rows)
    return alike_facts(both.data, rows[: both.known], rows[both.known :], names=("data", "new"), labelled=both.labelled)


def joint(source: Any, data: Dataset, new: Any) -> Joint:
    """Read both sources together."""
    old_table, new_table = _table(source), _table(new)
    if old_table is None or new_table is None:
        return _of_arrays(data, new)
    labelled = data.target_name in new_table.names
    names = [column.name for column in data.columns]
    missing = [name for name in names if name not in new_table.names]
    if missing:
        raise DataError(
            f"there is no column {missing[0]!r}, which the data has.",
            where=new_table.origin.name,
            advice=close_matches(missing[0], new_table.names),
        )
    table = Table(
        tuple(names),
        old_table.rows + new_table.rows,
        lambda name: _together(old_table.read(name), new_table.read(name)),
        new_table.origin,
    )
    notes, rows = Notes(), table.rows
    target = Target(np.zeros((rows, 1)), "regression")
    if labelled:
        values = target_values(_together(old_table.read(data.target_name), new_table.read(data.target_name)))
        target = target_of(values, data.task, data.target_name, notes, new_table.origin)
    both = replace(dataset_of(table, Wishes(), notes, target), target_name=data.target_name)
    return Joint(both, old_table.rows, labelled)


def _table(source: Any) -> Table | None:
    if isinstance(source, str) and names_a_function(source):
        source = call_function(source)
    if isinstance(source, str | Path):
        return table_of_file(Path(source), Notes())
    return None if source is None or isinstance(source, Dataset) else table_of_object(source)


def _together(first: pl.Series, second: pl.Series) -> pl.Series:
    """One column of both; as text where their types differ, which is then read as text is."""
    if first.dtype == second.dtype:
        return pl.concat([first, second.alias(first.name)])
    if first.dtype.is_numeric() and second.dtype.is_numeric():
        return pl.concat([first.cast(pl.Float64), second.cast(pl.Float64).alias(first.name)])
    return pl.concat([first.cast(pl.String), second.cast(pl.String).alias(first.name)])


def _of_arrays(data: Dataset, new: Any) -> Joint:
    inputs = _inputs(new)
    flat = inputs.reshape(inputs.shape[0], -1) if inputs.ndim > 1 else inputs[:, None]
    if data.codes.shape[1] or flat.shape[1] != data.numeric.shape[1] or flat.dtype.kind not in "fiub":
        raise DataError(
            f"the new rows have {flat.shape[1]} columns of {flat.dtype}, the data has {len(data.columns)}.",
            where="`against`",
            advice="Give new rows in the same form as the data.",
        )
    numeric = np.concatenate([data.numeric, flat.astype(np.float32)])
    rows = numeric.shape[0]
    both = Dataset(
        columns=data.columns,
        numeric=numeric,
        codes=np.empty((rows, 0), dtype=np.int64),
        target=np.zeros((rows, 1)),
        task="regression",
        shape=data.shape,
        source="arrays",
    )
    return Joint(both, data.rows, labelled=False)


def _inputs(new: Any) -> np.ndarray:
    """The inputs of new rows: an array by itself, the first of a pair, `X` of a mapping or of a file."""
    if isinstance(new, Dataset):
        return new.numeric
    if isinstance(new, str) and names_a_function(new):
        new = call_function(new)
    if isinstance(new, str | Path):
        return npz_array(Path(new), "X") if Path(new).suffix.lower() == ".npz" else load(new).numeric
    if isinstance(new, Mapping):
        new = new.get("X", new)
    if isinstance(new, tuple) and len(new) == 2:
        new = new[0]
    return plain_array(new, "against", Origin("arrays"))
