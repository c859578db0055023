"""The loss of a watched script along its steps: what it trained on, and what it computed without gradients."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from whyfit.evidence.question import Question
from whyfit.report.charts.kind import ChartKind, Column, Row
from whyfit.report.charts.palette import Palette
from whyfit.report.charts.style import NUMBER, base, finished
from whyfit.report.document import Document
from whyfit.text import Words


def rows(document: Document, words: Words) -> Sequence[Row]:
    """One row a stretch of steps, and one an evaluation."""
    series = document.series
    parts = {"train": series.loss, "held_out": series.held_out}
    return [
        {"step": step, "part": words.label(f"chart_{name}"), "mean": mean, "low": low, "high": high}
        for name, part in parts.items()
        if part is not None
        for step, mean, low, high in zip(part.steps, part.mean, part.low, part.high, strict=False)
        if mean is not None
    ]


def draw(palette: Palette) -> Any:
    """Two lines; the band around the first holds the lowest and the highest loss of each stretch."""
    import altair as alt  # noqa: PLC0415

    colour = alt.Color(
        "part:N",
        title="@chart_part",
        legend=alt.Legend(title=None, symbolType="stroke", symbolOpacity=1, symbolStrokeWidth=2.5),
        scale=alt.Scale(domain=["@chart_train", "@chart_held_out"], range=[palette.train, palette.stop]),
    )
    step = alt.X("step:Q", title="@chart_step", axis=alt.Axis(grid=False, tickMinStep=1, format=",d", tickCount=8))
    loss = alt.Y("mean:Q", title="@chart_loss", axis=alt.Axis(format=NUMBER), scale=alt.Scale(zero=True))
    across = base().encode(x=step, color=colour)
    band = across.mark_area(opacity=0.16, strokeWidth=0, aria=False).encode(
        y=alt.Y("low:Q", title="@chart_loss"), y2="high:Q"
    )
    line = across.mark_line(strokeWidth=2, aria=False).encode(y=loss)
    points = across.mark_point(filled=True, size=40).encode(
        y=loss,
        opacity=alt.condition("datum.part == '@chart_held_out'", alt.value(1), alt.value(0)),
        tooltip=[
            alt.Tooltip("part:N", title="@chart_part"),
            alt.Tooltip("step:Q", title="@chart_step", format=",d"),
            alt.Tooltip("mean:Q", title="@chart_loss", format=NUMBER),
        ],
    )
    return finished(alt.layer(band, line, points), palette)


KIND = ChartKind(
    "steps",
    Question.OVERFITTING,
    rows,
    draw,
    (
        Column("step", "count"),
        Column("part"),
        Column("mean", "number", "loss"),
        Column("low", "number", "from"),
        Column("high", "number", "to"),
    ),
)
