"""The two-sample test, column by column: how far two parts differ, and where that is beyond chance."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from whyfit.evidence.question import Question
from whyfit.report.charts.kind import ChartKind, Column, Row
from whyfit.report.charts.palette import Palette
from whyfit.report.charts.style import NUMBER, base, finished
from whyfit.report.document import Document
from whyfit.text import Words
from whyfit.text.names import plain_name

BAR = 22
MOST_COLUMNS = 12
"""Columns that are drawn, the most shifted first: the others lie within chance of each other."""
LEVEL = 0.05
"""After Holm's correction."""
NAME = 28
NARROWEST = 0.25
"""The axis reaches at least so far, or differences by chance would look like large ones."""


def rows(document: Document, words: Words) -> Sequence[Row]:
    """The columns of the last comparison: that with new data, where there is one."""
    if not document.series.alike:
        return ()
    part = document.series.alike[-1]
    return [
        {
            "column": plain_name(one.column, NAME),
            "distance": one.distance,
            "p": one.p,
            "shifted": words.label("chart_shifted" if one.p < LEVEL else "chart_within_chance"),
        }
        for one in part.columns[:MOST_COLUMNS]
    ]


def draw(palette: Palette) -> Any:
    """One bar a column; 0 is alike, and 1 would be nothing in common."""
    import altair as alt  # noqa: PLC0415

    chart = (
        base()
        .mark_bar(height=alt.RelativeBandSize(0.7))
        .encode(
            x=alt.X(
                "distance:Q",
                title="@chart_distance",
                scale=alt.Scale(domain=alt.DomainUnionWith(unionWith=[0, NARROWEST])),
                axis=alt.Axis(format=NUMBER, tickCount=5),
            ),
            y=alt.Y("column:N", sort=None, title=None, axis=alt.Axis(ticks=False, domain=False)),
            color=alt.Color(
                "shifted:N",
                legend=alt.Legend(title=None, symbolType="square"),
                scale=alt.Scale(domain=["@chart_shifted", "@chart_within_chance"], range=[palette.bad, palette.muted]),
            ),
            tooltip=[
                alt.Tooltip("column:N", title="@chart_column"),
                alt.Tooltip("distance:Q", title="@chart_distance", format=NUMBER),
                alt.Tooltip("p:Q", title="@chart_p", format=NUMBER),
            ],
        )
    )
    return finished(chart, palette, height={"step": BAR})


KIND = ChartKind(
    "alike",
    Question.SPLITS,
    rows,
    draw,
    (Column("column"), Column("distance", "number"), Column("p", "number"), Column("shifted", None, "verdict")),
)
