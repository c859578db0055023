"""Strings from outside, made fit to stand in a sentence: nothing in them steers a terminal or breaks a layout."""

from __future__ import annotations

import unicodedata

NAME_LENGTH = 60
"""Characters of a name that are drawn: chosen so that a name leaves room for a sentence in 80 columns."""

UNPRINTED = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Unicode categories that are not drawn as they are: control codes, marks that turn the direction of writing, …"""


def plain_name(name: object, length: int = NAME_LENGTH) -> str:
    r"""One line of at most `length` characters: control and direction marks as ``\u202e``, the middle left out.

    Examples
    --------
    >>> plain_name("fc1")
    'fc1'
    >>> plain_name("a\nb")
    'a\\nb'
    >>> plain_name("x" * 200, length=9)
    'xxxx…xxxx'
    """
    # Cut before looking at every character: a name of a million characters costs no more than a short one.
    text = str(name)
    visible = "".join(_visible(character) for character in _cut(text, 4 * length))
    return _cut(visible, length)


def _visible(character: str) -> str:
    if unicodedata.category(character) not in UNPRINTED:
        return character
    return character.encode("unicode_escape", "backslashreplace").decode("ascii")


def _cut(text: str, length: int) -> str:
    if len(text) <= length:
        return text
    half = (length - 1) // 2
    return f"{text[:half]}…{text[len(text) - half :]}"
