"""Which share of each layer's units is dead, or saturated, while training goes on: layers down, time across."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from whyfit.evidence.question import Question
from whyfit.report.charts.kind import ChartKind, Column, Row
from whyfit.report.charts.layers import layer_rows, plain_layers
from whyfit.report.charts.palette import Palette
from whyfit.report.charts.style import SHARE, base, finished
from whyfit.report.document import Document
from whyfit.report.series import LayerPart
from whyfit.text import Words

CELL = 34
ROOM = 38
"""Pixels of a cell that its share needs; in a narrower one the colour tells it, the pointer and the table."""
MOST_MOMENTS = 14
"""Moments in the chart: as many as leave room for the share in its cell."""


def share_rows(document: Document, words: Words, number: str, counts: Callable[[LayerPart], bool]) -> Sequence[Row]:
    """One row a layer that counts and moment, with the share as text."""
    part = plain_layers(document)
    if part is None:
        return ()
    rows = [row for row in layer_rows(document, number, MOST_MOMENTS) if counts(part.layers[_depth(row)])]
    return [row | {"label": words.value("share", "percent", row["value"])} for row in rows]


def _depth(row: Row) -> int:
    depth = row["depth"]
    assert isinstance(depth, int)
    return depth


def dead_rows(document: Document, words: Words) -> Sequence[Row]:
    """Layers with ReLU."""
    return share_rows(document, words, "dead_share", lambda layer: layer.activation == "relu")


def saturated_rows(document: Document, words: Words) -> Sequence[Row]:
    """Layers whose activation has a flat part on both sides."""
    return share_rows(document, words, "saturated_share", lambda layer: layer.activation in FLAT)


FLAT = frozenset({"sigmoid", "tanh", "hardsigmoid", "softsign"})


def _draw(palette: Palette, title: str) -> Any:
    import altair as alt  # noqa: PLC0415

    cells = base().encode(
        x=alt.X("time:O", title="@chart_time", axis=alt.Axis(labelAngle=0, labelOverlap=True)),
        y=alt.Y("layer:N", sort=None, title=None),
    )
    strength = alt.Scale(domain=[0, 1], range=[0, 0.85])
    squares = cells.mark_rect(color=palette.bad, cornerRadius=2, stroke=palette.rule, strokeWidth=1).encode(
        fillOpacity=alt.FillOpacity("value:Q", title=title, scale=strength, legend=None),
        tooltip=[
            alt.Tooltip("layer:N", title="@chart_layer"),
            alt.Tooltip("time:Q", title="@chart_time"),
            alt.Tooltip("value:Q", title=title, format=SHARE),
        ],
    )
    room = alt.ExprRef(f"width / length(domain('x')) < {ROOM} ? 0 : 1")
    shares = cells.mark_text(aria=False, fontSize=11, color=palette.ink, opacity=room).encode(text="label:N")
    return finished(squares + shares, palette, height={"step": CELL})


def draw_dead(palette: Palette) -> Any:
    """The darker the more units are dead."""
    return _draw(palette, "@chart_dead_share")


def draw_saturated(palette: Palette) -> Any:
    """The darker the more values lie in the flat part."""
    return _draw(palette, "@chart_saturated_share")


COLUMNS = (Column("layer"), Column("time", "count"), Column("value", "percent"))
DEAD = ChartKind("dead", Question.RELU, dead_rows, draw_dead, COLUMNS)
SATURATED = ChartKind("saturated", Question.SATURATION, saturated_rows, draw_saturated, COLUMNS)
