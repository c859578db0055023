"""Where lines end: at spaces, and between Chinese characters, which take two columns each and have no spaces.

Never before a closing mark nor behind an opening one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator

WIDE = r"\u2e80-\u2fff\u3040-\u9fff\uf900-\ufaff\uff00-\uffef"
OPENING, CLOSING = "（“‘「《【", "，。、：；！？）”’」》】…％"
PIECE = re.compile(rf"\s+|[{OPENING}]*(?:[{WIDE}]|[^\s{WIDE}{OPENING}{CLOSING}]+)?[{CLOSING}]*")
"""What stays together: one wide character or one word, with the marks that cling to it."""
HAS_WIDE = re.compile(f"[{WIDE}]")
TWO_COLUMNS = "WF"
"""What Unicode calls wide and full-width."""


def columns(text: str) -> int:
    """How many columns of a terminal it takes.

    Examples
    --------
    >>> columns("loss"), columns("损失")
    (4, 4)
    """
    return sum(_columns_of(one) for one in text)


def _columns_of(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in TWO_COLUMNS else 1


def breaks(text: str, width: int, size: Callable[[str], int] = columns) -> list[int]:
    """Where lines of at most that many columns end; a word that is longer than a line is cut.

    Examples
    --------
    >>> text = "没有调用 model.eval()：一行的答案。"
    >>> [text[a:b] for a, b in zip([0, *breaks(text, 16)], [*breaks(text, 16), len(text)])]
    ['没有调用 ', 'model.eval()：一', '行的答案。']
    """
    ends, column = [], 0
    for start, piece in _pieces(text, width, size):
        wide = size(piece)
        if column and column + wide > width and not piece.isspace():
            ends.append(start)
            column = 0
        column += wide
    return ends


def _pieces(text: str, width: int, size: Callable[[str], int]) -> Iterator[tuple[int, str]]:
    """Pieces with their places; those that fill more than a line, character by character."""
    for match in PIECE.finditer(text):
        if size(match[0]) <= width:
            if match[0]:
                yield match.start(), match[0]
        else:
            yield from ((match.start() + place, one) for place, one in enumerate(match[0]))


def wrapped(text: str, width: int) -> list[str]:
    """The text in lines of at most that many columns.

    Examples
    --------
    >>> wrapped("Column that orders the rows in time.", 20)
    ['Column that orders', 'the rows in time.']
    """
    ends = breaks(text, width)
    return [text[begin:end].rstrip() for begin, end in zip([0, *ends], [*ends, len(text)], strict=True)]


def is_wide(text: str) -> bool:
    """Whether it holds a character that lines break beside."""
    return HAS_WIDE.search(text) is not None
