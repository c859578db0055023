"""Rich parts as plain text of 80 columns, and text onto a stream whatever its encoding."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from rich.console import RenderableType

WIDTH = 80
"""Columns: what every terminal, mail and CI log has room for."""


def as_text(parts: Iterable[RenderableType], *, colour: bool, width: int = WIDTH) -> str:
    """The parts one below the other, without trailing space; control codes only where colour is wanted."""
    from rich.console import Console  # noqa: PLC0415  # rich takes a tenth of a second that `--help` need not wait for

    out = io.StringIO()
    console = Console(
        file=out,
        width=width,
        force_terminal=colour,
        color_system="standard" if colour else None,
        highlight=False,
        markup=False,
        emoji=False,
        legacy_windows=False,
    )
    for part in parts:
        console.print(part)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n"


def write_to(file: TextIO, text: str) -> None:
    """Write text; what the stream's encoding lacks becomes a question mark instead of an error."""
    encoding = file.encoding or "utf-8"
    file.write(text.encode(encoding, errors="replace").decode(encoding))
