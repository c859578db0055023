"""What each alternative of a remedy, or each of its strengths, did: described, without a verdict."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from whyfit.evidence.question import Question
from whyfit.report.charts.kind import ChartKind, Column, Row
from whyfit.report.charts.palette import Palette
from whyfit.report.charts.style import NUMBER, SHARE, base, finished
from whyfit.report.document import CandidatePart, Document, RemedyPart
from whyfit.report.phrases import arm_name
from whyfit.text import Words
from whyfit.text.names import plain_name

LINE = 24
QUESTIONS = (
    Question.OVERFITTING,
    Question.INITIALIZATION,
    Question.GRADIENTS,
    Question.RELU,
    Question.SATURATION,
    Question.BATCHNORM,
)
"""Those whose remedies come in several strengths or kinds; the sweep of dropout has a chart of its own."""
UNCHANGED = "unchanged"


def rows(document: Document, words: Words, question: Question) -> Sequence[Row]:
    """The plain recipe first, then one row an alternative of each remedy that has several."""
    several = [one for one in document.remedies if one.question is question and len(one.candidates) > 1]
    if not several:
        return ()
    plain = [_row(words.label(f"chart_{UNCHANGED}"), one.unchanged) for one in several[:1] if one.unchanged]
    alone = len(several) == 1
    return [*plain, *(row for one in several for row in _rows_of(one, words, alone=alone))]


def _rows_of(remedy: RemedyPart, words: Words, *, alone: bool) -> Sequence[Row]:
    """By its alternative alone where no other remedy stands in the chart."""
    known = [one for one in remedy.candidates if one.gain is not None]
    return [_row(_name(remedy.name, one.strength, words, alone=alone), one) for one in known]


def _name(remedy: str, strength: float | str | None, words: Words, *, alone: bool) -> str:
    whole = arm_name(remedy, strength, words)
    if not alone or strength is None:
        return whole
    return plain_name(words.value("strength", "term" if isinstance(strength, str) else None, strength))


def _row(name: str, one: CandidatePart) -> Row:
    return {
        "alternative": name,
        "gain": one.gain,
        "steps": one.steps_to_target,
        "seconds": one.seconds,
        "dead": one.dead,
        "saturated": one.saturated,
        "ratio": one.gradient_ratio,
        "diverged": one.diverged,
    }


def draw(palette: Palette) -> Any:
    """Points left and right of no gain; the rest stands in the tooltip and the table."""
    import altair as alt  # noqa: PLC0415

    chart = base()
    none = chart.mark_rule(aria=False, color=palette.muted).encode(x=alt.datum(0))
    point = chart.mark_point(filled=True, size=80, opacity=1, color=palette.accent).encode(
        y=alt.Y(
            "alternative:N",
            sort=None,
            title=None,
            axis=alt.Axis(ticks=False, domain=False, grid=True, labelLimit=300),
        ),
        x=alt.X("gain:Q", title="@chart_gain", axis=alt.Axis(format="@chart_score_format", tickCount=6)),
        tooltip=[
            alt.Tooltip("alternative:N", title="@chart_alternative"),
            alt.Tooltip("gain:Q", title="@chart_gain", format="@chart_score_format"),
            alt.Tooltip("steps:Q", title="@chart_steps_to_target", format=NUMBER),
            alt.Tooltip("seconds:Q", title="@chart_seconds_a_network", format=NUMBER),
            alt.Tooltip("dead:Q", title="@chart_dead_share", format=SHARE),
            alt.Tooltip("saturated:Q", title="@chart_saturated_share", format=SHARE),
            alt.Tooltip("ratio:Q", title="@chart_gradient_ratio", format=NUMBER),
        ],
    )
    return finished(none + point, palette, height={"step": LINE})


COLUMNS = (
    Column("alternative"),
    Column("gain", "points"),
    Column("steps", "count", "steps_to_target"),
    Column("seconds", "number", "seconds_a_network"),
    Column("dead", "percent", "dead_share"),
    Column("saturated", "percent", "saturated_share"),
    Column("ratio", "number", "gradient_ratio"),
    Column("diverged", "count"),
)


def _kind(question: Question) -> ChartKind:
    name = f"{question.value}_alternatives"
    return ChartKind(name, question, partial(rows, question=question), draw, COLUMNS, shared="alternatives")


KINDS = tuple(_kind(question) for question in QUESTIONS)
