"""A report as a file: the ending decides what is written."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from whyfit.errors import ArgumentError
from whyfit.report.document import Document
from whyfit.text import Language

ENDINGS = (".html", ".json", ".toml")
"""The page, the document, and the recommended recipe."""


def write_report(document: Document, path: Path, language: Language) -> None:
    """Write a report as `.html` in a language or as `.json`, or its recipe as `.toml`; one message where it cannot."""
    if path.suffix not in ENDINGS:
        raise ArgumentError(f"`path` must end in {' or '.join(ENDINGS)}, got {str(path)!r}.")
    html = partial(_as_html, language=language)
    makers: dict[str, Callable[[Document], str]] = {".json": as_json, ".toml": recipe_of, ".html": html}
    text = makers[path.suffix](document)
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


def recipe_of(document: Document) -> str:
    """The recommended recipe as TOML, which `--recipe` and `whyfit.train` take."""
    part = document.recommended
    if part is None or part.toml is None:
        why = "its network is a function that no file can name" if part else "none was compared with the plain one"
        raise ArgumentError(
            f"there is no recipe to write: {why}.", advice="Put the network into a file, or give a larger budget."
        )
    return part.toml


def _as_html(document: Document, language: Language) -> str:
    from whyfit.report.html import to_html  # noqa: PLC0415  # jinja2

    return to_html(document, language)
