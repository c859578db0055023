"""The records of a delimited text file, counted without parsing them: every one has as many fields as the first.

A parser that fills short records with missing values, or cuts long ones, shifts values into the wrong column without
a word; so the structure is checked first, at about the speed of the disk.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from whyfit.data.encoding import CHUNK
from whyfit.evidence.types import AnyArray

NEWLINE, QUOTE, BLANKS = ord("\n"), ord('"'), (ord("\r"), ord(" "), ord("\t"))


@dataclass(frozen=True, slots=True)
class Records:
    """What the structure of a file is.

    Attributes
    ----------
    count
        Records that are not blank, the header among them.
    fields
        Fields of the first of them.
    blank
        Numbers of the blank records, counted from 0 among all.
    odd
        (line counted from 1, fields) of the first record with another number of fields; None where there is none.
    open_quote
        Whether the file ends inside quotes.
    """

    count: int
    fields: int
    blank: tuple[int, ...]
    odd: tuple[int, int] | None
    open_quote: bool


@dataclass(slots=True)
class _Scan:
    """Where a scan stands between two chunks."""

    fields: int = 0
    count: int = 0
    blank: list[int] = field(default_factory=list)
    odd: tuple[int, int] | None = None
    inside: bool = False
    total: int = 0
    line: int = 1


def scan_records(data: AnyArray, delimiter: str, *, quotes: bool = True) -> Records:
    r"""Count fields record by record.

    Parameters
    ----------
    data
        (bytes,) uint8.
    quotes
        Whether delimiters and line ends between double quotes belong to a value.

    Examples
    --------
    >>> scan_records(np.frombuffer(b'a,b\n1,"x,y"\n2\n', dtype=np.uint8), ",")
    Records(count=3, fields=2, blank=(), odd=(3, 1), open_quote=False)
    """
    scan, start = _Scan(), 0
    while start < data.size and scan.odd is None:
        chunk = np.asarray(data[start : start + CHUNK])
        used = _chunk(scan, chunk, ord(delimiter), quotes=quotes, last=start + CHUNK >= data.size)
        start += used or chunk.size
        if not used and chunk.size:
            break
    return Records(scan.count, scan.fields, tuple(scan.blank), scan.odd, scan.inside)


def _chunk(scan: _Scan, chunk: AnyArray, delimiter: int, *, quotes: bool, last: bool) -> int:
    """Count the whole records of a chunk; gives the bytes they took, so that the next chunk begins with a record."""
    outside = _outside(chunk, quotes=quotes)
    ends = np.flatnonzero((chunk == NEWLINE) & outside)
    if last and (ends.size == 0 or ends[-1] != chunk.size - 1):
        scan.inside = quotes and not bool(outside[-1])
        ends = np.append(ends, chunk.size)
    if ends.size == 0:
        scan.inside = True
        return 0
    before = np.searchsorted(np.flatnonzero((chunk == delimiter) & outside), ends)
    fields = np.diff(before, prepend=0) + 1
    _tally(scan, chunk, ends, fields)
    return int(min(ends[-1] + 1, chunk.size))


def _outside(chunk: AnyArray, *, quotes: bool) -> AnyArray:
    marks = chunk == QUOTE
    if not quotes or not marks.any():
        return np.ones(chunk.size, dtype=bool)
    outside: AnyArray = ~np.logical_xor.accumulate(marks) & ~marks
    return outside


def _tally(scan: _Scan, chunk: AnyArray, ends: AnyArray, fields: AnyArray) -> None:
    starts = np.concatenate([[0], ends[:-1] + 1])
    blank = [i for i in np.flatnonzero(fields == 1) if _is_blank(chunk[starts[i] : ends[i]])]
    scan.blank += [scan.total + int(i) for i in blank]
    filled = np.ones(ends.size, dtype=bool)
    filled[blank] = False
    if scan.fields == 0 and filled.any():
        scan.fields = int(fields[np.flatnonzero(filled)[0]])
    odd = np.flatnonzero(filled & (fields != scan.fields))
    if odd.size:
        line = scan.line + int((chunk[: starts[odd[0]]] == NEWLINE).sum())
        scan.odd = (line, int(fields[odd[0]]))
    scan.line += int((chunk[: ends[-1] + 1] == NEWLINE).sum())
    scan.count += int(filled.sum())
    scan.total += ends.size


def _is_blank(record: AnyArray) -> bool:
    return bool(np.isin(record[:64], BLANKS).all()) and bool(np.isin(record, BLANKS).all())
