"""Parquet files as tables; each column is read when its turn comes."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from whyfit.data.opening import opened
from whyfit.data.origin import Origin
from whyfit.data.parquet_pages import disagreement
from whyfit.data.table import Table
from whyfit.errors import DataError

BROKEN = (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError, ValueError)
"""What polars raises over a file that is damaged."""


def table_of_parquet(path: Path) -> Table:
    """Open a `.parquet` file."""
    with opened(path):
        wrong = disagreement(path)
    if wrong is not None:
        raise _unreadable(path, wrong)
    try:
        scan = pl.scan_parquet(path)
        names = tuple(scan.collect_schema().names())
        rows = int(scan.select(pl.len()).collect().item())
    except BROKEN as error:
        raise _unreadable(path, error) from error

    def read(name: str) -> pl.Series:
        try:
            column = scan.select(pl.col(name)).collect(engine="streaming").to_series()
        except BROKEN as error:
            raise _unreadable(path, error) from error
        if len(column) != rows:
            raise _unreadable(path, f"column {name!r} has {len(column)} values where the file says {rows}")
        return column

    return Table(names, rows, read, Origin(path.name))


def _unreadable(path: Path, error: object) -> DataError:
    what = str(error).partition("\n")[0]
    return DataError(f"it cannot be read as Parquet ({what}).", where=path.name, advice="Write the file again.")
