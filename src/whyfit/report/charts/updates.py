"""How far a step moves the weights of each layer, over how large they are, and the learning rate it took."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from whyfit.evidence.question import Question
from whyfit.report.charts.gradients import COLUMNS, draw_by_layer, draw_by_layer_map, positive
from whyfit.report.charts.kind import ChartKind, Column, Row
from whyfit.report.charts.palette import DEPTHS, Palette
from whyfit.report.charts.style import NUMBER, base, finished
from whyfit.report.document import Document
from whyfit.text import Words

NUMBER_OF = "update_ratio"
COMMON = 1e-3
"""Update over weight that is common in healthy training (Karpathy's rule of thumb); drawn, never judged by."""
HEIGHT = 150
MOST_MOMENTS = 6
"""In the map, whose hundred layers would else take a fifth of the page."""


def line_rows(document: Document, _: Words) -> Sequence[Row]:
    """One row a layer and moment, of a network whose layers can be told apart by colour."""
    if _layers(document) > DEPTHS:
        return ()
    return [row | {"common": COMMON} for row in positive(document, NUMBER_OF)]


def map_rows(document: Document, _: Words) -> Sequence[Row]:
    """The same of a deeper network."""
    return positive(document, NUMBER_OF, MOST_MOMENTS) if _layers(document) > DEPTHS else ()


def _layers(document: Document) -> int:
    return len({row["depth"] for row in positive(document, NUMBER_OF)})


def draw_lines(palette: Palette) -> Any:
    """One line a layer on a logarithmic axis; a dashed one at what is common."""
    common = base().mark_rule(aria=False, color=palette.muted, strokeDash=[4, 4]).encode(y="min(common):Q")
    return finished(common + draw_by_layer(palette, "@chart_update_ratio"), palette)


def draw_map(palette: Palette) -> Any:
    """Layers down, time across, and the darker the larger."""
    return draw_by_layer_map(palette, "@chart_update_ratio")


def rate_rows(document: Document, _: Words) -> Sequence[Row]:
    """One row a look, where the rate changed: a constant one is said, not drawn."""
    part = document.series.rates
    if part is None or len(set(part.rates)) < 2:
        return ()
    return [{"step": step, "rate": rate} for step, rate in zip(part.steps, part.rates, strict=True)]


def draw_rate(palette: Palette) -> Any:
    """A line over the steps; a rate of zero has its place on the axis."""
    import altair as alt  # noqa: PLC0415

    step = alt.X("step:Q", title="@chart_step", axis=alt.Axis(grid=False, tickMinStep=1, format=",d", tickCount=8))
    rate = alt.Y("rate:Q", title="@chart_rate", axis=alt.Axis(format=NUMBER, tickCount=4), scale=alt.Scale(zero=True))
    chart = base().encode(x=step, y=rate)
    line = chart.mark_line(strokeWidth=2, aria=False, color=palette.accent, interpolate="step-after")
    points = chart.mark_point(filled=True, size=36, opacity=1, color=palette.accent).encode(
        tooltip=[
            alt.Tooltip("step:Q", title="@chart_step", format=",d"),
            alt.Tooltip("rate:Q", title="@chart_rate", format=NUMBER),
        ]
    )
    return finished(line + points, palette, height=HEIGHT)


LINES = ChartKind("updates", Question.OPTIMIZERS, line_rows, draw_lines, COLUMNS)
MAP = ChartKind("update_map", Question.OPTIMIZERS, map_rows, draw_map, COLUMNS)
RATE = ChartKind(
    "rate_by_step",
    Question.OPTIMIZERS,
    rate_rows,
    draw_rate,
    (Column("step", "count"), Column("rate", "number")),
)
