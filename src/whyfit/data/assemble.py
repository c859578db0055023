"""From a table to a dataset: which columns are inputs, target, groups and time, and what each of them holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from whyfit.data.columns import Input, input_of, native_numbers
from whyfit.data.origin import Notes, Origin, close_matches
from whyfit.data.roles import each_alone
from whyfit.data.table import Table
from whyfit.data.target import Target, target_columns, target_of
from whyfit.data.weights import weighted, weights_of_column
from whyfit.data.written import as_booleans, as_dates, as_numbers, without_missing_words
from whyfit.errors import ArgumentError, DataError
from whyfit.evidence.dataset import Dataset
from whyfit.evidence.types import AnyArray, Task


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What the user said of the data; everything left out is inferred or absent."""

    target: str | Sequence[str] | None = None
    task: Task | None = None
    groups: str | None = None
    time: str | None = None
    weights: str | None = None


def dataset_of(table: Table, wishes: Wishes, notes: Notes, target: Target | None = None) -> Dataset:
    """Read a table whole; `target` is given where the targets are not among its columns.

    Groups, time and weights are no inputs: a network that learns which group a row is of answers for those groups only.
    """
    names = target_columns(table.names, wishes.target, notes, table.origin) if target is None else ()
    name, roles = ", ".join(names) or "target", _roles(table, wishes, names)
    if target is None:
        target = target_of(_targets(table, names, notes), wishes.task, name, notes, table.origin, names)
    inputs = _inputs(table, [one for one in table.names if one not in roles], notes)
    data = Dataset(
        columns=tuple(one.column for one in inputs),
        numeric=_stacked(inputs, "numeric", table.rows),
        codes=_stacked(inputs, "categorical", table.rows),
        target=target.values,
        task=target.task,
        classes=target.classes,
        groups=None if wishes.groups is None else group_codes(table.read(wishes.groups), table.origin, notes),
        time=None if wishes.time is None else time_values(table.read(wishes.time), table.origin),
        target_name=name,
        target_names=target.names,
        source=table.origin.name,
        told=notes.told(),
        keys=tuple((one.column.name, one.key) for one in inputs if one.key is not None),
        row_numbers=table.origin.numbers,
    )
    if wishes.weights is None:
        return data
    own = weights_of_column(table.read(wishes.weights), table.origin)
    return weighted(data, own, wishes.weights, notes, table.origin)


def _targets(table: Table, names: Sequence[str], notes: Notes) -> AnyArray:
    """(rows,) of one column, (rows, columns) of several: words for yes and no are 1 and 0 there."""
    if len(names) == 1:
        return target_values(table.read(names[0]), table.origin, notes)
    return np.column_stack([_yes_or_no(table.read(name), table.origin) for name in names])


def _yes_or_no(series: pl.Series, where: Origin) -> AnyArray:
    if series.dtype != pl.String:
        return target_values(series, where)
    reading = as_booleans(without_missing_words(series))
    return target_values(series, where) if reading is None else reading.values


def _roles(table: Table, wishes: Wishes, targets: Sequence[str]) -> set[str]:
    roles = dict.fromkeys(targets, "target")
    for role in ("groups", "time", "weights"):
        name = getattr(wishes, role)
        if name is None:
            continue
        if name not in table.names:
            where, advice = table.origin.name, close_matches(name, table.names)
            raise DataError(f"there is no column {name!r}, which `{role}` names.", where=where, advice=advice)
        if name in roles:
            raise ArgumentError(
                f"`{role}` and `{roles[name]}` both name the column {name!r}.", advice="One column has one role."
            )
        roles[name] = role
    return set(roles)


def _inputs(table: Table, names: list[str], notes: Notes) -> list[Input]:
    inputs = [one for name in names if (one := input_of(table.read(name), notes, table.origin)) is not None]
    if not inputs:
        raise DataError(
            "no column is left that a network could learn from.",
            where=table.origin.name,
            advice=f"Left out were {', '.join(_shown(table, name) for name in names[:5])}: identifiers, text that"
            " hardly repeats, empty columns, or nested values. Write numbers without units.",
        )
    return inputs


def _shown(table: Table, name: str) -> str:
    """A column with its first value, where that is text: most often a number with a unit."""
    series = table.read(name)
    present = series.drop_nulls() if series.dtype == pl.String else series.head(0)
    return f"{name!r} (such as {present[0][:30]!r})" if len(present) and present[0] else repr(name)


