"""What whyfit refuses, in the reader's language.

An exception speaks English, as Python's own do. Where the command line shows it, its sentences are found again in the
catalogue by their templates: `there is no column {1}.` with whatever stands in the places, which is left as it is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from whyfit.errors import InputError
from whyfit.text.catalogue import entries
from whyfit.text.language import Language

PLACE = re.compile(r"\{(\d)\}")
SENTENCE = re.compile(r"(?<=[.?])\s+")
BULLET = "  - "
QUOTES = ("'", '"')
MOST_SENTENCES = 12
"""In a line of ours; more are from outside, and stay as they are."""


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
    where = error.where and (_known(error.where, language) or error.where)
    place = f"{where}：" if where else ""
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
    if len(pieces) > MOST_SENTENCES:
        return line
    for count in range(len(pieces) - 1, 0, -1):
        known = _known(" ".join(pieces[:count]), language)
        if known is not None:
            rest = " ".join(pieces[count:])
            return known + (_known(rest, language) or _sentences(rest, language))
    return line if len(pieces) == 1 else f"{pieces[0]} {_line(' '.join(pieces[1:]), language)}"


def _known(sentence: str, language: Language, *, inner: bool = True) -> str | None:
    """The sentence by the template that has most words of its own; None where none fits.

    A value may be a phrase of ours, which is said in that language too, but not what that holds: it is from outside.
    """
    for template, pieces in _templates(language):
        values = values_in(sentence, pieces)
        if values is not None:
            said = [_inner(value, language) for value in values] if inner else values
            return _filled(_catalogue(language)[template], said)
    return None


def _inner(value: str, language: Language) -> str:
    """A phrase of ours in that language; what stands in quotes is from outside."""
    return value if value.startswith(QUOTES) else _known(value, language, inner=False) or value


def _filled(sentence: str, values: Sequence[str]) -> str:
    return PLACE.sub(lambda place: values[int(place[1]) - 1], sentence)


def values_in(sentence: str, pieces: Sequence[str]) -> list[str] | None:
    """What stands between the pieces, each found as early as it can be; None where they are not the sentence's.

    In proportion to the sentence, whatever somebody wrote into it, as no expression with several places would be.

    Examples
    --------
    >>> values_in("column 'a' has 3 values", ("column ", " has ", " values")), values_in("no", ("not", ""))
    (["'a'", '3'], None)
    """
    first, *middle, last = pieces if len(pieces) > 1 else (pieces[0], "")
    if len(pieces) == 1:
        return [] if sentence == first else None
    if not sentence.startswith(first) or not sentence.endswith(last) or len(sentence) < len(first) + len(last):
        return None
    values, begin, end = [], len(first), len(sentence) - len(last)
    for piece in middle:
        found = sentence.find(piece, begin, end)
        if found < 0:
            return None
        values.append(sentence[begin:found])
        begin = found + len(piece)
    return [*values, sentence[begin:end]]


@lru_cache(maxsize=2)
def _catalogue(language: Language) -> dict[str, str]:
    return {**entries(language, "refusals"), **entries(language, "refusals_made")}


@lru_cache(maxsize=2)
def _templates(language: Language) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Every template with what stands around its places, those with most words first."""
    longest = sorted(_catalogue(language), key=lambda template: -len(PLACE.sub("", template)))
    return tuple((template, tuple(PLACE.split(template)[::2])) for template in longest)
