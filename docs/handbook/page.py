"""What a cell of the handbook calls: a part of a page, in one language, as `handbook.prepare` made it.

Every part is made once a build, for both languages in one process; a cell reads it. So a page needs neither torch nor a
study, and both languages show the same numbers.
"""

from __future__ import annotations

from handbook.kept import kept
from handbook.shown import HTML, Markdown


def asks(question: str, lang: str) -> HTML | Markdown:
    """The question, as the report asks it."""
    return kept("parts", "asks", question, lang)


def short(question: str, lang: str) -> HTML | Markdown:
    """The short answer, with its live numbers."""
    return kept("parts", "short", question, lang)


def mathematics(question: str, lang: str) -> HTML | Markdown:
    """The explanation behind its short answer."""
    return kept("parts", "mathematics", question, lang)


def case(name: str, lang: str) -> HTML | Markdown:
    """What was found in the faulty run of a worked case, and what the remedy gained."""
    return kept("parts", "case", name, lang)


def pictures(name: str, lang: str) -> HTML | Markdown:
    """The charts of a worked case."""
    return kept("parts", "pictures", name, lang)


def codes(question: str, lang: str) -> HTML | Markdown:
    """Every finding code of a question."""
    return kept("parts", "codes", question, lang)


def all_codes(lang: str) -> HTML | Markdown:
    """The reference of all finding codes."""
    return kept("parts", "all_codes", lang)


def reasons(lang: str) -> HTML | Markdown:
    """Why a question may have no answer."""
    return kept("parts", "reasons", lang)


def belief(name: str, lang: str) -> HTML | Markdown:
    """The verdict on a belief, and the numbers behind it."""
    return kept("beliefs", "verdict", name, lang)


def belief_drawn(name: str, lang: str) -> HTML | Markdown:
    """The picture of a belief's experiment."""
    return kept("beliefs", "picture", name, lang)


def public_data(lang: str) -> HTML | Markdown:
    """What is found in public tables."""
    return kept("public_data", "table", lang)


def speed(lang: str) -> HTML | Markdown:
    """How many times longer others take."""
    return kept("measured", "speed", lang)


def same_question(lang: str) -> HTML | Markdown:
    """How many times as much processor time others take for what both do."""
    return kept("measured", "same_question", lang)


def commands(lang: str) -> HTML | Markdown:
    """What each command says with `--help`."""
    return kept("commands", "all_helps", lang)


def catalogue(name: str, lang: str) -> HTML | Markdown:
    """The entries of one of whyfit's catalogues."""
    return kept("catalogues", "table", name, lang)
