"""Training mode against evaluation mode: the loss of the same rows, and how far the same batch's outputs move."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from whyfit.evidence.question import Question
from whyfit.report.charts.kind import ChartKind, Column, Row
from whyfit.report.charts.palette import Palette
from whyfit.report.charts.style import NUMBER, base, finished
from whyfit.report.document import Document, ModePart
from whyfit.report.phrases import arm_name
from whyfit.text import Words
from whyfit.text.names import plain_name

LINE, BAR = 34, 30
ENTRY = 205
"""Pixels of a legend's entry, whose words are long here."""
NAME = 34
"""Characters of a network's name on the axis."""
DROPOUT = "dropout"
"""The remedy whose networks have no batch norm of its making; their modes stand under its own question."""
PARTS = ("training", "evaluation", "unseen")
PASSES = {Question.DROPOUT: ("dropout", "twice"), Question.BATCHNORM: ("norm", "dropout", "twice")}
"""What is drawn under each question. Dropout called as a function shows in the second pass alone, if it stays on."""


def loss_rows(document: Document, words: Words, *, dropout: bool) -> Sequence[Row]:
    """One row a network and mode: networks with dropout alone, or the others."""
    mine = (part for part in document.modes if (part.name == DROPOUT) is dropout)
    return [row for part in mine for row in _losses(part, words)]


def _losses(part: ModePart, words: Words) -> Iterator[Row]:
    for name in PARTS:
        yield {
            "network": arm_name(part.name, part.strength, words),
            "mode": words.label(f"chart_mode_{name}"),
            "value": float(getattr(part, name)),
            "fits": part.fits,
            "from": part.training,
            "to": part.evaluation,
        }


def draw_losses(palette: Palette) -> Any:
    """A dot a mode; the line between the first two is what the mode alone does."""
    import altair as alt  # noqa: PLC0415

    y = alt.Y("network:N", sort=None, title=None, axis=alt.Axis(ticks=False, domain=False, grid=False, labelLimit=300))
    scale = alt.Scale(zero=True, nice=True)
    colour = alt.Color(
        "mode:N",
        title="@chart_mode",
        legend=alt.Legend(title=None, symbolType="circle", columns=alt.ExprRef(f"max(1, floor(width / {ENTRY}))")),
        scale=alt.Scale(
            domain=[f"@chart_mode_{part}" for part in PARTS], range=[palette.train, palette.accent, palette.stop]
        ),
    )
    chart = base()
    line = chart.mark_rule(aria=False, strokeWidth=2.5, color=palette.muted).encode(
        y=y, x=alt.X("min(from):Q", title="@chart_loss", scale=scale, axis=alt.Axis(format=NUMBER)), x2="max(to):Q"
    )
    points = chart.mark_point(filled=True, size=90, opacity=1).encode(
        y=y,
        x=alt.X("value:Q", scale=scale),
        color=colour,
        tooltip=[
            alt.Tooltip("network:N", title="@chart_network"),
            alt.Tooltip("mode:N", title="@chart_mode"),
            alt.Tooltip("value:Q", title="@chart_loss", format=NUMBER),
            alt.Tooltip("fits:Q", title="@chart_fits"),
        ],
    )
    return finished(line + points, palette, height={"step": LINE})


def distance_rows(document: Document, words: Words, question: Question) -> Sequence[Row]:
    """One row a pass that was compared, where the question applies to the network."""
    passes = PASSES[question]
    if document.questions.of(question).status == "does not apply":
        return ()
    return [
        {"network": plain_name(part.network, NAME), "what": words.label(f"chart_pass_{name}"), "value": value}
        for part in document.series.passes
        if part.norm is not None
        or (question is Question.DROPOUT and (document.door == "watch" or part.dropout is not None))
        for name in passes
        if (value := getattr(part, name)) is not None
    ]


def draw_distance(palette: Palette) -> Any:
    """One bar a pass; 0 is the same output, 1 as far apart as two rows."""
    import altair as alt  # noqa: PLC0415

    chart = (
        base()
        .mark_bar(height=alt.RelativeBandSize(0.6), color=palette.train)
        .encode(
            x=alt.X(
                "value:Q",
                title="@chart_moved",
                axis=alt.Axis(format=NUMBER, tickCount=5),
                scale=alt.Scale(domain=alt.DomainUnionWith(unionWith=[0, 1])),
            ),
            y=alt.Y("what:N", sort=None, title=None, axis=alt.Axis(ticks=False, domain=False, labelLimit=240)),
            tooltip=[
                alt.Tooltip("network:N", title="@chart_network"),
                alt.Tooltip("what:N", title="@chart_pass"),
                alt.Tooltip("value:Q", title="@chart_moved", format=NUMBER),
            ],
        )
    )
    return finished(chart, palette, height={"step": BAR})


LOSSES = tuple(
    ChartKind(
        name,
        question,
        partial(loss_rows, dropout=question is Question.DROPOUT),
        draw_losses,
        (Column("network"), Column("mode"), Column("value", "number", "loss"), Column("fits", "count")),
        shared="modes",
    )
    for name, question in (("dropout_modes", Question.DROPOUT), ("modes", Question.BATCHNORM))
)
DISTANCES = tuple(
    ChartKind(
        f"{question.value}_passes",
        question,
        partial(distance_rows, question=question),
        draw_distance,
        (Column("network"), Column("what", None, "pass"), Column("value", "number", "moved")),
        shared="passes",
    )
    for question in PASSES
)
