"""What dropout and batch norm do in the four cases: forward and backward, in training and in evaluation mode."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from whyfit.evidence.question import Question
from whyfit.report.charts.kind import ChartKind, Column, Row
from whyfit.report.charts.palette import Palette
from whyfit.report.charts.style import SHARE, base, finished
from whyfit.report.document import CasePart, Document
from whyfit.report.phrases import arm_name
from whyfit.text import Words
from whyfit.text.names import plain_name

CELL = 34
"""Pixels of a cell's height."""
ROOM = 52
"""Pixels of a cell's width that its words need; in a narrower one the pointer tells them, and the table."""
NAME = 22
"""Characters of a layer's name on the axis."""
WORD = 66
"""Pixels that the longest word of a case takes at 12 px; where a case has fewer, its words are smaller."""
NARROW, NAMED = 400, 100
"""On a telephone a layer's name leaves room for the four cases."""
BROKEN = "split(datum.label, ', ')"
"""The two words of a case in two lines: four cases stand beside each other on a telephone, too."""


def rows(document: Document, words: Words) -> Sequence[Row]:
    """Two rows a module and mode: what it does forward, and to the gradient."""
    return [row for part in document.cases for row in _rows(part, words)]


def _rows(part: CasePart, words: Words) -> Iterator[Row]:
    same: Row = {
        "network": arm_name(part.name, part.strength, words),
        "layer": f"{plain_name(part.layer, NAME)}, {words.label(f'chart_case_{part.kind}')}",
        "ratio": part.variance_ratio if part.mode == "training" else None,
        "learning": part.learning,
    }
    if part.kind == "dropout":
        forward, says = part.dropped, words.value("share", "percent", part.dropped)
    else:
        forward, says = 0.0, words.label("chart_case_batch" if part.by_batch else "chart_case_running")
    yield same | {"case": words.label(f"chart_case_forward_{part.mode}"), "stopped": forward, "label": says}
    if part.stopped is not None:
        says = words.value("share", "percent", part.stopped)
        yield same | {"case": words.label(f"chart_case_backward_{part.mode}"), "stopped": part.stopped, "label": says}


def draw(palette: Palette) -> Any:
    """A cell a case: the darker the more is stopped; what batch norm takes its statistics from stands in words."""
    import altair as alt  # noqa: PLC0415

    cells = base().encode(
        x=alt.X(
            "case:N",
            sort=None,
            title=None,
            axis=alt.Axis(
                labelAngle=0,
                orient="top",
                labelLimit=150,
                labelFontSize=alt.ExprRef(f"width / length(domain('x')) < {WORD} ? 10 : 12"),
                domain=False,
                ticks=False,
                labelExpr=BROKEN,
                labelPadding=20,
            ),
        ),
        y=alt.Y(
            "layer:N",
            sort=None,
            title=None,
            axis=alt.Axis(domain=False, ticks=False, labelLimit=alt.ExprRef(f"width < {NARROW} ? {NAMED} : 220")),
        ),
    )
    squares = cells.mark_rect(color=palette.accent, cornerRadius=2, stroke=palette.rule, strokeWidth=1).encode(
        fillOpacity=alt.FillOpacity(
            "stopped:Q", title="@chart_stopped", scale=alt.Scale(domain=[0, 1], range=[0, 0.6]), legend=None
        ),
        tooltip=[
            alt.Tooltip("network:N", title="@chart_network"),
            alt.Tooltip("layer:N", title="@chart_layer"),
            alt.Tooltip("case:N", title="@chart_case"),
            alt.Tooltip("label:N", title="@chart_does"),
            alt.Tooltip("stopped:Q", title="@chart_stopped", format=SHARE),
        ],
    )
    room = alt.ExprRef(f"width / length(domain('x')) < {ROOM} ? 0 : 1")
    says = cells.mark_text(aria=False, fontSize=11, color=palette.ink, opacity=room).encode(text="label:N")
    return finished(squares + says, palette, height={"step": CELL})


KIND = ChartKind(
    "cases",
    Question.BATCHNORM,
    rows,
    draw,
    (
        Column("network"),
        Column("layer"),
        Column("case"),
        Column("label", None, "does"),
        Column("stopped", "percent"),
        Column("ratio", "number", "variance_shift"),
        Column("learning", "percent"),
    ),
)
