"""A report as a file: the ending decides what is written."""

from __future__ import annotations

from pathlib import Path

from whyfit.errors import ArgumentError
from whyfit.report.document import Document
from whyfit.text import Language

ENDINGS = (".html", ".json")


def write_report(document: Document, path: Path, language: Language) -> None:
    """Write a report as `.html` in a language, or as `.json`; one message where the file cannot be written."""
    if path.suffix not in ENDINGS:
        raise ArgumentError(f"`path` must end in {' or '.join(ENDINGS)}, got {str(path)!r}.")
    text = as_json(document) if path.suffix == ".json" else _as_html(document, language)
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as problem:
        reason = (problem.strerror or "unknown reason").lower()
        raise ArgumentError(
            f"the report cannot be written: {reason}.", where=str(path), advice="Give a place that can be written to."
        ) from None


def as_json(document: Document) -> str:
    """The document as JSON text."""
    return document.model_dump_json(indent=2) + "\n"


def _as_html(document: Document, language: Language) -> str:
    from whyfit.report.html import to_html  # noqa: PLC0415  # jinja2

    return to_html(document, language)
