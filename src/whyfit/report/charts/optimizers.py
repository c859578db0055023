"""The race of the optimisers: each at its own best rate, and the band of rates that are sound."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from whyfit.evidence.question import Question
from whyfit.report.charts.kind import ChartKind, Column, Row
from whyfit.report.charts.palette import Palette
from whyfit.report.charts.style import NUMBER, base, decades, finished
from whyfit.report.document import Document, OptimizerPart
from whyfit.text import Words

LINE = 28


def rows(document: Document, words: Words) -> Sequence[Row]:
    """One row an optimiser, the best first."""
    ranked = sorted(document.optimizers, key=lambda one: one.error)
    return [_row(one, words) for one in ranked]


def _row(one: OptimizerPart, words: Words) -> Row:
    low, high = one.stable or (None, None)
    return {
        "optimizer": words.term(one.name),
        "error": one.error,
        "low": one.low,
        "high": one.high,
        "best_rate": one.best_lr,
        "lowest_rate": low,
        "highest_rate": high,
        "steps": one.steps_to_target,
    }


def rate_rows(document: Document, words: Words) -> Sequence[Row]:
    """The same, for rates that a logarithmic axis can hold."""
    return [row for row in rows(document, words) if isinstance(row["best_rate"], float) and row["best_rate"] > 0]


def draw_race(palette: Palette) -> Any:
    """Errors with their intervals."""
    import altair as alt  # noqa: PLC0415

    error = alt.X(
        "error:Q", title="@chart_error", axis=alt.Axis(format="@chart_score_format"), scale=alt.Scale(zero=False)
    )
    chart = base().encode(y=alt.Y("optimizer:N", sort=None, title=None, axis=alt.Axis(ticks=False, domain=False)))
    interval = chart.mark_rule(aria=False, color=palette.accent, strokeWidth=2.5).encode(x="low:Q", x2="high:Q")
    point = chart.mark_point(filled=True, size=90, opacity=1, color=palette.accent).encode(
        x=error,
        tooltip=[
            alt.Tooltip("optimizer:N", title="@chart_optimizer"),
            alt.Tooltip("error:Q", title="@chart_error", format="@chart_score_format"),
            alt.Tooltip("best_rate:Q", title="@chart_best_rate", format=NUMBER),
            alt.Tooltip("steps:Q", title="@chart_steps_to_target", format=NUMBER),
        ],
    )
    return finished(interval + point, palette, height={"step": LINE})


def draw_rates(palette: Palette) -> Any:
    """Bands of sound rates, with the best one."""
    import altair as alt  # noqa: PLC0415

    log = alt.Scale(type="log")
    axis = decades(6)
    rate = alt.X("best_rate:Q", title="@chart_rate", scale=log, axis=axis)
    chart = base().encode(y=alt.Y("optimizer:N", sort=None, title=None, axis=alt.Axis(ticks=False, domain=False)))
    band = chart.mark_bar(aria=False, color=palette.accent, opacity=0.25, height=alt.RelativeBandSize(0.5)).encode(
        x=alt.X("lowest_rate:Q", scale=log), x2="highest_rate:Q"
    )
    best = chart.mark_point(filled=True, size=90, opacity=1, color=palette.accent).encode(
        x=rate,
        tooltip=[
            alt.Tooltip("optimizer:N", title="@chart_optimizer"),
            alt.Tooltip("best_rate:Q", title="@chart_best_rate", format=NUMBER),
            alt.Tooltip("lowest_rate:Q", title="@chart_from", format=NUMBER),
            alt.Tooltip("highest_rate:Q", title="@chart_to", format=NUMBER),
        ],
    )
    return finished(band + best, palette, height={"step": LINE})


RACE = ChartKind(
    "optimizers",
    Question.OPTIMIZERS,
    rows,
    draw_race,
    (
        Column("optimizer"),
        Column("error", "score"),
        Column("low", "score", "from"),
        Column("high", "score", "to"),
        Column("steps", "count", "steps_to_target"),
    ),
)
RATES = ChartKind(
    "rates",
    Question.OPTIMIZERS,
    rate_rows,
    draw_rates,
    (
        Column("optimizer"),
        Column("best_rate", "number"),
        Column("lowest_rate", "number", "from"),
        Column("highest_rate", "number", "to"),
    ),
)
