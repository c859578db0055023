"""What whyfit refuses, in the reader's language.

An exception speaks English, as Python's own do. Where the command line shows it, its sentences are found again in the
catalogue by their templates: `there is no column {1}.` with whatever stands in the places, which is left as it is.
"""

from __future__ import annotations

import re
from functools import lru_cache

from whyfit.errors import InputError
from whyfit.text.catalogue import entries
from whyfit.text.language import Language

PLACE = re.compile(r"\{(\d)\}")
SENTENCE = re.compile(r"(?<=[.?])\s+")
BULLET = "  - "


def refusal_in(error: Exception, language: Language) -> str:
    """What an exception says, in that language; a sentence that the catalogue does not know stays English.

    Examples
    --------
    >>> error = InputError("there is no column 'x'.", where="a.csv, row 3", advice="Did you mean 'y'?")
    >>> refusal_in(error, "en")
    "a.csv, row 3: there is no column 'x'. Did you mean 'y'?"
    >>> refusal_in(error, "zh")
    "a.csv，第 3 行：没有 'x' 列。您是否要写 'y'？"
    """
    if language == "en" or not isinstance(error, InputError):
        return said_in(str(error), language)
    place = f"{_value(error.where, language)}：" if error.where else ""
    return place + said_in(error.message, language) + said_in(error.advice or "", language)


def said_in(text: str, language: Language) -> str:
    """English sentences in that language, line by line."""
    if language == "en" or not text:
        return text
    return "\n".join(_line(line, language) for line in text.split("\n"))


def _line(line: str, language: Language) -> str:
    bullet = BULLET if line.startswith(BULLET) else ""
    said = line.removeprefix(bullet)
    return bullet + (_known(said, language) or _sentences(said, language))


def _sentences(line: str, language: Language) -> str:
    """One sentence after the other: the longest beginning that is known, then the rest."""
    pieces = SENTENCE.split(line)
    for count in range(len(pieces) - 1, 0, -1):
        known = _known(" ".join(pieces[:count]), language)
        if known is not None:
            rest = " ".join(pieces[count:])
            return known + (_known(rest, language) or _sentences(rest, language))
    return line if len(pieces) == 1 else f"{pieces[0]} {_line(' '.join(pieces[1:]), language)}"


def _known(sentence: str, language: Language) -> str | None:
    """The sentence by the template that has most words of its own; None where none fits."""
    for template, pattern in _patterns(language):
        found = pattern.fullmatch(sentence)
        if found:
            return _filled(_catalogue(language)[template], found, language)
    return None


def _filled(sentence: str, found: re.Match[str], language: Language) -> str:
    return PLACE.sub(lambda place: _value(found[f"v{place[1]}"], language), sentence)


def _value(value: str, language: Language) -> str:
    """A phrase of ours in that language; a value from outside as it is."""
    return _known(value, language) or value


@lru_cache(maxsize=2)
def _catalogue(language: Language) -> dict[str, str]:
    return {**entries(language, "refusals"), **entries(language, "refusals_made")}


@lru_cache(maxsize=2)
def _patterns(language: Language) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Every template with what it matches, those with most words first."""
    longest = sorted(_catalogue(language), key=lambda template: -len(PLACE.sub("", template)))
    return tuple((template, re.compile(_expression(template), re.DOTALL)) for template in longest)


def _expression(template: str) -> str:
    """The template as an expression; a place that comes again must hold the same."""
    seen: set[str] = set()
    parts = []
    for index, piece in enumerate(PLACE.split(template)):
        if index % 2 == 0:
            parts.append(re.escape(piece))
        else:
            parts.append(f"(?P=v{piece})" if piece in seen else f"(?P<v{piece}>.*?)")
            seen.add(piece)
    return "".join(parts)
