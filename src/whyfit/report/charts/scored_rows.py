"""The rows that a watched script scored: were they new to it, or had it trained on them?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from whyfit.evidence.question import Question
from whyfit.report.boil_watch import ALL_ROWS
from whyfit.report.charts.kind import ChartKind, Column, Row
from whyfit.report.charts.palette import Palette
from whyfit.report.charts.style import base, finished
from whyfit.report.document import Document
from whyfit.text import Words
from whyfit.text.names import plain_name

BAR, NAME = 30, 28


def rows(document: Document, words: Words) -> Sequence[Row]:
    """Two rows a dataset: what was new, and what had been trained on."""
    return list(_rows(document, words))


def _rows(document: Document, words: Words) -> Iterator[Row]:
    for place, part in enumerate(document.series.scored):
        own = words.label("chart_all_rows") if part.name == ALL_ROWS else plain_name(part.name, NAME)
        for what, count in (("new", part.rows - part.known), ("known", part.known)):
            yield {"dataset": f"{place + 1} · {own}", "seen": words.label(f"chart_rows_{what}"), "rows": count}


def draw(palette: Palette) -> Any:
    """One bar a dataset."""
    import altair as alt  # noqa: PLC0415

    colour = alt.Color(
        "seen:N",
        title="@chart_seen",
        legend=alt.Legend(title=None, symbolType="square"),
        scale=alt.Scale(domain=["@chart_rows_new", "@chart_rows_known"], range=[palette.train, palette.bad]),
    )
    chart = (
        base()
        .mark_bar(height=alt.RelativeBandSize(0.6))
        .encode(
            x=alt.X("rows:Q", title="@chart_rows", axis=alt.Axis(format=",d", tickMinStep=1, tickCount=6)),
            y=alt.Y("dataset:N", sort=None, title=None, axis=alt.Axis(ticks=False, domain=False)),
            color=colour,
            order=alt.Order("seen:N", sort="descending"),
            tooltip=[
                alt.Tooltip("dataset:N", title="@chart_dataset"),
                alt.Tooltip("seen:N", title="@chart_seen"),
                alt.Tooltip("rows:Q", title="@chart_rows", format=",d"),
            ],
        )
    )
    return finished(chart, palette, height={"step": BAR})


KIND = ChartKind(
    "scored_rows",
    Question.SPLITS,
    rows,
    draw,
    (Column("dataset"), Column("seen"), Column("rows", "count")),
)
