"""Batch norm along the steps of a watched script: how far the running statistics lie from those of the batch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from whyfit.evidence.question import Question
from whyfit.report.charts.kind import ChartKind, Column, Row
from whyfit.report.charts.layers import NAME
from whyfit.report.charts.palette import DEPTHS, Palette
from whyfit.report.charts.style import NUMBER, base, finished
from whyfit.report.document import Document
from whyfit.report.thin import thinned
from whyfit.text import Words
from whyfit.text.names import plain_name

HEIGHT = 180


def rows(document: Document, _: Words) -> Sequence[Row]:
    """One row a norm and look; of many norms some, evenly spread, as colours tell only so many apart."""
    norms = document.series.norms
    return [
        {"layer": f"{place + 1} · {plain_name(norms[place].name, NAME)}", "step": step, "lag": lag, "ratio": ratio}
        for place in thinned(len(norms), DEPTHS)
        for step, lag, ratio in zip(norms[place].steps, norms[place].lag, norms[place].ratio, strict=True)
        if lag is not None
    ]


def draw(palette: Palette) -> Any:
    """One line a norm; at zero evaluation uses what training used."""
    import altair as alt  # noqa: PLC0415

    chart = base().encode(
        x=alt.X("step:Q", title="@chart_step", axis=alt.Axis(grid=False, tickMinStep=1, format=",d", tickCount=8)),
        y=alt.Y("lag:Q", title="@chart_lag", axis=alt.Axis(format=NUMBER, tickCount=4), scale=alt.Scale(zero=True)),
        color=alt.Color(
            "layer:N",
            sort=None,
            title="@chart_layer",
            legend=alt.Legend(title=None),
            scale=alt.Scale(range=list(palette.depths)),
        ),
    )
    line = chart.mark_line(strokeWidth=2, aria=False)
    points = chart.mark_point(filled=True, size=24, opacity=1).encode(
        tooltip=[
            alt.Tooltip("layer:N", title="@chart_layer"),
            alt.Tooltip("step:Q", title="@chart_step", format=",d"),
            alt.Tooltip("lag:Q", title="@chart_lag", format=NUMBER),
            alt.Tooltip("ratio:Q", title="@chart_variance_ratio", format=NUMBER),
        ]
    )
    return finished(line + points, palette, height=HEIGHT)


KIND = ChartKind(
    "norms",
    Question.BATCHNORM,
    rows,
    draw,
    (
        Column("layer"),
        Column("step", "count"),
        Column("lag", "number"),
        Column("ratio", "number", "variance_ratio"),
    ),
)
