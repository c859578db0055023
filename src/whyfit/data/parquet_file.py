"""Parquet files as tables; each column is read when its turn comes."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from whyfit.data.origin import Origin
from whyfit.data.table import Table
from whyfit.errors import DataError


def table_of_parquet(path: Path) -> Table:
    """Open a `.parquet` file."""
    try:
        scan = pl.scan_parquet(path)
        names = tuple(scan.collect_schema().names())
        rows = int(scan.select(pl.len()).collect().item())
    except (pl.exceptions.PolarsError, OSError) as error:
        raise _unreadable(path, error) from error

    def read(name: str) -> pl.Series:
        try:
            return scan.select(pl.col(name)).collect(engine="streaming").to_series()
        except (pl.exceptions.PolarsError, OSError) as error:
            raise _unreadable(path, error) from error

    return Table(names, rows, read, Origin(path.name))


def _unreadable(path: Path, error: Exception) -> DataError:
    if not path.exists():
        return DataError("there is no such file.", where=str(path), advice="Check its place and its name.")
    what = str(error).splitlines()[0]
    return DataError(f"it cannot be read as Parquet ({what}).", where=path.name, advice="Write the file again.")
