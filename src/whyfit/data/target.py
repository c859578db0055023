"""Which column is the target, which task it sets, and its values as networks are trained on them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from whyfit.data.origin import Notes, Origin, close_matches, refuse_infinite
from whyfit.errors import ArgumentError, DataError
from whyfit.evidence.types import AnyArray, Task

TARGET_NAMES = ("target", "label", "labels", "class", "classes", "y", "outcome", "response", "species", "category")
"""Names that say what is to be predicted, in lower case; the first that a table has is taken."""

FEW_CLASSES = 20
"""Whole numbers with at most this many distinct values are classes. Chosen: digits have 10, wine grades 6 to 11;
counts and years have more."""

ROWS_A_CLASS = 5
"""…if there are this many rows for each on average: of 12 rows, 12 whole numbers are no classes. Chosen."""


@dataclass(frozen=True, eq=False, slots=True)
class Target:
    """The targets of all rows.

    Attributes
    ----------
    values
        Classification: (rows,) int64 codes. Regression: (rows, outputs) float64.
    task
        `classification` or `regression`.
    classes
        Names in the order of the codes; empty for other tasks.
    names
        Of the columns, where there are several.
    """

    values: AnyArray
    task: Task
    classes: tuple[str, ...] = ()
    names: tuple[str, ...] = ()


def target_columns(
    names: Sequence[str], wanted: str | Sequence[str] | None, notes: Notes, origin: Origin
) -> tuple[str, ...]:
    """The target columns: those asked for, `a,b,c` being three unless one is called so; else one that is found.

    Raises
    ------
    DataError
        There is no such column.
    ArgumentError
        One is named twice.
    """
    if wanted is None or (isinstance(wanted, str) and (wanted in names or "," not in wanted)):
        return (target_column(names, wanted, notes, origin),)
    if not isinstance(wanted, Iterable):
        raise ArgumentError(
            f"`target` must be the name of a column, or several, got {wanted!r}.", advice=close_matches("", names)
        )
    asked = [name.strip() for name in wanted.split(",")] if isinstance(wanted, str) else list(wanted)
    found = tuple(target_column(names, name, notes, origin) for name in asked)
    if len(set(found)) < len(found) or not found:
        raise ArgumentError(f"`target` must name each column once, got {wanted!r}.", advice="Write `--target a,b,c`.")
    if len(found) >= len(names):
        raise DataError("every column is a target, so none is an input.", where=origin.name, advice="Name fewer.")
    return found


def target_column(names: Sequence[str], wanted: str | None, notes: Notes, origin: Origin) -> str:
    """The name of the target column: the one asked for, else one that is called so, else the last."""
    if len(names) < 2:
        raise DataError(
            "there is only one column; a target and at least one input are needed.",
            where=origin.name,
            advice="Check that values are separated by comma, semicolon, tab or |.",
        )
    if wanted is not None:
        if wanted not in names:
            raise DataError(f"there is no column {wanted!r}.", where=origin.name, advice=close_matches(wanted, names))
        return wanted
    folded = {name.strip().casefold(): name for name in reversed(names)}
    named = [folded[name] for name in TARGET_NAMES if name in folded]
    chosen = named[0] if named else names[-1]
    notes.add("data.target_named" if named else "data.target_last", column=chosen)
    return chosen


def target_of(
    values: AnyArray, task: Task | None, name: str, notes: Notes, origin: Origin, names: Sequence[str] = ()
) -> Target:
    """Read targets: numbers (NaN where missing) or text (None where missing), one column or several.

    Several columns of 1 and 0 are labels, of which a row may have any number; `names` are theirs.

    Raises
    ------
    DataError
        Where a target is missing or infinite, where there is one class only, and where the task does not fit.
    """
    if task not in (None, "classification", "regression", "multilabel"):
        raise ArgumentError(
            f"`task` must be 'classification', 'regression' or 'multilabel', got {task!r}.",
            advice="Leave it out to have it inferred.",
        )
    values = values[:, 0] if values.ndim == 2 and values.shape[1] == 1 else values
    _refuse_missing(values, name, origin)
    chosen = task or _inferred(values, name, notes)
    if chosen == "classification":
        return _classes(values, name, origin)
    columns = 1 if values.ndim == 1 else values.shape[1]
    named = tuple(names) or (tuple(str(i) for i in range(columns)) if columns > 1 else (name,))
    if chosen == "multilabel":
        return _labels(values.reshape(values.shape[0], -1), named, name, origin, asked=task is not None)
    return replace(_numbers(values, name, origin, named), names=named if columns > 1 else ())


def _labels(values: AnyArray, names: tuple[str, ...], name: str, origin: Origin, *, asked: bool) -> Target:
    """Columns of 1 and 0, none of them constant."""
    for column, one in zip(values.T, names, strict=True):
        bad = [place for place, value in enumerate(column.tolist()) if value not in (0, 1)]
        if bad:
            raise DataError(
                f"a label is 1 or 0 (yes or no), here it is {column.tolist()[bad[0]]!r}.",
                where=origin.at(bad[0], one),
                advice="Ask for `task='regression'` if these are quantities, or name other columns.",
            )
    yes = values.astype(np.float64)
    for column, one in zip(yes.T, names, strict=True):
        if np.ptp(column) == 0.0:
            raise DataError(
                f"all rows have the same label, {column[0]:g}: there is nothing to learn.",
                where=origin.at(column=one),
                advice="Leave this column out of `target`.",
            )
    if not asked and (yes.sum(axis=1) == 1.0).all():
        raise DataError(
            f"each row has exactly one of the {yes.shape[1]} labels: are they the classes of one target?",
            where=origin.at(column=name),
            advice="Give one column of classes (`y.argmax(axis=1)`), or ask for `task='multilabel'`.",
        )
    return Target(yes, "multilabel", names=names)


def _refuse_missing(values: AnyArray, name: str, origin: Origin) -> None:
    if values.ndim not in (1, 2):
        raise DataError(
            f"the targets have {values.ndim} dimensions; one number or name a row is needed, or one row of numbers.",
            where=origin.name,
            advice="Give `y` as an array of shape (rows,) or (rows, outputs).",
        )
    if values.shape[0] == 0:
        raise DataError("there are no rows.", where=origin.name, advice="Give data with at least a few rows.")
    if values.dtype.kind in "fc":
        for column in values[:, None].T if values.ndim == 1 else values.T:
            refuse_infinite(column, name, origin)
    gone = np.flatnonzero(absent(values).any(axis=1) if values.ndim == 2 else absent(values))
    if gone.size:
        raise DataError(
            f"the target is missing here and in {gone.size - 1} more rows." if gone.size > 1 else "no target.",
            where=origin.at(int(gone[0]), name),
            advice="Every row needs a target: fill it in, or leave these rows out.",
        )


def absent(values: AnyArray) -> AnyArray:
    """Which targets are missing: NaN, or None."""
    if values.dtype.kind == "f":
        return np.isnan(values)
    if values.dtype == object:
        return np.array([value is None for value in values.ravel()], dtype=bool).reshape(values.shape)
    return np.zeros(values.shape, dtype=bool)


def _inferred(values: AnyArray, name: str, notes: Notes) -> Task:
    if values.ndim == 2:
        yes_or_no = values.dtype.kind in "fiub" and bool(np.isin(values, (0, 1)).all())
        task: Task = "multilabel" if yes_or_no else "regression"
        notes.add("data.several_targets", task=task, column=name, targets=int(values.shape[1]))
        return task
    distinct = np.unique(values).size
    if values.dtype.kind not in "fiu":
        task = "classification"
    else:
        task = "classification" if _few_whole_numbers(values, distinct) else "regression"
    notes.add("data.task_inferred", task=task, column=name, distinct=distinct)
    return task


def _few_whole_numbers(values: AnyArray, distinct: int) -> bool:
    if distinct == 2:
        return True
    whole = bool((values == np.round(values)).all())
    return whole and distinct <= FEW_CLASSES and distinct * ROWS_A_CLASS <= values.size


def _classes(values: AnyArray, name: str, origin: Origin) -> Target:
    if values.ndim == 2:
        raise DataError(
            f"classes must be one column, but the target has {values.shape[1]}.",
            where=origin.name,
            advice="Turn one column a class into one with `y.argmax(axis=1)`; for several yes or no a row ask for "
            "`task='multilabel'`.",
        )
    names, codes = np.unique(values, return_inverse=True)
    if names.size < 2:
        raise DataError(
            f"all rows have the same target, {class_name(names[0])!r}: there is nothing to learn.",
            where=origin.at(column=name),
            advice="Name the column to predict with `target`.",
        )
    if names.size > max(2, values.size // 2):
        raise DataError(
            f"{names.size} classes for {values.size} rows: nearly every row would be a class of its own.",
            where=origin.at(column=name),
            advice="Name another `target`, or ask for `task='regression'` if it is a quantity."
            if values.dtype.kind in "fiu"
            else "Name another `target`: this text hardly repeats.",
        )
    return Target(codes.astype(np.int64), "classification", tuple(class_name(value) for value in names))


def class_name(value: object) -> str:
    """A class as its owner writes it: `3` for 3.0 too, as a file cannot tell them apart."""
    if isinstance(value, np.generic):
        value = value.item()
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _numbers(values: AnyArray, name: str, origin: Origin, names: Sequence[str] = ()) -> Target:
    if values.ndim == 2:
        _refuse_text_among(values, names, origin)
    if values.dtype.kind not in "fiub":
        raise DataError(
            f"regression needs numbers, but the target holds text such as {str(values.ravel()[0])!r}.",
            where=origin.at(0, name),
            advice="Ask for `task='classification'`, or name another `target`.",
        )
    columns = values.reshape(values.shape[0], -1).astype(np.float64)
    if (columns == columns[0]).all():
        raise DataError(
            f"all rows have the same target, {columns[0, 0]:g}: there is nothing to learn.",
            where=origin.at(column=name),
            advice="Name the column to predict with `target`.",
        )
    return Target(columns, "regression")


def _refuse_text_among(values: AnyArray, names: Sequence[str], origin: Origin) -> None:
    """Several targets are numbers, or yes and no: classes are one column."""
    if values.dtype.kind in "fiub":
        return
    for column, name in zip(values.T, names, strict=True):
        text = next((row for row, value in enumerate(column.tolist()) if isinstance(value, str)), None)
        if text is not None:
            raise DataError(
                f"several targets must be numbers, or yes and no, but here is the text {str(column[text])!r}.",
                where=origin.at(text, name),
                advice="Name this column alone as `target` to have its values as classes, or leave it out.",
            )
