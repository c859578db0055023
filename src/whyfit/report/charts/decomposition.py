"""Where the error comes from: bias and noise, the training sample, the seed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from whyfit.evidence.question import Question
from whyfit.report.charts.kind import ChartKind, Column, Row
from whyfit.report.charts.palette import Palette
from whyfit.report.charts.style import NUMBER, SHARE, base, finished
from whyfit.report.document import DecompositionPart, Document
from whyfit.text import Words

BAR = 44
TERMS = ("bias_plus_noise", "variance_sample", "variance_seed")


def rows(document: Document, words: Words) -> Sequence[Row]:
    """One row a loss and term: its value, and its share of the error."""
    return [row for part in document.decomposition if part.error > 0 for row in _rows(part, words)]


def _rows(part: DecompositionPart, words: Words) -> list[Row]:
    """Terms that chance made negative are drawn as nothing; the table keeps what was measured."""
    values = {term: float(getattr(part, term)) for term in TERMS}
    whole = sum(max(0.0, value) for value in values.values())
    return [
        {
            "loss": words.term(part.loss),
            "term": words.label(f"chart_{term}"),
            "order": order,
            "value": value,
            "share": max(0.0, value) / whole,
        }
        for order, (term, value) in enumerate(values.items())
    ]


def draw(palette: Palette) -> Any:
    """One bar a loss, as long for each: losses have different units."""
    import altair as alt  # noqa: PLC0415

    axis = alt.Axis(format=SHARE, tickCount=5)
    bars = base().mark_bar(height=alt.RelativeBandSize(0.5), stroke=palette.rule, strokeWidth=0.5)
    chart = bars.encode(
        y=alt.Y("loss:N", sort=None, title=None, axis=alt.Axis(ticks=False, domain=False)),
        x=alt.X("share:Q", title="@chart_share", axis=axis, stack="zero", scale=alt.Scale(domainMax=1)),
        order="order:Q",
        color=alt.Color(
            "term:N",
            title="@chart_term",
            legend=alt.Legend(title=None, symbolType="square"),
            scale=alt.Scale(
                domain=[f"@chart_{term}" for term in TERMS], range=[palette.muted, palette.train, palette.stop]
            ),
        ),
        tooltip=[
            alt.Tooltip("loss:N", title="@chart_loss"),
            alt.Tooltip("term:N", title="@chart_term"),
            alt.Tooltip("value:Q", title="@chart_value", format=NUMBER),
            alt.Tooltip("share:Q", title="@chart_share", format=SHARE),
        ],
    )
    return finished(chart, palette, height={"step": BAR})


KIND = ChartKind(
    "decomposition",
    Question.BIAS_VARIANCE,
    rows,
    draw,
    (Column("loss"), Column("term"), Column("value", "number"), Column("share", "percent")),
)
