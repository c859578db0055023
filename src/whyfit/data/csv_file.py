"""Delimited text files as tables of text: every value as it is written, so that whyfit alone decides what it means."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import polars as pl

from whyfit.data.delimited import Layout, declared_delimiter, layout_of, leading_blank
from whyfit.data.encoding import Text, read_text
from whyfit.data.origin import Notes, Origin
from whyfit.data.table import Table
from whyfit.errors import DataError

LARGE = 1 << 28
"""A file of more bytes is read a column at a time: as text it would take several times its size in memory."""


def table_of_csv(path: Path, notes: Notes) -> Table:
    """Open a `.csv` or `.tsv` file."""
    text, declared = declared_delimiter(read_text(path, notes))
    above, tabs = int(declared is not None), path.suffix.lower() == ".tsv"
    known = declared or ("\t" if tabs else None)
    layout = layout_of(text, path.name, delimiter=known, notes=notes, above=above)
    if layout.delimiter != "," and not tabs:
        notes.add("data.delimiter", delimiter={"\t": "tab"}.get(layout.delimiter, layout.delimiter))
    rows = layout.records.count - int(layout.header)
    skip, blank = _above(layout)
    if any(at < rows for at in blank):
        notes.add("data.blank_lines", lines=sum(at < rows for at in blank))
    scan = _scan(path, text, layout, skip)
    if text.bytes.size <= LARGE:
        scan = _collected(scan, path, layout).lazy()
    origin = Origin(path.name, first_row=1 + above + skip, dropped=blank)
    return Table(layout.names, rows, lambda name: _column(scan, name, layout, path, rows, blank), origin)


def _above(layout: Layout) -> tuple[int, tuple[int, ...]]:
    """Records above the first row of data, and the blank ones below it, counted from 0 there."""
    blank, leading = layout.records.blank, leading_blank(layout.records)
    skip = leading + int(layout.header)
    return skip, tuple(at - skip for at in blank[leading:])


def _scan(path: Path, text: Text, layout: Layout, skip: int) -> pl.LazyFrame:
    return pl.scan_csv(
        path if text.in_file else io.BytesIO(text.bytes.tobytes()),
        separator=layout.delimiter,
        quote_char='"' if layout.quoted else None,
        has_header=False,
        skip_rows=skip,
        schema={f"c{i}": pl.String() for i in range(len(layout.names))},
        infer_schema=False,
    )


def _column(scan: pl.LazyFrame, name: str, layout: Layout, path: Path, rows: int, blank: tuple[int, ...]) -> pl.Series:
    place = f"c{layout.names.index(name)}"
    column = _collected(scan.select(pl.col(place).alias(name)), path, layout).to_series()
    if len(column) != rows + len(blank):
        raise DataError(
            f"{rows} rows were counted, but {len(column) - len(blank)} were read.",
            where=path.name,
            advice="Look for stray quotes, and write a quote inside a value as two.",
        )
    return column.filter(_kept(len(column), blank)) if blank else column


def _kept(records: int, blank: tuple[int, ...]) -> pl.Series:
    keep = np.ones(records, dtype=bool)
    keep[list(blank)] = False
    return pl.Series(keep)


def _collected(scan: pl.LazyFrame, path: Path, layout: Layout) -> pl.DataFrame:
    try:
        return scan.collect(engine="streaming")
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError) as error:
        raise DataError(
            f"it cannot be read with the delimiter {layout.delimiter!r}: {str(error).splitlines()[0]}",
            where=path.name,
            advice="Look for stray quotes, and save the file as CSV in UTF-8.",
        ) from error
