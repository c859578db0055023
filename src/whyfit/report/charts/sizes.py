"""The terms of the error over the size of the network, and the error over the members of an ensemble."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from whyfit.evidence.question import Question
from whyfit.report.charts.kind import ChartKind, Column, Row
from whyfit.report.charts.palette import Palette
from whyfit.report.charts.style import DECADES, base, finished
from whyfit.report.document import CapacityPart, Document
from whyfit.text import Words

TERMS = ("error", "bias_plus_noise", "variance")


def capacity_rows(document: Document, words: Words) -> Sequence[Row]:
    """One row a size and term, from small to large."""
    return [row for part in document.capacity for row in _rows(part, words)]


def _rows(part: CapacityPart, words: Words) -> list[Row]:
    hidden = "-".join(str(units) for units in part.hidden)
    return [
        {
            "hidden": hidden,
            "parameters": part.parameters,
            "term": words.label(f"chart_{term}"),
            "value": getattr(part, term),
        }
        for term in TERMS
    ]


def ensemble_rows(document: Document, words: Words) -> Sequence[Row]:  # noqa: ARG001  # as every chart's rows
    """One row a number of members."""
    errors = document.ensemble.errors if document.ensemble else ()
    return [{"members": count, "error": error} for count, error in enumerate(errors, start=1)]


def draw_capacity(palette: Palette) -> Any:
    """Three lines: as networks grow, bias falls and variance rises; the error is their sum."""
    import altair as alt  # noqa: PLC0415

    log = alt.Scale(type="log", nice=False, padding=12)
    axis = alt.Axis(format="~s", tickCount=6, gridOpacity=DECADES, tickOpacity=DECADES)
    chart = base().encode(
        x=alt.X("parameters:Q", title="@chart_parameters", scale=log, axis=axis),
        y=alt.Y("value:Q", title="@chart_error", axis=alt.Axis(format="@chart_score_format")),
        color=alt.Color(
            "term:N",
            title="@chart_term",
            legend=alt.Legend(title=None, symbolType="stroke"),
            scale=alt.Scale(
                domain=[f"@chart_{term}" for term in TERMS], range=[palette.accent, palette.muted, palette.train]
            ),
        ),
    )
    line = chart.mark_line(aria=False, strokeWidth=2)
    point = chart.mark_point(filled=True, size=60, opacity=1).encode(
        tooltip=[
            alt.Tooltip("hidden:N", title="@chart_hidden"),
            alt.Tooltip("parameters:Q", title="@chart_parameters", format=","),
            alt.Tooltip("term:N", title="@chart_term"),
            alt.Tooltip("value:Q", title="@chart_error", format="@chart_score_format"),
        ]
    )
    return finished(line + point, palette)


def draw_ensemble(palette: Palette) -> Any:
    """One falling line."""
    import altair as alt  # noqa: PLC0415

    chart = base().encode(
        x=alt.X(
            "members:Q",
            title="@chart_members",
            axis=alt.Axis(tickMinStep=1, format="d"),
            scale=alt.Scale(zero=False, nice=False, padding=12),
        ),
        y=alt.Y(
            "error:Q", title="@chart_error", axis=alt.Axis(format="@chart_score_format"), scale=alt.Scale(zero=False)
        ),
    )
    line = chart.mark_line(aria=False, color=palette.accent, strokeWidth=2)
    point = chart.mark_point(filled=True, size=60, opacity=1, color=palette.accent).encode(
        tooltip=[
            alt.Tooltip("members:Q", title="@chart_members", format="d"),
            alt.Tooltip("error:Q", title="@chart_error", format="@chart_score_format"),
        ]
    )
    return finished(line + point, palette)


CAPACITY = ChartKind(
    "capacity",
    Question.BIAS_VARIANCE,
    capacity_rows,
    draw_capacity,
    (Column("hidden"), Column("parameters", "count"), Column("term"), Column("value", "score", "error")),
)
ENSEMBLE = ChartKind(
    "ensemble",
    Question.OVERFITTING,
    ensemble_rows,
    draw_ensemble,
    (Column("members", "count"), Column("error", "score")),
)
