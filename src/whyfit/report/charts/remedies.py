"""What each remedy gained, with its interval: a forest plot."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from whyfit.evidence.question import Question
from whyfit.report.charts.kind import ChartKind, Column, Row
from whyfit.report.charts.palette import Palette
from whyfit.report.charts.style import base, finished
from whyfit.report.document import Document, RemedyPart
from whyfit.text import Words

LINE = 30
VERDICTS = ("helps", "hurts", "no effect shown", "not decided")


def rows(document: Document, words: Words, question: Question) -> Sequence[Row]:
    """One row a remedy of a question, the largest gain first."""
    mine = [remedy for remedy in document.remedies if remedy.question is question]
    measured = [(remedy.gain, remedy) for remedy in mine if remedy.gain is not None]
    return [_row(remedy, words) for _, remedy in sorted(measured, key=lambda pair: -pair[0])]


def _row(remedy: RemedyPart, words: Words) -> Row:
    strength = remedy.strength
    return {
        "remedy": words.term(remedy.name),
        "strength": ""
        if strength is None
        else words.value("strength", "term" if isinstance(strength, str) else None, strength),
        "gain": remedy.gain,
        "low": remedy.low,
        "high": remedy.high,
        "delta": remedy.delta,
        "minus_delta": None if remedy.delta is None else -remedy.delta,
        "verdict": words.label(f"verdict_{remedy.verdict.replace(' ', '_')}"),
        "networks": remedy.networks,
        "variance_change": remedy.variance_change,
        "bias_change": remedy.bias_change,
        "times_as_long": remedy.times_as_long,
        "times_as_sensitive": remedy.times_as_sensitive,
    }


def draw(palette: Palette) -> Any:
    """Points with their intervals; the shaded strip is less than matters, the line is no gain."""
    import altair as alt  # noqa: PLC0415

    chart = base()
    y = alt.Y("remedy:N", sort=None, title=None, axis=alt.Axis(ticks=False, domain=False, grid=False))
    axis = alt.Axis(format="@chart_score_format", tickCount=6)
    colour = alt.Color(
        "verdict:N",
        title="@chart_verdict",
        legend=alt.Legend(title=None, symbolType="circle"),
        scale=alt.Scale(
            domain=[f"@verdict_{verdict.replace(' ', '_')}" for verdict in VERDICTS],
            range=[palette.good, palette.bad, palette.train, palette.muted],
        ),
    )
    strip = chart.mark_rect(aria=False, color=palette.muted, opacity=0.1).encode(
        x=alt.X("min(minus_delta):Q", title="@chart_gain", axis=axis), x2="max(delta):Q"
    )
    none = chart.mark_rule(aria=False, color=palette.muted).encode(x=alt.datum(0))
    interval = chart.mark_rule(aria=False, strokeWidth=2.5).encode(y=y, x="low:Q", x2="high:Q", color=colour)
    point = chart.mark_point(filled=True, size=90, opacity=1).encode(
        y=y,
        x="gain:Q",
        color=colour,
        tooltip=[
            alt.Tooltip("remedy:N", title="@chart_remedy"),
            alt.Tooltip("strength:N", title="@chart_strength"),
            alt.Tooltip("gain:Q", title="@chart_gain", format="@chart_score_format"),
            alt.Tooltip("low:Q", title="@chart_from", format="@chart_score_format"),
            alt.Tooltip("high:Q", title="@chart_to", format="@chart_score_format"),
            alt.Tooltip("verdict:N", title="@chart_verdict"),
            alt.Tooltip("networks:Q", title="@chart_networks"),
        ],
    )
    return finished(strip + none + interval + point, palette, height={"step": LINE})


COLUMNS = (
    Column("remedy"),
    Column("strength"),
    Column("gain", "points"),
    Column("low", "points", "from"),
    Column("high", "points", "to"),
    Column("verdict"),
    Column("variance_change", "points"),
    Column("bias_change", "points"),
    Column("times_as_long", "number"),
    Column("times_as_sensitive", "number"),
    Column("networks", "count"),
)
QUESTIONS = (
    Question.OVERFITTING,
    Question.INITIALIZATION,
    Question.GRADIENTS,
    Question.RELU,
    Question.SATURATION,
    Question.DROPOUT,
    Question.BATCHNORM,
)
"""Those that have remedies of their own."""


def _kind(question: Question) -> ChartKind:
    """`remedies` for the remedies of overfitting, else such as `relu_remedies`."""
    name = "remedies" if question is Question.OVERFITTING else f"{question.value}_remedies"
    return ChartKind(name, question, partial(rows, question=question), draw, COLUMNS, shared="remedies")


KINDS = tuple(_kind(question) for question in QUESTIONS)
