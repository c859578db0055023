"""Lines of Chinese: they break between any two characters, but not before a closing mark nor behind an opening one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.text import Text

WIDE = r"\u2e80-\u2fff\u3040-\u9fff\uf900-\ufaff\uff00-\uffef"
OPENING, CLOSING = "（“‘「《【", "，。、：；！？）”’」》】…％"
PIECE = re.compile(rf"\s+|[{OPENING}]*(?:[{WIDE}]|[^\s{WIDE}{OPENING}{CLOSING}]+)?[{CLOSING}]*")
"""What stays together: one wide character or one word, with the marks that cling to it."""
HAS_WIDE = re.compile(f"[{WIDE}]")


def breaks(text: str, width: int) -> list[int]:
    """Where lines of at most that many columns end; a word that is longer than a line is cut.

    Examples
    --------
    >>> text = "没有调用 model.eval()：一行的答案。"
    >>> [text[a:b] for a, b in zip([0, *breaks(text, 16)], [*breaks(text, 16), len(text)])]
    ['没有调用 ', 'model.eval()：一', '行的答案。']
    """
    from rich.cells import cell_len  # noqa: PLC0415

    ends, column = [], 0
    for start, piece in _pieces(text, width):
        size = cell_len(piece)
        if column and column + size > width and not piece.isspace():
            ends.append(start)
            column = 0
        column += size
    return ends


def _pieces(text: str, width: int) -> Iterator[tuple[int, str]]:
    """Pieces with their places; those that fill more than a line, character by character."""
    from rich.cells import cell_len  # noqa: PLC0415

    for match in PIECE.finditer(text):
        if cell_len(match[0]) <= width:
            if match[0]:
                yield match.start(), match[0]
        else:
            yield from ((match.start() + place, one) for place, one in enumerate(match[0]))


def is_wide(text: str) -> bool:
    """Whether it holds a character that lines break beside."""
    return HAS_WIDE.search(text) is not None


def wide_text(text: str, style: str = "") -> Text:
    """Text of rich's that breaks its lines so."""
    found: Text = _kind()(text, style=style)
    return found


@cache
def _kind() -> Any:
    from rich.containers import Lines  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    class Wide(Text):
        """Breaks between wide characters; rich itself breaks at spaces alone."""

        def wrap(self, console: Any, width: int, **options: Any) -> Lines:
            """Its lines."""
            if options.get("no_wrap") or "\n" in self.plain:
                return super().wrap(console, width, **options)
            lines: Lines = self.divide(breaks(self.plain, width))
            for line in lines:
                line.rstrip()
            return lines

    return Wide
