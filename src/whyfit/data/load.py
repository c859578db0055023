"""Any source of data as a dataset: the one door through which rows enter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from whyfit.data.digits import digits
from whyfit.data.function_file import call_function, names_a_function
from whyfit.data.origin import Notes, Origin
from whyfit.errors import ArgumentError, DataError
from whyfit.evidence.dataset import Dataset
from whyfit.evidence.types import Task

if TYPE_CHECKING:
    from whyfit.data.assemble import Wishes
    from whyfit.data.table import Table

TEXT_FILES = (".csv", ".tsv", ".txt", ".data")
FILES = (*TEXT_FILES, ".parquet", ".npz")


def load(
    source: Any = None,
    *,
    target: str | Sequence[str] | None = None,
    task: Task | None = None,
    groups: Any = None,
    time: Any = None,
    weights: Any = None,
) -> Dataset:
    """Load data from a file, a frame, arrays, or a function.

    What is not said is inferred, and each inference stands in `Dataset.told`.

    Parameters
    ----------
    source
        None for the bundled digits; a path to a `.csv`, `.tsv`, `.parquet` or `.npz` file; `FILE.py:FUNCTION`; a frame
        of pandas, polars or pyarrow; a pair (X, y) of arrays, frames or tensors; a mapping with `X` and `y`, or of
        columns; a torch `Dataset` of pairs; a `Dataset`.
    target
        The column to predict, or several (`a,b,c`); inferred: a column called `target`, `label`, `class`, `y`, …, else
        the last one.
    task
        `classification`, `regression` or `multilabel`; inferred: text, truth values and few whole numbers are classes,
        several columns of 1 and 0 are labels.
    groups
        What says which rows belong together (patient, machine): a column, which is then no input, or one value a row.
    time
        What orders the rows: a column, which is then no input, or one value a row.
    weights
        How much each row counts: a column, which is then no input, or one number a row.

    Raises
    ------
    DataError
        Where the rows cannot be used: the place, what is wrong, what to do.
    ArgumentError
        Where the arguments contradict each other.

    Examples
    --------
    >>> load()
    Dataset(rows=1797, columns=64, task='classification', classes=10)
    >>> load({"size": [1.0, 2.0, 3.0, 4.0], "price": [10.5, 19.0, 31.0, 39.5]})
    Dataset(rows=4, columns=1, task='regression')
    """
    if source is None:
        _refuse_for_digits(target=target, groups=groups, time=time, weights=weights)
        return digits()
    if weights is not None and not isinstance(weights, str):
        return _weighted(load(source, target=target, task=task, groups=groups, time=time), weights)
    apart = {name: given for name, given in (("groups", groups), ("time", time)) if not isinstance(given, str | None)}
    if apart:
        named = {name: given for name, given in (("groups", groups), ("time", time)) if name not in apart}
        return _with_roles(load(source, target=target, task=task, weights=weights, **named), apart)
    if isinstance(source, Dataset):
        return _unchanged(source, groups=groups, time=time)
    from whyfit.data.assemble import Wishes  # noqa: PLC0415  # polars; only when data is there

    wishes = Wishes(target=target, task=task, groups=groups, time=time, weights=weights)
    if isinstance(source, str) and names_a_function(source):
        source = call_function(source)
    return _of_file(Path(source), wishes) if isinstance(source, str | Path) else _of_object(source, wishes)


def _weighted(data: Dataset, weights: Any) -> Dataset:
    """The weights come apart from the rows; whatever was told of those stays."""
    from whyfit.data.arrays import plain_array  # noqa: PLC0415  # polars
    from whyfit.data.weights import checked, weighted  # noqa: PLC0415

    notes, origin = Notes(), Origin("weights")
    values = checked(plain_array(weights, "weights", origin), "weights", origin)
    made = weighted(data, values, "weights", notes, origin)
    return replace(made, told=(*data.told, *notes.told()))


def _with_roles(data: Dataset, apart: Mapping[str, Any]) -> Dataset:
    """Groups and times come apart from the rows, one value for each."""
    from whyfit.data.arrays import with_roles  # noqa: PLC0415  # polars

    return with_roles(data, Origin("arrays"), **apart)


def _unchanged(data: Dataset, **named: str | None) -> Dataset:
    given = [name for name, value in named.items() if value is not None]
    if given:
        raise ArgumentError(
            f"`{given[0]}` names a column, but this data is loaded already.",
            advice=f"Say it where the data is loaded: `whyfit.load(..., {given[0]}=COLUMN)`.",
        )
    return data


def _refuse_for_digits(**named: Any) -> None:
    given = [name for name, value in named.items() if value is not None]
    if given:
        raise ArgumentError(f"`{given[0]}` has no effect on the bundled digits.", advice="Name a file or give arrays.")


def _of_file(path: Path, wishes: Wishes) -> Dataset:
    from whyfit.data.assemble import dataset_of  # noqa: PLC0415

    notes = Notes()
    table = table_of_file(path, notes)
    if table is not None:
        return dataset_of(table, wishes, notes)
    from whyfit.data.npz_file import load_npz  # noqa: PLC0415

    return load_npz(path, wishes, notes)


def table_of_file(path: Path, notes: Notes) -> Table | None:
    """A file as a table; None for `.npz` files, which hold arrays."""
    suffix = path.suffix.lower()
    if path.is_dir():
        raise DataError("this is a folder.", where=str(path), advice=f"Name one file ({', '.join(FILES)}).")
    if suffix == ".parquet":
        from whyfit.data.parquet_file import table_of_parquet  # noqa: PLC0415

        return table_of_parquet(path)
    if suffix in TEXT_FILES:
        from whyfit.data.csv_file import table_of_csv  # noqa: PLC0415

        return table_of_csv(path, notes)
    if suffix != ".npz":
        raise DataError(
            f"files with the extension {suffix!r} are not read." if suffix else "the file has no extension.",
            where=str(path),
            advice=f"Save it as one of {', '.join(FILES)}, or load it in a function and pass FILE.py:FUNCTION.",
        )
    return None


def _of_object(source: Any, wishes: Wishes) -> Dataset:
    from whyfit.data.arrays import dataset_of_pair, parts_of_mapping  # noqa: PLC0415
    from whyfit.data.assemble import dataset_of  # noqa: PLC0415

    if isinstance(source, Dataset):
        return _unchanged(source, groups=wishes.groups, time=wishes.time)
    notes = Notes()
    table = table_of_object(source)
    if table is not None:
        return dataset_of(table, wishes, notes)
    if isinstance(source, Mapping):
        return dataset_of_pair(**(parts_of_mapping(source) or {}), wishes=wishes, notes=notes)
    if isinstance(source, tuple | list) and len(source) == 2:
        return dataset_of_pair(source[0], source[1], wishes, notes)
    if hasattr(source, "__getitem__") and hasattr(source, "__len__"):
        from whyfit.data.pairs import stacked_pairs  # noqa: PLC0415

        return dataset_of_pair(*stacked_pairs(source), wishes, notes, name=type(source).__name__)
    raise DataError(
        f"a {type(source).__name__} is no source of data.",
        where="`data`",
        advice="Give a path, a frame, a pair (X, y), a mapping, or a dataset of pairs.",
    )


def table_of_object(source: Any) -> Table | None:
    """A frame, or a mapping of columns, as a table; None for what holds arrays."""
    from whyfit.data.arrays import parts_of_mapping  # noqa: PLC0415
    from whyfit.data.frames import is_frame, table_of_frame, table_of_mapping  # noqa: PLC0415

    if is_frame(source):
        return table_of_frame(source)
    if isinstance(source, Mapping) and parts_of_mapping(source) is None:
        return table_of_mapping(source)
    return None
