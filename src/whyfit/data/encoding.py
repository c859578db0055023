"""The bytes of a text file as UTF-8, whatever they were; and what they were."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from whyfit.data.opening import opened
from whyfit.data.origin import Notes
from whyfit.errors import DataError
from whyfit.evidence.types import AnyArray

CHUNK = 1 << 24
"""Bytes looked at together: large enough for numpy, small enough for any memory."""

MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
"""Byte order marks, which say what a file is; that of UTF-32 begins as one of UTF-16 does."""

SIGNATURES = {
    b"PK": "a zip or Excel file",
    b"\x1f\x8b": "a gzip file",
    b"PAR1": "a Parquet file",
    b"%PDF": "a PDF file",
}
"""Beginnings of files that people give a wrong extension."""


@dataclass(frozen=True, eq=False, slots=True)
class Text:
    """A text file.

    Attributes
    ----------
    bytes
        (bytes,) uint8 in UTF-8 without a byte order mark; mapped from the file where it could stay as it is.
    in_file
        Whether the bytes are those of the file, so that it can be read again from the disk.
    """

    bytes: AnyArray
    in_file: bool


def read_text(path: Path, notes: Notes) -> Text:
    """Open a file as UTF-8.

    UTF-8 is tried first; then GB 18030, if bytes beyond ASCII come in pairs throughout, as Chinese characters do and
    accented letters do not; then Windows-1252. Anything but UTF-8 is noted.

    Raises
    ------
    DataError
        Where the file cannot be opened, is empty, or is no text.
    """
    raw = _mapped(path)
    head = raw[:4].tobytes()
    for mark, encoding in MARKS:
        if head.startswith(mark) and encoding == "utf-8":
            raw = raw[len(mark) :]
        elif head.startswith(mark):
            return _transcoded(raw, encoding, path, notes)
    _refuse_binary(raw, head, path)
    if (broken := _first_invalid(raw)) is not None:
        return _transcoded(raw, _eight_bit(raw, broken, path), path, notes)
    if not (raw[:CHUNK] == ord("\n")).any() and (raw == ord("\r")).any():
        return Text(np.where(raw == ord("\r"), np.uint8(ord("\n")), raw), in_file=False)
    return Text(raw, in_file=not head.startswith(codecs.BOM_UTF8))


def _mapped(path: Path) -> AnyArray:
    with opened(path):
        if path.stat().st_size == 0:
            raise DataError("the file is empty.", where=path.name, advice="Check that it is the right file.")
        return np.memmap(path, dtype=np.uint8, mode="r")


def _refuse_binary(raw: AnyArray, head: bytes, path: Path) -> None:
    what = next((what for start, what in SIGNATURES.items() if head.startswith(start)), None)
    if what is None and not (raw[:CHUNK] == 0).any():
        return
    raise DataError(
        f"this is {what}, not text." if what else "the file holds zero bytes, so it is not text in UTF-8.",
        where=path.name,
        advice="Save it as CSV in UTF-8, or give it the extension of what it is (.parquet, .npz).",
    )


def _first_invalid(raw: AnyArray) -> int | None:
    """The offset of the first byte that is not UTF-8."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    for start in range(0, raw.size, CHUNK):
        chunk = raw[start : start + CHUNK].tobytes()
        try:
            decoder.decode(chunk, final=start + CHUNK >= raw.size)
        except UnicodeDecodeError as error:
            return max(0, min(start + error.start, raw.size - 1))
    return None


def _eight_bit(raw: AnyArray, broken: int, path: Path) -> str:
    high = np.flatnonzero(np.diff(np.concatenate([[False], raw >= 0x80, [False]]).astype(np.int8)))
    runs = high[1::2] - high[::2]
    candidates = ["gb18030", "cp1252"] if (runs % 2 == 0).all() else ["cp1252"]
    for encoding in candidates:
        try:
            raw.tobytes().decode(encoding)
        except UnicodeDecodeError:
            continue
        return encoding
    line = int((raw[:broken] == ord("\n")).sum()) + 1
    raise DataError(
        f"the byte 0x{int(raw[broken]):02X} is text neither in UTF-8 nor in Windows-1252.",
        where=f"{path.name}, line {line}",
        advice="Save the file in UTF-8.",
    )


def _transcoded(raw: AnyArray, encoding: str, path: Path, notes: Notes) -> Text:
    try:
        text = raw.tobytes().decode(encoding)
    except UnicodeDecodeError as error:
        raise DataError(
            f"it begins as {encoding} but is not ({error.reason}).", where=path.name, advice="Save the file in UTF-8."
        ) from error
    notes.add("data.encoding", encoding=encoding)
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    return Text(np.frombuffer(text.encode("utf-8", errors="replace"), dtype=np.uint8), in_file=False)
