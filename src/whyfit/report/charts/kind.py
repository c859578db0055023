"""What a chart is: rows taken from the document, a drawing of them, and the same rows as a table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from whyfit.evidence.question import Question
from whyfit.report.charts.palette import Palette
from whyfit.report.document import Document
from whyfit.text import Words

Row: TypeAlias = dict[str, str | float | int | None]
DATA = "rows"
"""The name of the data in every compiled chart: what the page fills."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the table behind a chart: the field, the format of its values, and its label if not `field`."""

    field: str
    form: str | None = None
    label: str | None = None


@dataclass(frozen=True, slots=True)
class ChartKind:
    """One kind of chart.

    Attributes
    ----------
    name
        What `report.chart(name)` and `report.frame(name)` call it; its words are the labels `chart_NAME` (title) and
        `chart_NAME_note` (how to read it).
    question
        The section that it stands in; None for the score.
    rows
        The rows to draw, in order, from a document; none where there is nothing to draw.
    draw
        An altair chart of data named `rows`; its words are labels such as ``@chart_epoch``, filled when drawn.
    columns
        Of the table behind it, in order; their headings are labels such as ``chart_epoch``.
    shared
        Whose words it has, where several charts of one form stand under different questions.
    """

    name: str
    question: Question | None
    rows: Callable[[Document, Words], Sequence[Row]]
    draw: Callable[[Palette], Any]
    columns: tuple[Column, ...]
    shared: str = ""

    @property
    def label(self) -> str:
        """The label of its title; that of its note has `_note` behind it."""
        return f"chart_{self.shared or self.name}"

    def altair(self, palette: Palette) -> Any:
        """The drawing, with its title as its description: what a screen reader says first."""
        return self.draw(palette).properties(description=f"@{self.label}")
