"""How good each class is predicted, against the whole."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from whyfit.report.charts.kind import ChartKind, Column, Row
from whyfit.report.charts.palette import Palette
from whyfit.report.charts.style import NUMBER, SHARE, base, finished
from whyfit.report.document import Document
from whyfit.text import Words
from whyfit.text.names import plain_name

NAME = 28
BAR = 22
MOST_CLASSES = 40
"""Classes in the chart, the worst ones: a chart of a thousand bars shows nothing."""


def rows(document: Document, _: Words) -> Sequence[Row]:
    """One row a class, in the order of the classes, or the worst where there are many."""
    if document.score is None:
        return ()
    classes = document.score.per_class
    kept = sorted(classes, key=lambda one: -one.error)[:MOST_CLASSES] if len(classes) > MOST_CLASSES else classes
    whole = document.score.mean
    return [
        {
            "class": plain_name(one.name, NAME),
            "order": order,
            "error": one.error,
            "low": one.low,
            "high": one.high,
            "rows": one.rows,
            "needed": one.needed,
            "whole": whole,
        }
        for order, one in enumerate(kept)
    ]


def draw(palette: Palette) -> Any:
    """Bars, with a line where the error of all rows stands."""
    import altair as alt  # noqa: PLC0415

    chart = base().encode(y=alt.Y("class:N", sort=None, title=None, axis=alt.Axis(ticks=False, domain=False)))
    error = alt.X("error:Q", title="@chart_error", axis=alt.Axis(format=SHARE, tickCount=6))
    bars = chart.mark_bar(color=palette.accent, height=alt.RelativeBandSize(0.62)).encode(
        x=error,
        tooltip=[
            alt.Tooltip("class:N", title="@chart_class"),
            alt.Tooltip("error:Q", title="@chart_error", format=SHARE),
            alt.Tooltip("rows:Q", title="@chart_rows", format=NUMBER),
        ],
    )
    whole = base().mark_rule(aria=False, color=palette.ink, strokeDash=[4, 3]).encode(x="mean(whole):Q")
    return finished(bars + whole, palette, height={"step": BAR})


COLUMNS = (
    Column("class"),
    Column("error", "percent"),
    Column("low", "percent", "from"),
    Column("high", "percent", "to"),
    Column("rows", "count"),
    Column("needed", "count"),
)
KIND = ChartKind("per_class", None, rows, draw, COLUMNS)
