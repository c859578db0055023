"""The sweep of the dropout rates: what each rate gained, before any was chosen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from whyfit.evidence.question import Question
from whyfit.report.charts.kind import ChartKind, Column, Row
from whyfit.report.charts.palette import Palette
from whyfit.report.charts.style import NUMBER, base, finished
from whyfit.report.document import Document
from whyfit.text import Words

SWEPT = "dropout"
"""The remedy whose candidates are rates."""
HEIGHT = 180


def rows(document: Document, _: Words) -> Sequence[Row]:
    """One row a rate, in order; the rate 0 is the plain recipe, against which gains are measured."""
    swept = next((one for one in document.remedies if one.name == SWEPT), None)
    found: list[Row] = [
        {"rate": one.strength, "gain": one.gain, "seconds": one.seconds}
        for one in (swept.candidates if swept else ())
        if isinstance(one.strength, float | int) and one.gain is not None
    ]
    return sorted(found, key=lambda row: float(row["rate"] or 0)) if len(found) > 1 else ()


def draw(palette: Palette) -> Any:
    """A line through the rates; above the rule is better than without dropout."""
    import altair as alt  # noqa: PLC0415

    chart = base().encode(
        x=alt.X(
            "rate:Q",
            title="@chart_dropout_rate",
            scale=alt.Scale(domain=[0, 1]),
            axis=alt.Axis(format=NUMBER, tickCount=6),
        ),
        y=alt.Y("gain:Q", title="@chart_gain", axis=alt.Axis(format="@chart_score_format", tickCount=5)),
    )
    none = base().mark_rule(aria=False, color=palette.muted).encode(y=alt.datum(0))
    line = chart.mark_line(aria=False, color=palette.accent, strokeWidth=2)
    points = chart.mark_point(filled=True, size=80, opacity=1, color=palette.accent).encode(
        tooltip=[
            alt.Tooltip("rate:Q", title="@chart_dropout_rate", format=NUMBER),
            alt.Tooltip("gain:Q", title="@chart_gain", format="@chart_score_format"),
            alt.Tooltip("seconds:Q", title="@chart_seconds_a_network", format=NUMBER),
        ]
    )
    return finished(none + line + points, palette, height=HEIGHT)


KIND = ChartKind(
    "dropout_sweep",
    Question.DROPOUT,
    rows,
    draw,
    (
        Column("rate", "number", "dropout_rate"),
        Column("gain", "points"),
        Column("seconds", "number", "seconds_a_network"),
    ),
)
