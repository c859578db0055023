"""Where a report comes from, as names and values: command, versions, machine, and the data's fingerprint."""

from __future__ import annotations

from typing import Any

from whyfit.report.document import Document
from whyfit.text import Words
from whyfit.text.names import plain_name
from whyfit.text.numbers import number

LONGEST = 400
"""Characters of a value: a command may be long, and must still be one that can be run again."""
HIDDEN = frozenset({"interrupted"})
"""Said at the head of the report."""
CODES = frozenset({"why_engine", "ended"})
"""Facts that are names whyfit itself gave, and so have words."""


def provenance_of(document: Document, words: Words) -> list[tuple[str, str]]:
    """(name, value) of everything that is known, the command first as it was given."""
    facts: dict[str, Any] = {name: value for name, value in document.provenance.items() if name not in HIDDEN}
    facts |= {
        "seed": document.seed,
        "fingerprint": document.data.fingerprint,
        "schema_version": document.schema_version,
    }
    known = {name: _named(name, value, words) for name, value in facts.items() if value not in (None, "")}
    return [(words.provenance_name(name), _said(value)) for name, value in known.items()]


def _named(name: str, value: Any, words: Words) -> Any:
    """A code as its words."""
    if name == "engines_not_taken" and isinstance(value, dict):
        return [f"{engine} ({words.term(str(why))})" for engine, why in value.items()]
    return words.term(value) if name in CODES and isinstance(value, str) else value


def _said(value: Any) -> str:
    if isinstance(value, dict):
        return plain_name(", ".join(f"{name} {one}" for name, one in value.items()), LONGEST)
    if isinstance(value, list | tuple):
        return plain_name(", ".join(str(one) for one in value), LONGEST)
    return number(value) if isinstance(value, float) else plain_name(value, LONGEST)
