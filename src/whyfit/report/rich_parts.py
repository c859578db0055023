"""The few rich parts that the terminal report is made of; rich itself is imported when the first is made."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from whyfit.report.wide import wide_text
from whyfit.text.lines import is_wide

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table


def styled(text: str, style: str = "") -> RenderableType:
    """Text as it stands: no markup in it is read."""
    from rich.text import Text  # noqa: PLC0415  # rich takes a tenth of a second that `--help` need not wait for

    return wide_text(text, style) if is_wide(text) else Text(text, style=style)


def section(title: str) -> Iterator[RenderableType]:
    """A heading with a line of space before it."""
    yield styled("")
    yield styled(title, "bold underline")


def width_for(texts: Iterable[str], most: int) -> int:
    """Columns that the longest of these texts takes, at most so many."""
    from rich.cells import cell_len  # noqa: PLC0415

    return min(most, max(map(cell_len, texts), default=0))


def grid(*widths: int, wraps: bool = False) -> Table:
    """Columns of at least these widths, and a last one that takes what is left; the first may wrap at its width."""
    from rich.table import Table  # noqa: PLC0415

    table = Table.grid(padding=(0, 2, 0, 0))
    for place, width in enumerate(widths):
        if wraps and place == 0:
            table.add_column(width=width, overflow="fold")
        else:
            table.add_column(min_width=width, no_wrap=True)
    table.add_column(ratio=1, overflow="fold")
    return table
