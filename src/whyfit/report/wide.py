"""Text of rich's that breaks its lines as Chinese is broken; rich itself breaks at spaces alone."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from whyfit.text.lines import breaks

if TYPE_CHECKING:
    from rich.text import Text


def wide_text(text: str, style: str = "") -> Text:
    """Text of rich's that breaks its lines so."""
    found: Text = _kind()(text, style=style)
    return found


@cache
def _kind() -> Any:
    from rich.cells import cell_len  # noqa: PLC0415
    from rich.containers import Lines  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    class Wide(Text):
        """Breaks between wide characters; rich itself breaks at spaces alone."""

        def wrap(self, console: Any, width: int, **options: Any) -> Lines:
            """Its lines."""
            if options.get("no_wrap") or "\n" in self.plain:
                return super().wrap(console, width, **options)
            lines: Lines = self.divide(breaks(self.plain, width, cell_len))
            for line in lines:
                line.rstrip()
            return lines

    return Wide
