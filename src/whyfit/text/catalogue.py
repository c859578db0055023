"""The words as they are stored: TOML files, one a question and language, read once.

`en/splits.toml` holds the question's `title`, what it `asks`, and one table for each finding code `splits.NAME` with
its `summary`, and where there is something to say its `cause` and `remedy`. Beside them stand `reasons.toml` (why a
question has no answer), `told.toml` (what was inferred from the data), `terms.toml` (names that have a translation),
`numbers.toml` (what each number is called), `provenance.toml` (where a report comes from), `testing.toml` (what
`whyfit.testing` says), `labels.toml` (the words around everything), and `explain/` (the words of the explanations).
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any

from whyfit.evidence.question import Question
from whyfit.text.language import Language

FINDING_FIELDS = ("summary", "cause", "remedy")
WATCHED = "watched"
"""The file of what watching one run finds, for all questions: the other files hold what a study finds."""


@lru_cache(maxsize=128)
def _file(name: str) -> Mapping[str, Any]:
    return tomllib.loads(files("whyfit.text").joinpath(name).read_text(encoding="utf-8"))


def entries(language: Language, kind: str) -> Mapping[str, str]:
    """All words of one kind, such as `reasons`, `terms`, `labels` or `explain/dropout`: the name of its file."""
    return _file(f"{language}/{kind}.toml")


def formats() -> Mapping[str, str]:
    """The format of each number that its type alone does not decide; the same in every language."""
    return _file("formats.toml")


def question_entry(language: Language, question: Question) -> Mapping[str, Any]:
    """`title`, `asks`, and a table for each finding: those of a study, and those of a watched run."""
    return {**_file(f"{language}/{question.value}.toml"), **_file(f"{language}/{WATCHED}.toml").get(question.value, {})}


def finding_entry(language: Language, code: str) -> Mapping[str, str] | None:
    """`summary`, `cause`, `remedy` of a code, or None where there are no words for it.

    Examples
    --------
    >>> finding_entry("en", "splits.sound") is not None
    True
    >>> finding_entry("en", "splits.no_such_code") is None
    True
    """
    question, _, name = code.partition(".")
    if question not in set(Question):
        return None
    entry = question_entry(language, Question(question)).get(name)
    return entry if isinstance(entry, Mapping) else None


def finding_codes(language: Language) -> frozenset[str]:
    """Every code that has words."""
    return frozenset(
        f"{question.value}.{name}"
        for question in Question
        for name, entry in question_entry(language, question).items()
        if isinstance(entry, Mapping)
    )
