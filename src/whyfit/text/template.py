"""The small language of the catalogues: a sentence with places for numbers.

- ``{copies}`` is a number, drawn in the format that `formats.toml` gives that name, or that its type suggests;
- ``{gap:number}`` names the format: `count`, `number`, `percent`, `score`, `points`, `bare`,
  `name`, `term`, or `words` for what is a sentence already;
- ``{copies:plural|row|rows}`` chooses the form for one and for any other number, and draws no number;
- ``[[ … ]]`` is left out, with all that stands in it, where one of its numbers is missing.

A number that is missing outside such brackets is drawn as "not measured". What a number *says* is never read as a
template again, so a column called ``{rows}`` is drawn as just that.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from whyfit.text.names import plain_name
from whyfit.text.numbers import is_number

PLACE = re.compile(r"\{(\w+)(?::(\w+)((?:\|[^|}]*)*))?\}")
OPTIONAL = re.compile(r"\[\[(.*?)\]\]", re.DOTALL)

Draw = Callable[[str, str | None, Any], str]
"""Draws one value: (name of the number, name of the format or None, value)."""


@dataclass(frozen=True, slots=True)
class Template:
    """A sentence of the catalogue.

    Examples
    --------
    >>> one = Template("{n} {n:plural|row|rows}[[ in {layer}]].")
    >>> one.draw({"n": 1}, lambda name, form, value: str(value), missing="?")
    '1 row.'
    >>> sorted(one.names), sorted(one.needed)
    (['layer', 'n'], ['n'])
    """

    source: str

    @property
    def names(self) -> frozenset[str]:
        """The names of all numbers that it can show."""
        return frozenset(match[1] for match in PLACE.finditer(self.source))

    @property
    def needed(self) -> frozenset[str]:
        """The names of the numbers without which it says "not measured"."""
        return frozenset(match[1] for match in PLACE.finditer(OPTIONAL.sub("", self.source)))

    def draw(self, numbers: Mapping[str, Any], draw: Draw, missing: str) -> str:
        """The sentence with its numbers."""
        parts = _parts(self.source)
        kept = (part for part, optional in parts if not optional or _all_there(part, numbers))
        return "".join(_filled(part, numbers, draw, missing) for part in kept)


@lru_cache(maxsize=1024)
def _parts(source: str) -> tuple[tuple[str, bool], ...]:
    pieces = OPTIONAL.split(source)  # every second piece stood in brackets
    return tuple((piece, index % 2 == 1) for index, piece in enumerate(pieces))


def _all_there(part: str, numbers: Mapping[str, Any]) -> bool:
    return all(is_there(numbers.get(match[1])) for match in PLACE.finditer(part))


def is_there(value: object) -> bool:
    """Whether a value says something: not None, not NaN."""
    return value is not None and not (isinstance(value, float) and not is_number(value))


def _filled(part: str, numbers: Mapping[str, Any], draw: Draw, missing: str) -> str:
    def place(match: re.Match[str]) -> str:
        name, form, choices = match[1], match[2], match[3]
        value = numbers.get(name)
        if form == "plural":
            return _plural(value, choices.split("|")[1:])
        return draw(name, form, value) if is_there(value) else missing

    return PLACE.sub(place, part)


def _plural(value: object, forms: list[str]) -> str:
    return forms[0] if value in (1, "1") else forms[-1]


def listed(values: list[str], comma: str, last: str, more: str, most: int = 5) -> str:
    """Names in a row: the first few, and how many more there are.

    Examples
    --------
    >>> listed(["a", "b", "c"], ", ", " and ", "{n} more")
    'a, b and c'
    >>> listed(list("abcdefgh"), ", ", " and ", "{n} more", most=3)
    'a, b, c and 5 more'
    """
    shown = values[:most] + ([more.replace("{n}", str(len(values) - most))] if len(values) > most else [])
    if len(shown) < 2:
        return "".join(shown)
    return comma.join(shown[:-1]) + last + shown[-1]


def names_in(values: object) -> list[str]:
    """The elements of a list as names; a single value as a list of one."""
    several = values if isinstance(values, list | tuple | set | frozenset) else [values]
    return [plain_name(value) for value in several]
