"""The learning curve: the error over the number of training rows, and a projection beyond them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

from whyfit.evidence.question import Question
from whyfit.report.charts.kind import ChartKind, Column, Row
from whyfit.report.charts.palette import Palette
from whyfit.report.charts.style import base, finished
from whyfit.report.document import Document, LearningCurvePart, SizePart
from whyfit.text import Words

POINTS = 40
"""Of the law's line: straight pieces that nobody tells from a curve."""
KINDS = ("measured", "projected")


def rows(document: Document, words: Words) -> Sequence[Row]:
    """One row a size, then points of the law, from the fewest rows to the furthest projection."""
    curve = document.learning_curve
    if curve is None or len(curve.points) < len(KINDS):
        return ()
    measured = [_row(one, words.label("chart_measured")) for one in curve.points]
    projected = [_row(one, words.label("chart_projected")) for one in curve.projection]
    return [*measured, *projected, *_law(curve)]


def _row(one: SizePart, kind: str) -> Row:
    return {
        "rows": one.rows,
        "error": one.error,
        "low": one.low,
        "high": one.high,
        "kind": kind,
        "at": None,
        "law": None,
    }


def _law(curve: LearningCurvePart) -> Iterator[Row]:
    law, sizes = curve.law, [one.rows for one in (*curve.points, *curve.projection)]
    if law is None or not curve.projection:
        return
    step = (sizes[-1] / sizes[0]) ** (1 / (POINTS - 1))
    for place in range(POINTS):
        size = sizes[0] * step**place
        error = law.floor + law.scale * _power(size, -law.exponent)
        law_there = error if math.isfinite(error) else None
        yield {"rows": None, "error": None, "low": None, "high": None, "kind": None, "at": size, "law": law_there}


def _power(size: float, exponent: float) -> float:
    """Infinite where it is too large for a number: a stored report may hold any exponent."""
    try:
        return float(size**exponent)
    except OverflowError:
        return math.inf


def draw(palette: Palette) -> Any:
    """Points with their intervals; the dashed line is the law, and what lies beyond all rows has another colour."""
    import altair as alt  # noqa: PLC0415

    colour = alt.Color(
        "kind:N",
        title="@chart_kind",
        legend=alt.Legend(title=None, symbolType="circle"),
        scale=alt.Scale(domain=[f"@chart_{kind}" for kind in KINDS], range=[palette.train, palette.stop]),
    )
    axis = alt.Axis(format="~s", tickCount=6, grid=False)
    scale = alt.Scale(type="log", nice=False, padding=12)
    x = alt.X("rows:Q", title="@chart_training_rows", scale=scale, axis=axis)
    number = alt.Axis(format="@chart_score_format", tickCount=5)
    measured = base().transform_filter("datum.law === null")
    interval = measured.mark_rule(aria=False, strokeWidth=2).encode(
        x=x, y=alt.Y("low:Q", title="@chart_error", axis=number), y2="high:Q", color=colour
    )
    points = measured.mark_point(filled=True, size=90, opacity=1).encode(
        x=x,
        y="error:Q",
        color=colour,
        tooltip=[
            alt.Tooltip("kind:N", title="@chart_kind"),
            alt.Tooltip("rows:Q", title="@chart_training_rows", format=","),
            alt.Tooltip("error:Q", title="@chart_error", format="@chart_score_format"),
            alt.Tooltip("low:Q", title="@chart_from", format="@chart_score_format"),
            alt.Tooltip("high:Q", title="@chart_to", format="@chart_score_format"),
        ],
    )
    law = (
        base()
        .transform_filter("datum.law !== null")
        .mark_line(aria=False, color=palette.muted, strokeWidth=1.5, strokeDash=[5, 4])
        .encode(x=alt.X("at:Q", scale=scale), y="law:Q")
    )
    return finished(law + interval + points, palette)


KIND = ChartKind(
    "learning_curve",
    Question.OVERFITTING,
    rows,
    draw,
    (
        Column("rows", "count", "training_rows"),
        Column("kind"),
        Column("error", "score"),
        Column("low", "bare", "from"),
        Column("high", "bare", "to"),
    ),
)
