"""Which share of each layer's units is dead, while training goes on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from whyfit.evidence.question import Question
from whyfit.report.charts.kind import ChartKind, Column, Row
from whyfit.report.charts.layers import layer_rows, plain_layers
from whyfit.report.charts.palette import Palette
from whyfit.report.charts.style import SHARE, base, finished
from whyfit.report.document import Document
from whyfit.text import Words

CELL = 34
MOST_LABELLED = 14
"""Moments up to which the share stands in its cell; beyond, the cells are too narrow."""


def rows(document: Document, words: Words) -> Sequence[Row]:
    """One row a layer with ReLU and moment, with the share as text where there is room for it."""
    part = plain_layers(document)
    if part is None:
        return ()
    relu = {depth for depth, layer in enumerate(part.layers) if layer.activation == "relu"}
    roomy = len(part.moments) <= MOST_LABELLED
    return [
        row | {"label": words.value("share", "percent", row["value"]) if roomy else ""}
        for row in layer_rows(document, "dead_share")
        if row["depth"] in relu
    ]


def draw(palette: Palette) -> Any:
    """Layers down, time across, and the darker the more units are dead."""
    import altair as alt  # noqa: PLC0415

    cells = base().encode(
        x=alt.X("time:O", title="@chart_time", axis=alt.Axis(labelAngle=0, labelOverlap=True)),
        y=alt.Y("layer:N", sort=None, title=None),
    )
    squares = cells.mark_rect(color=palette.bad, cornerRadius=2, stroke=palette.rule, strokeWidth=1).encode(
        fillOpacity=alt.FillOpacity(
            "value:Q", title="@chart_dead_share", scale=alt.Scale(domain=[0, 1], range=[0, 0.85]), legend=None
        ),
        tooltip=[
            alt.Tooltip("layer:N", title="@chart_layer"),
            alt.Tooltip("time:Q", title="@chart_time"),
            alt.Tooltip("value:Q", title="@chart_dead_share", format=SHARE),
        ],
    )
    shares = cells.mark_text(aria=False, fontSize=11, color=palette.ink).encode(text="label:N")
    return finished(squares + shares, palette, height={"step": CELL})


KIND = ChartKind(
    "dead", Question.RELU, rows, draw, (Column("layer"), Column("time", "count"), Column("value", "percent"))
)
