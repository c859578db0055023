"""How large the gradient is in each layer, while training goes on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from whyfit.evidence.question import Question
from whyfit.report.charts.kind import ChartKind, Column, Row
from whyfit.report.charts.layers import MOST_CELLS, layer_rows
from whyfit.report.charts.palette import DEPTHS, Palette
from whyfit.report.charts.style import NUMBER, base, decades, finished
from whyfit.report.document import Document
from whyfit.text import Words

CELL = 22
"""Height of one layer in a map, in pixels."""


def line_rows(document: Document, _: Words) -> Sequence[Row]:
    """Gradient norms of a network whose layers can be told apart by colour; zeros have no place on a log axis."""
    rows = positive(document, "gradient_norm")
    return rows if len({row["depth"] for row in rows}) <= DEPTHS else ()


def map_rows(document: Document, _: Words) -> Sequence[Row]:
    """Gradient norms of a deeper network."""
    rows = positive(document, "gradient_norm")
    return rows if len({row["depth"] for row in rows}) > DEPTHS else ()


def positive(document: Document, number: str, most: int = MOST_CELLS) -> list[Row]:
    """What a logarithmic axis can hold of a number of the layers, at so many moments at most."""
    rows = layer_rows(document, number, most)
    return [row for row in rows if isinstance(row["value"], float | int) and row["value"] > 0]


def _tooltip(value: str) -> list[Any]:
    import altair as alt  # noqa: PLC0415

    return [
        alt.Tooltip("layer:N", title="@chart_layer"),
        alt.Tooltip("time:Q", title="@chart_time"),
        alt.Tooltip("value:Q", title=value, format=NUMBER),
    ]


def draw_lines(palette: Palette) -> Any:
    """One line a layer on a logarithmic axis."""
    return finished(draw_by_layer(palette, "@chart_gradient_norm"), palette)


def draw_map(palette: Palette) -> Any:
    """Layers down, time across, and the darker the larger."""
    return draw_by_layer_map(palette, "@chart_gradient_norm")


def draw_by_layer(palette: Palette, value: str) -> Any:
    """One line a layer over the time, for any number that is positive; `value` is its label."""
    import altair as alt  # noqa: PLC0415

    time = alt.X("time:Q", title="@chart_time", axis=alt.Axis(grid=False, tickMinStep=1))
    norm = alt.Y(
        "value:Q",
        title=value,
        scale=alt.Scale(type="log"),
        axis=decades(5),
    )
    colour = alt.Color(
        "layer:N",
        sort=None,
        title="@chart_layer",
        legend=alt.Legend(title=None),
        scale=alt.Scale(range=list(palette.depths)),
    )
    chart = base().encode(x=time, y=norm, color=colour)
    line = chart.mark_line(strokeWidth=2, aria=False)
    points = chart.mark_point(filled=True, size=24, opacity=1).encode(tooltip=_tooltip(value))
    return line + points


def draw_by_layer_map(palette: Palette, value: str) -> Any:
    """The same where there are too many layers for colours."""
    import altair as alt  # noqa: PLC0415

    strength = alt.Opacity("value:Q", title=value, scale=alt.Scale(type="log", range=[0.06, 1]), legend=None)
    chart = base().mark_rect(color=palette.accent, cornerRadius=1)
    cells = chart.encode(
        x=alt.X("time:O", title="@chart_time", axis=alt.Axis(labelAngle=0, labelOverlap=True)),
        y=alt.Y("layer:N", sort=None, title=None),
        opacity=strength,
        tooltip=_tooltip(value),
    )
    return finished(cells, palette, height={"step": CELL})


COLUMNS = (Column("layer"), Column("time", "count"), Column("value", "number"))
LINES = ChartKind("gradients", Question.GRADIENTS, line_rows, draw_lines, COLUMNS)
MAP = ChartKind("gradient_map", Question.GRADIENTS, map_rows, draw_map, COLUMNS)