def _stacked(inputs: list[Input], kind: str, rows: int) -> AnyArray:
    """(rows, columns of that kind), filled column by column so that no second copy of the table is ever held."""
    chosen = [one for one in inputs if one.column.kind == kind]
    block = np.empty((rows, len(chosen)), dtype=np.float32 if kind == "numeric" else np.int64)
    with np.errstate(invalid="ignore"):  # a signalling NaN, as damaged files hold, becomes a plain one
        for position, one in enumerate(chosen):
            block[:, position] = one.values
    block.flags.writeable = False
    return block


def target_values(series: pl.Series, where: Origin | None = None, notes: Notes | None = None) -> AnyArray:
    """(rows,) numbers with NaN, or objects with None: a target of text stays text unless every value is a number."""
    if series.dtype == pl.String:
        text = without_missing_words(series)
        reading = as_numbers(text)
        if reading is not None and reading.code is not None and notes is not None:
            notes.add(reading.code, column=series.name, **dict(reading.facts))
        return reading.values if reading is not None else np.array(text.to_list(), dtype=object)
    if series.dtype == pl.Boolean and series.null_count() == 0:
        return series.to_numpy()
    numbers = None if series.dtype == pl.Boolean else native_numbers(series)
    if numbers is not None:
        return numbers
    if series.dtype.is_nested() or series.dtype in (pl.Object, pl.Binary):
        raise DataError(
            f"the target holds {series.dtype}, neither numbers nor names.",
            where=f"column {series.name!r}" if where is None else where.at(column=series.name),
            advice="Give one number or name a row, or one column for each of several targets.",
        )
    return np.array(series.cast(pl.String).to_list(), dtype=object)


def group_codes(series: pl.Series, origin: Origin, notes: Notes | None = None) -> AnyArray:
    """(rows,) int64 codes of the distinct values, in their order; rows without one are each a group of their own."""
    present = without_missing_words(series) if series.dtype == pl.String else series
    present = present.fill_nan(None) if present.dtype.is_float() else present
    codes = (present.rank("dense").cast(pl.Int64) - 1).fill_null(-1).to_numpy()
    alone = np.flatnonzero(codes < 0)
    if alone.size == codes.size:
        raise DataError(
            "no row has a value.", where=origin.at(column=series.name), advice="Name another column with `groups`."
        )
    if alone.size and notes is not None:
        notes.add("data.ungrouped", column=series.name, rows=alone.size, row=origin.row_number(int(alone[0])))
    return each_alone(codes)


def time_values(series: pl.Series, origin: Origin) -> AnyArray:
    """(rows,) float64 positions in time: numbers as they are, dates as days."""
    values = _text_time(series, origin) if series.dtype == pl.String else native_numbers(series)
    if values is None:
        row = _odd_time(series) if series.dtype == pl.String else 0
        raise DataError(
            f"neither numbers nor dates of one form, so it gives no order in time: {str(series[row])[:30]!r}.",
            where=origin.at(row, series.name),
            advice="Write dates as 2026-11-23, or give the position as a number.",
        )
    bad = np.flatnonzero(~np.isfinite(values))
    if bad.size:
        raise DataError(
            "no position in time.", where=origin.at(int(bad[0]), series.name), advice="Every row needs one with `time`."
        )
    return values


def _odd_time(series: pl.Series) -> int:
    """The first row of text that is neither a number nor a date by itself; the first of all where each is one."""
    for row, value in enumerate(series.to_list()):
        one = pl.Series([value])
        if as_numbers(one) is None and as_dates(one) is None:
            return row
    return 0


def _text_time(series: pl.Series, origin: Origin) -> AnyArray | None:
    text = without_missing_words(series)
    _refuse_nulls(text, "time", origin)
    reading = as_numbers(text) or as_dates(text)
    return None if reading is None or as_booleans(text) is not None else reading.values


def _refuse_nulls(series: pl.Series, role: str, origin: Origin) -> None:
    if series.null_count():
        row = int(series.is_null().arg_max() or 0)
        raise DataError(
            f"the value is missing in {series.null_count()} rows.",
            where=origin.at(row, series.name),
            advice=f"Every row needs a value in the column that `{role}` names.",
        )
