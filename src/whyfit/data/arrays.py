"""Arrays, tensors and sequences of pairs as datasets: a table of numbers, a table of objects, or images."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from whyfit.data.assemble import Wishes, dataset_of, group_codes, target_values, time_values
from whyfit.data.frames import is_frame, is_series, objects_series, series_values, table_of_frame
from whyfit.data.origin import Notes, Origin, refuse_infinite
from whyfit.data.table import Table
from whyfit.data.target import Target, target_of
from whyfit.data.weights import checked, weighted
from whyfit.errors import ArgumentError, DataError
from whyfit.evidence.dataset import Column, Dataset
from whyfit.evidence.types import AnyArray

TEXTS = "OUSMm"
"""Kinds of numpy arrays that are read column by column: objects, text, dates."""

WEIGHTS = ("weights", "sample_weight", "sample_weights")
"""What the weights of rows may be called."""

CHANNELS = (1, 3, 4)
"""Grey, colour, and colour with transparency."""


def dataset_of_pair(
    X: Any,
    y: Any,
    wishes: Wishes,
    notes: Notes,
    *,
    name: str = "arrays",
    groups: Any = None,
    time: Any = None,
    weights: Any = None,
) -> Dataset:
    """A dataset of inputs and targets that come apart, and of groups, time and weights where they are known.

    Parameters
    ----------
    X
        (rows, columns), (rows,), a frame, or images as (rows, height, width) or (rows, height, width, channels).
    y
        (rows,) or (rows, outputs).
    """
    origin = Origin(name)
    if not is_frame(X):
        _refuse_names(wishes, groups=groups, time=time, weights=None)
    target_name = wishes.target if isinstance(wishes.target, str) else "target"
    names = tuple(table_of_frame(y, "y").names) if is_frame(y) else ()
    X = X if is_frame(X) else plain_array(X, "X", origin)
    targets = _targets(y, origin)
    _refuse_other_length(table_of_frame(X, name).rows if is_frame(X) else X.shape[0], targets.shape[0], "y", origin)
    target = target_of(targets, wishes.task, target_name, notes, origin, names)
    data = (
        _frame_inputs(X, wishes, notes, target, name)
        if is_frame(X)
        else _array_inputs(X, wishes, notes, target, origin)
    )
    data = replace(data, target_name=target_name, target_names=target.names, told=notes.told())
    data = with_roles(data, origin, groups=groups, time=time)
    if weights is not None:
        own = checked(plain_array(weights, "weights", origin), "weights", origin)
        data = weighted(data, own, "weights", notes, origin)
    return data


def with_roles(data: Dataset, origin: Origin, *, groups: Any = None, time: Any = None) -> Dataset:
    """The data with groups and times that come apart from it, one value for each row."""
    if groups is not None:
        data = replace(data, groups=_of_length(group_codes(_series(groups, "groups"), origin), data, "groups", origin))
    if time is not None:
        data = replace(data, time=_of_length(time_values(_series(time, "time"), origin), data, "time", origin))
    return data


def _refuse_names(wishes: Wishes, **there: Any) -> None:
    """A name says nothing of arrays, save that of an array which is there under that name."""
    for role, array in there.items():
        wanted = getattr(wishes, role)
        if wanted is not None and (array is None or wanted != role):
            raise ArgumentError(
                f"`{role}` names the column {wanted!r}, but arrays have no names.",
                advice=f"Give the {'times' if role == 'time' else role} themselves, one value a row.",
            )


def _frame_inputs(X: Any, wishes: Wishes, notes: Notes, target: Target, name: str) -> Dataset:
    return dataset_of(table_of_frame(X, name), replace(wishes, target=None), notes, target)


def _array_inputs(X: Any, wishes: Wishes, notes: Notes, target: Target, origin: Origin) -> Dataset:
    array = plain_array(X, "X", origin)
    array = array[:, None] if array.ndim == 1 else array
    if array.ndim == 2 and array.dtype.kind in TEXTS:
        return dataset_of(_object_table(array, origin), replace(wishes, target=None), notes, target)
    if array.dtype.kind not in "fiub":
        raise DataError(f"`X` holds {array.dtype}, not numbers.", where=origin.name, advice="Convert it to float32.")
    if array.ndim not in (2, 3, 4) or 0 in array.shape:
        raise DataError(
            f"`X` has the shape {array.shape}; expected (rows, columns), or images as (rows, height, width) or "
            "(rows, height, width, channels).",
            where=origin.name,
            advice="Reshape it, and check that it is not empty.",
        )
    return _numbers(array, target, notes, origin)


def _numbers(array: AnyArray, target: Target, notes: Notes, origin: Origin) -> Dataset:
    array = _channels_last(array, notes) if array.ndim == 4 else array
    flat = array.reshape(array.shape[0], -1)
    names = [f"x{i}" for i in range(flat.shape[1])] if array.ndim == 2 else _pixel_names(array.shape[1:])
    for position, name in enumerate(names if flat.dtype.kind == "f" else ()):
        refuse_infinite(flat[:, position], name, origin)
    return Dataset(
        columns=tuple(Column(name, "numeric") for name in names),
        numeric=flat,
        codes=np.empty((flat.shape[0], 0), dtype=np.int64),
        target=target.values,
        task=target.task,
        classes=target.classes,
        shape=None if array.ndim == 2 else array.shape[1:],
        source=origin.name,
    )


def _channels_last(array: AnyArray, notes: Notes) -> AnyArray:
    if array.shape[1] in CHANNELS and array.shape[3] not in CHANNELS:
        notes.add("data.channels_first", channels=int(array.shape[1]))
        return np.moveaxis(array, 1, 3)
    return array


def _pixel_names(shape: tuple[int, ...]) -> list[str]:
    return [f"pixel {','.join(str(i) for i in place)}" for place in np.ndindex(*shape)]


def _object_table(array: AnyArray, origin: Origin) -> Table:
    columns = {f"x{i}": array[:, i] for i in range(array.shape[1])}
    return Table(tuple(columns), array.shape[0], lambda name: objects_series(name, columns[name].tolist()), origin)


def plain_array(values: Any, name: str, origin: Origin) -> AnyArray:
    """A numpy array of an array, tensor, sparse matrix or nested list; refused where it is none."""
    for method in ("detach", "cpu"):
        values = getattr(values, method)() if hasattr(values, method) else values
    values = values.toarray() if hasattr(values, "toarray") else values
    if isinstance(values, np.ma.MaskedArray) and values.dtype.kind in "fiub":
        values = np.ma.filled(values.astype(np.float64), np.nan)
    try:
        array = np.asarray(values)
    except (ValueError, TypeError) as error:
        raise DataError(
            f"`{name}` is no array: its rows differ in length or kind ({error}).",
            where=origin.name,
            advice="Every row needs the same number of values.",
        ) from error
    if array.ndim == 0:
        raise DataError(
            f"`{name}` is one {type(values).__name__}, not an array.", where=origin.name, advice="Give one value a row."
        )
    return array


def _targets(y: Any, origin: Origin) -> AnyArray:
    if is_frame(y):
        table = table_of_frame(y, "y")
        return np.column_stack([target_values(table.read(name)) for name in table.names])
    if is_series(y):
        return target_values(series_values(y))
    array = plain_array(y, "y", origin)
    return target_values(_series(array, "y")) if array.ndim == 1 and array.dtype.kind in TEXTS else array


def _series(values: Any, name: str) -> Any:
    if is_series(values):
        return series_values(values).alias(name)
    array = plain_array(values, name, Origin("arrays"))
    array = array[:, 0] if array.ndim == 2 and array.shape[1] == 1 else array
    if array.ndim != 1:
        raise DataError(
            f"`{name}` has the shape {array.shape}; one value a row is needed.", where="arrays", advice="Flatten it."
        )
    return objects_series(name, array.tolist())


def _of_length(values: AnyArray, data: Dataset, name: str, origin: Origin) -> AnyArray:
    _refuse_other_length(data.rows, values.shape[0], name, origin)
    return values


def _refuse_other_length(rows: int, found: int, name: str, origin: Origin) -> None:
    if rows != found:
        raise DataError(
            f"`X` has {rows} rows, but `{name}` has {found}.",
            where=origin.name,
            advice="They must belong together row by row.",
        )


def parts_of_mapping(source: Mapping[str, Any]) -> dict[str, Any] | None:
    """X, y, groups, time and weights of a mapping that names them (scikit-learn's `data` and `target` too), or None."""
    if "X" in source and "y" in source:
        parts = {key: source[key] for key in ("X", "y", "groups", "time") if key in source}
    elif "data" in source and "target" in source:
        parts = {"X": source["data"], "y": source["target"]}
    else:
        return None
    weights = next((source[key] for key in WEIGHTS if key in source), None)
    return parts if weights is None else parts | {"weights": weights}
