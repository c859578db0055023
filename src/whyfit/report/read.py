"""From a stored report to its document; whatever else a file holds is refused with one message."""

from __future__ import annotations

from pathlib import Path

from pydantic import ValidationError

from whyfit.errors import DataError
from whyfit.report.document import Document

LARGEST = 50_000_000
"""Bytes: a full study's report has under one million, so a larger file is none."""
SHOWN_PROBLEMS = 3
"""Of a file with many faults, the first few are enough to see what it is."""
ADVICE = "Give a report that `--json` wrote, or run the study again."


def read_document(path: str | Path) -> Document:
    """The document of a stored report; `DataError` where the file is none."""
    file = Path(path)
    try:
        size = file.stat().st_size
        text = file.read_bytes() if size <= LARGEST else b""
    except OSError as problem:
        reason = (problem.strerror or "it cannot be opened").lower()
        raise DataError(f"the report cannot be read: {reason}.", where=str(path), advice=ADVICE) from None
    if size > LARGEST:
        raise DataError(f"the file has {size:,} bytes, more than any report.", where=str(path), advice=ADVICE)
    return document_from_json(text, where=str(path))


def document_from_json(text: str | bytes, where: str = "report") -> Document:
    """The document that some JSON text holds, checked against the schema."""
    try:
        return Document.model_validate_json(text)
    except ValidationError as problem:
        raise DataError(f"this is no report of whyfit: {_first_of(problem)}.", where=where, advice=ADVICE) from None


def _first_of(problem: ValidationError) -> str:
    faults = problem.errors(include_url=False, include_input=False, include_context=False)
    said = [f"{_place(fault['loc'])}{fault['msg'].lower()}" for fault in faults[:SHOWN_PROBLEMS]]
    more = f"; and {len(faults) - SHOWN_PROBLEMS} more" if len(faults) > SHOWN_PROBLEMS else ""
    return "; ".join(said) + more


def _place(location: tuple[int | str, ...]) -> str:
    path = ".".join(str(part)[:40] for part in location)
    return f"`{path}`: " if path else ""
