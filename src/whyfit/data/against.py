"""`--against`: are the rows that a network will meet like those it is trained on? New rows may have no targets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from whyfit.data.alike import alike_facts
from whyfit.data.arrays import plain_array
from whyfit.data.assemble import Wishes, dataset_of, group_codes, target_values
from whyfit.data.frames import is_frame
from whyfit.data.function_file import call_function, names_a_function
from whyfit.data.load import load, table_of_file, table_of_object
from whyfit.data.npz_file import npz_array, npz_names
from whyfit.data.origin import Notes, Origin, close_matches
from whyfit.data.roles import without_column
from whyfit.data.table import Table
from whyfit.data.target import Target, absent, class_name, target_of
from whyfit.errors import DataError
from whyfit.evidence.dataset import Dataset
from whyfit.evidence.leaks import AlikeFacts
from whyfit.evidence.types import AnyArray, IntArray


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


def against_facts(
    source: Any, data: Dataset, new: Any, *, without: Sequence[str] = (), groups: str | None = None
) -> AlikeFacts:
    """Compare the data with new rows.

    Parameters
    ----------
    source, data
        What was given to `load`, and what it gave.
    new
        The same kind of source; its columns are found by their names.
    without
        Columns that are no inputs of the network: numbers of rows and orders in time go on, and differ in any new rows.
    groups
        The column whose equal values belong together, where there is one: groups then stand for rows.

    Raises
    ------
    DataError
        Where a column is missing, or images have another shape.
    """
    both = joint(source, data, new, groups=groups)
    compared = both.data
    for name in {*without, *(() if groups is None else (groups,))} & {column.name for column in compared.columns}:
        compared = without_column(compared, name)
    rows = np.arange(compared.rows)
    return alike_facts(compared, rows[: both.known], rows[both.known :], names=("data", "new"), labelled=both.labelled)


def joint(source: Any, data: Dataset, new: Any, *, groups: str | None = None) -> Joint:
    """Read both sources together."""
    old_table, new_table = _table(source), _table(new)
    if old_table is None or new_table is None:
        return _of_arrays(data, new)
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
    labelled, notes, target = _is_labelled(old_table, new_table, data.target_name), Notes(), _no_target(table.rows)
    if labelled:
        values = target_values(_together(old_table.read(data.target_name), new_table.read(data.target_name)))
        target = target_of(values, data.task, data.target_name, notes, new_table.origin)
    both = replace(dataset_of(table, Wishes(), notes, target), target_name=data.target_name)
    if groups is not None:
        both = replace(both, groups=_groups(old_table, new_table, groups))
    return Joint(both, old_table.rows, labelled)


def _is_labelled(old: Table, new: Table, name: str) -> bool:
    """Whether every new row has a target; a column of blanks is none."""
    if name not in old.names or name not in new.names:
        return False
    return not absent(target_values(new.read(name))).any()


def _no_target(rows: int) -> Target:
    return Target(np.zeros((rows, 1)), "regression")


def _groups(old: Table, new: Table, name: str) -> IntArray:
    """Codes of the groups of both; without the column every new row is a group of its own."""
    if name in new.names:
        return np.asarray(group_codes(_together(old.read(name), new.read(name)), new.origin), dtype=np.int64)
    codes = group_codes(old.read(name), old.origin)
    return np.concatenate([codes, codes.max() + 1 + np.arange(new.rows)])


def _table(source: Any) -> Table | None:
    if isinstance(source, str) and names_a_function(source):
        source = call_function(source)
    if isinstance(source, str | Path):
        return table_of_file(Path(source), Notes())
    if isinstance(source, tuple) and len(source) == 2 and is_frame(source[0]):
        source = source[0]
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
    target, rows = _targets(new), numeric.shape[0]
    labels = _no_target(rows) if target is None else _joint_targets(data, target)
    both = Dataset(
        columns=data.columns,
        numeric=numeric,
        codes=np.empty((rows, 0), dtype=np.int64),
        target=labels.values,
        task=labels.task,
        classes=labels.classes,
        shape=data.shape,
        groups=None if data.groups is None else _joint_groups(data.groups, new, rows - data.rows),
        target_name=data.target_name,
        source="arrays",
    )
    return Joint(both, data.rows, labelled=target is not None)


def _joint_groups(known: IntArray, new: Any, rows: int) -> IntArray:
    """Those of the data, then the new ones; new rows without groups are each one of their own.

    Groups of arrays are codes by now, which name no thing that two sources could share: all new ones are others.
    """
    given = _groups_of(new)
    codes = np.arange(rows) if given is None or given.size != rows else np.unique(given, return_inverse=True)[1]
    return np.concatenate([known, known.max() + 1 + codes.reshape(-1)])


def _groups_of(new: Any) -> AnyArray | None:
    """`groups` of a dataset, a mapping or a file; None without."""
    if isinstance(new, Dataset):
        return new.groups
    if isinstance(new, str) and names_a_function(new):
        new = call_function(new)
    if isinstance(new, str | Path):
        return npz_array(Path(new), "groups") if "groups" in npz_names(Path(new)) else None
    found = new.get("groups") if isinstance(new, Mapping) else None
    return None if found is None else plain_array(found, "groups", Origin("arrays"))


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


def _targets(new: Any) -> AnyArray | None:
    """The targets of new rows: of a dataset, the second of a pair, `y` of a mapping or of a file; None without."""
    if isinstance(new, Dataset):
        return np.array(new.classes)[new.target] if new.classes else new.target
    if isinstance(new, str) and names_a_function(new):
        new = call_function(new)
    if isinstance(new, str | Path):
        return npz_array(Path(new), "y") if "y" in npz_names(Path(new)) else None
    if isinstance(new, Mapping):
        new = (None, new.get("y"))
    labelled = isinstance(new, tuple) and len(new) == 2 and new[1] is not None
    return plain_array(new[1], "y", Origin("arrays")) if labelled else None


def _joint_targets(data: Dataset, target: AnyArray) -> Target:
    """Those of the data, then the new ones; a class that the data does not have is one more."""
    if data.task != "classification":
        return Target(np.concatenate([data.target, target.reshape(target.shape[0], -1).astype(np.float64)]), data.task)
    names = [class_name(value) for value in target.ravel()]
    classes = (*data.classes, *sorted(set(names) - set(data.classes)))
    code = {name: number for number, name in enumerate(classes)}
    return Target(np.concatenate([data.target, [code[name] for name in names]]), data.task, classes)
