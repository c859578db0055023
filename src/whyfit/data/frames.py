"""Frames of any library that narwhals knows (pandas, polars, pyarrow, …) as tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import narwhals.stable.v2 as nw
import numpy as np
import polars as pl

from whyfit.data.origin import Origin
from whyfit.data.table import Table
from whyfit.errors import DataError


def is_frame(source: Any) -> bool:
    """Whether it is a frame of a library that narwhals knows."""
    try:
        native = nw.from_native(source, pass_through=True)
    except nw.exceptions.DuplicateError as error:
        names = [str(name) for name in source.columns]
        twice = next(name for i, name in enumerate(names) if name in names[:i])
        raise DataError(
            f"several columns have the same name, {twice!r}.",
            where="frame",
            advice="Give each column a name of its own.",
        ) from error
    return isinstance(native, nw.DataFrame | nw.LazyFrame)


def is_series(source: object) -> bool:
    """Whether it is a column of such a library."""
    return isinstance(nw.from_native(source, pass_through=True, allow_series=True), nw.Series)


def table_of_frame(source: Any, name: str = "frame") -> Table:
    """A frame as a table; its columns are converted when they are read."""
    frame = nw.from_native(source)
    if isinstance(frame, nw.LazyFrame):
        frame = frame.collect(backend="polars")
    return Table(
        names=tuple(str(column) for column in frame.columns),
        rows=len(frame),
        read=lambda column: polars_series(_column(frame, column)),
        origin=Origin(name),
    )


def _column(frame: nw.DataFrame[Any], name: str) -> nw.Series[Any]:
    position = [str(column) for column in frame.columns].index(name)
    return frame[:, position]


def series_values(source: Any) -> pl.Series:
    """A column of any such library as a polars series."""
    return polars_series(nw.from_native(source, series_only=True))


def polars_series(series: nw.Series[Any]) -> pl.Series:
    """Convert one column without pyarrow in between, which need not be installed."""
    name, native = str(series.name), series.to_native()
    if isinstance(native, pl.Series):
        return native.alias(name)
    if series.dtype.is_numeric() or series.dtype.is_temporal():
        return _from_numpy(name, series)
    values = [None if _absent(value) else value for value in series.to_list()]
    if series.dtype == nw.Boolean:
        return pl.Series(name, values, dtype=pl.Boolean, strict=False)
    if series.dtype in (nw.Categorical, nw.Enum):
        return pl.Series(name, _texts(values), dtype=pl.String).cast(pl.Categorical)
    return objects_series(name, values)


def _from_numpy(name: str, series: nw.Series[Any]) -> pl.Series:
    array = series.to_numpy()
    if array.dtype == object:
        return objects_series(name, array.tolist())
    return pl.Series(name, array, nan_to_null=array.dtype.kind == "f")


def objects_series(name: str, values: list[Any]) -> pl.Series:
    """Python values of any kind: one kind keeps its type, a mixture of plain ones becomes text."""
    values = [None if _absent(value) else value for value in values]
    kinds = {type(value) for value in values if value is not None}
    plain = all(issubclass(kind, (str, int, float, bool)) for kind in kinds)
    if plain and any(issubclass(kind, str) for kind in kinds):
        return pl.Series(name, _texts(values), dtype=pl.String)
    try:
        return pl.Series(name, values, strict=False)
    except (TypeError, ValueError, pl.exceptions.PolarsError):
        return pl.Series(name, values, dtype=pl.Object)


def _texts(values: list[Any]) -> list[str | None]:
    return [None if value is None else str(value) for value in values]


def _absent(value: Any) -> bool:
    """None, NaN, and what pandas writes for them: NaT differs from itself, NA cannot say whether it does."""
    try:
        return value is None or bool(value != value)  # noqa: PLR0124
    except (TypeError, ValueError):
        return type(value).__name__ == "NAType"


def table_of_mapping(source: Mapping[str, Any]) -> Table:
    """A mapping of names to columns as a table."""
    columns = {str(name): column_of(str(name), values) for name, values in source.items()}
    lengths = {name: len(series) for name, series in columns.items()}
    if len(set(lengths.values())) > 1:
        first, other = next(iter(lengths)), next(n for n in lengths if lengths[n] != lengths[next(iter(lengths))])
        raise DataError(
            f"column {first!r} has {lengths[first]} values, but {other!r} has {lengths[other]}.",
            where="mapping",
            advice="Columns must be equally long.",
        )
    rows = next(iter(lengths.values()), 0)
    return Table(tuple(columns), rows, columns.__getitem__, Origin("mapping"))


def column_of(name: str, values: Any) -> pl.Series:
    """A column of any such library, an array, or a sequence, as a polars series of that name."""
    if is_series(values):
        return series_values(values).alias(name)
    if isinstance(values, np.ndarray) and values.dtype.kind in "fiubM":
        return pl.Series(name, values, nan_to_null=values.dtype.kind == "f")
    return objects_series(name, list(values))
