"""How a text file is laid out: its delimiter, its quotes, and whether its first record names the columns."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass

from whyfit.data.encoding import Text
from whyfit.data.origin import Notes
from whyfit.data.records import Records, scan_records
from whyfit.data.written import PLAIN
from whyfit.errors import DataError

DELIMITERS = (",", ";", "\t", "|")
DECLARED = re.compile(rb'"?[sS][eE][pP]=([!-/:-@\[-`{-~\t])"?\r?\n')
"""The first line by which Excel is told the delimiter: a sign of ASCII, no letter or digit."""
SAMPLE = 1 << 16
"""Bytes that the delimiter is chosen from: some hundred records of most files."""

HEADER = 1 << 22
"""Bytes that the first record is looked for in."""


@dataclass(frozen=True, slots=True)
class Layout:
    """The layout of a delimited text file.

    Attributes
    ----------
    delimiter
        One of `DELIMITERS`.
    quoted
        Whether double quotes hold values together.
    names
        The columns; `column 1`, `column 2`, … where the file has no header.
    header
        Whether the first record names the columns.
    records
        What the scan found.
    """

    delimiter: str
    quoted: bool
    names: tuple[str, ...]
    header: bool
    records: Records


def declared_delimiter(text: Text) -> tuple[Text, str | None]:
    r"""What a first line such as `sep=;`, which Excel writes, says of the delimiter, and the text below that line.

    Examples
    --------
    >>> import numpy as np
    >>> text, delimiter = declared_delimiter(Text(np.frombuffer(b"sep=;\na;b\n", dtype=np.uint8), in_file=True))
    >>> text.bytes.tobytes(), delimiter
    (b'a;b\n', ';')
    """
    found = DECLARED.match(text.bytes[:16].tobytes())
    if found is None:
        return text, None
    return Text(text.bytes[found.end() :], in_file=False), found[1].decode()


def layout_of(text: Text, name: str, *, delimiter: str | None, notes: Notes, above: int = 0) -> Layout:
    """Find the layout.

    Parameters
    ----------
    delimiter
        None where it is to be found.
    above
        Lines of the file above the text.

    Raises
    ------
    DataError
        Where records differ in their number of fields, a quote is not closed, or a column has no name.
    """
    delimiter = chosen_delimiter(text) if delimiter is None else delimiter
    records, quoted = _records(text, delimiter, name, notes, above)
    if records.count == 0:
        raise DataError("the file holds blank lines only.", where=name, advice="Check that it is the right file.")
    first = first_record(text, delimiter, records, name, quoted=quoted)
    header = not looks_like_data(first)
    if not header:
        notes.add("data.no_header", first=delimiter.join(first)[:60])
        return Layout(delimiter, quoted, tuple(f"column {i + 1}" for i in range(len(first))), header, records)
    names = tuple(field.strip() for field in first)
    if "" in names[1:]:
        raise DataError(
            f"column {names.index('', 1) + 1} has no name.",
            where=f"{name}, row {1 + above}",
            advice="Give each column a name.",
        )
    return Layout(delimiter, quoted, (names[0] or "column 1", *names[1:]), header, records)


def chosen_delimiter(text: Text) -> str:
    """The delimiter by which the first records have equally many fields, more than one; the most where several do."""
    head = text.bytes[:SAMPLE]
    if text.bytes.size > SAMPLE:
        whole = head.tobytes().rfind(b"\n") + 1
        head = head[:whole] if whole else head
    scans = {one: scan_records(head, one) for one in DELIMITERS}
    return max(DELIMITERS, key=lambda one: (_even(scans[one]), scans[one].fields, -DELIMITERS.index(one)))


def _even(records: Records) -> int:
    """2 for equal records of several fields, 1 for unequal ones, 0 for a delimiter that does not occur."""
    if records.fields < 2:
        return 0
    return 1 if records.odd else 2


def _records(text: Text, delimiter: str, name: str, notes: Notes, above: int) -> tuple[Records, bool]:
    records = scan_records(text.bytes, delimiter)
    if records.odd is None and not records.open_quote:
        return records, True
    plain = scan_records(text.bytes, delimiter, quotes=False)
    if plain.odd is None and plain.fields > 1:
        notes.add("data.quotes_as_text")
        return plain, False
    if records.odd is not None:
        line, fields = records.odd
        raise DataError(
            f"{fields} field{'s' * (fields != 1)} where the first record has {records.fields}.",
            where=f"{name}, line {line + above}",
            advice="Quote values that contain the delimiter, and remove comments and titles around the table.",
        )
    raise DataError("a quote is opened and never closed.", where=name, advice='Write a quote inside a value as "".')


def first_record(text: Text, delimiter: str, records: Records, name: str, *, quoted: bool) -> list[str]:
    """The fields of the first record that is not blank."""
    lines = [f"{line}\n" for line in text.bytes[:HEADER].tobytes().decode("utf-8", errors="replace").split("\n")]
    rest = lines[leading_blank(records) :]
    try:
        return next(csv.reader(rest, delimiter=delimiter, quoting=csv.QUOTE_MINIMAL if quoted else csv.QUOTE_NONE))
    except csv.Error as error:
        raise DataError(
            f"the first record cannot be read ({error}).", where=name, advice="Look for a quote that is not closed."
        ) from error


def leading_blank(records: Records) -> int:
    """The number of blank records before the first that is not."""
    return next((i for i, at in enumerate(records.blank) if at != i), len(records.blank))


def looks_like_data(record: Sequence[str]) -> bool:
    """Whether a first record holds values, not names: all are numbers, or one has a sign or a fraction."""
    fields = [field.strip() for field in record]
    numbers = [field for field in fields if re.match(PLAIN, field)]
    return len(numbers) == len(fields) or any(not field.isdigit() for field in numbers)
