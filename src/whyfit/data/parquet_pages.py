"""Whether the pages of a Parquet file agree with what the file says of itself, looked at before they are decoded.

A reader makes room for as many values as a page claims. Where a damaged page claims more than there is memory for, the
reader ends the whole process, and no exception can be caught. So what is claimed is added up first. The format:
github.com/apache/parquet-format, `parquet.thrift`, whose field numbers stand here.
"""

from __future__ import annotations

import mmap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from whyfit.data.thrift import Compact, Fields

MAGIC = b"PAR1"
TAIL = 8
"""Bytes of the length of the last structure, and of the mark, at the end."""

SLACK = 1 << 20
"""Bytes by which a page may be larger than its column says: old writers left headers and dictionaries out."""

REPEATED, DATA, DATA_V2, DICTIONARY = 2, 0, 3, 2


def disagreement(path: Path) -> str | None:
    """What is wrong in words; None where nothing is, or where the file is laid out in a way that is not looked at."""
    with path.open("rb") as file:
        size = file.seek(0, 2)
        if size < len(MAGIC) + TAIL:
            return "it is too short"
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            if data[-len(MAGIC) :] != MAGIC:  # encrypted, or no Parquet: the reader says so
                return None
            try:
                return next(_disagreements(data), None)
            except (ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
                return f"what it says of itself cannot be read: {error}"


def _disagreements(data: mmap.mmap) -> Iterator[str]:
    length = int.from_bytes(data[-TAIL : -len(MAGIC)], "little")
    if not 0 < length <= len(data) - len(MAGIC) - TAIL:
        raise ValueError("its last part is longer than the file")
    whole = Compact(data, len(data) - TAIL - length).fields()
    flat = not any(element.get(3) == REPEATED for element in whole[2])
    rows = sum(group[3] for group in whole.get(4, []))
    if rows != whole[3]:
        yield f"it says that it has {whole[3]} rows, and {rows} in its parts"
    for group in whole.get(4, []):
        for chunk in group[1]:
            if 1 not in chunk and 3 in chunk:  # in this very file, and not encrypted
                yield from _of_chunk(data, chunk[3], group[3] if flat else None)


def _of_chunk(data: mmap.mmap, chunk: Fields, rows: int | None) -> Iterator[str]:
    """One column of one row group: `rows` values where no value is a list."""
    values = chunk[5]
    if values < 0 or (rows is not None and values != rows):
        yield f"a column has {values} values for {rows} rows"
        return
    seen, at = 0, min(offset for offset in (chunk[9], chunk.get(11, 0)) if offset > 0)
    while seen < values:
        page = Compact(data, at)
        header = page.fields()
        stored, unpacked = header[3], header[2]
        claimed = _values(header)
        seen += claimed if header[1] in (DATA, DATA_V2) else 0
        if not 0 <= stored <= len(data) - page.at or not 0 <= unpacked <= max(0, chunk[6]) + SLACK:
            yield f"a page of {unpacked} bytes stands in a column of {chunk[6]}"
            return
        too_many = claimed > unpacked if header[1] == DICTIONARY else seen > values
        if claimed < 0 or too_many:
            yield f"a page has {claimed} values in a column of {values}"
            return
        at = page.at + stored


def _values(header: Fields) -> Any:
    """Values of a page, of whichever kind."""
    return next((header[kind][1] for kind in (5, 7, 8) if kind in header), 0)
