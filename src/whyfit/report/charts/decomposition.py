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
ENTRY = 165
"""Pixels of a legend's entry, whose words are long here."""
TERMS = ("bias_plus_noise", "variance_sample", "variance_seed")


def rows(document: Document, words: Words) -> Sequence[Row]:
    """One row a loss and term: its value, and its share of the error."""
    return [row for part in document.decomposition if part.error > 0 for row in _rows(part, words)]


def _rows(part: DecompositionPart, words: Words) -> list[Row]:
    """Terms that chance made negative are drawn as nothing; the table keeps what was measured."""
    values = {term: float(getattr(part, term)) for term in TERMS}
    whole = sum(max(0.0, value) for value in values.values())
    noise = _noise(part, whole)
    rows: list[Row] = [
        {
            "loss": words.term(part.loss),
            "term": words.label(f"chart_{term}"),
            "order": order,
            "value": value,
            "share": max(0.0, value) / whole,
            "low": part.intervals.get(term, (None, None))[0],
            "high": part.intervals.get(term, (None, None))[1],
            "noise_from": noise[0],
            "noise_to": noise[1],
        }
        for order, (term, value) in enumerate(values.items())
    ]
    return [*rows, _of_noise(part, words)] if part.noise else rows


def _noise(part: DecompositionPart, whole: float) -> tuple[float | None, float | None]:
    """Where the noise can lie, as shares of the error; nothing where it is not known."""
    noise = part.noise
    if noise is None or noise.high is None:
        return None, None
    return max(0.0, noise.low or 0.0) / whole, min(1.0, max(0.0, noise.high) / whole)


def _of_noise(part: DecompositionPart, words: Words) -> Row:
    """Its row in the table."""
    noise = part.noise
    assert noise is not None
    known: Row = {"value": noise.value, "low": noise.low, "high": noise.high}
    return {"loss": words.term(part.loss), "term": words.label("chart_noise"), "share": None} | known


def draw(palette: Palette) -> Any:
    """One bar a loss, as long for each: losses have different units; the line below is where noise can lie."""
    import altair as alt  # noqa: PLC0415

    axis = alt.Axis(format=SHARE, tickCount=5)
    shares = base().transform_filter("isValid(datum.share)")
    bars = shares.mark_bar(height=alt.RelativeBandSize(0.5), stroke=palette.rule, strokeWidth=0.5)
    chart = bars.encode(
        y=alt.Y("loss:N", sort=None, title=None, axis=alt.Axis(ticks=False, domain=False)),
        x=alt.X("share:Q", title="@chart_share", axis=axis, stack="zero", scale=alt.Scale(domainMax=1)),
        order="order:Q",
        color=alt.Color(
            "term:N",
            title="@chart_term",
            legend=alt.Legend(title=None, symbolType="square", columns=alt.ExprRef(f"max(1, floor(width / {ENTRY}))")),
            scale=alt.Scale(
                domain=[f"@chart_{term}" for term in TERMS], range=[palette.muted, palette.train, palette.stop]
            ),
        ),
        tooltip=[
            alt.Tooltip("loss:N", title="@chart_loss"),
            alt.Tooltip("term:N", title="@chart_term"),
            alt.Tooltip("value:Q", title="@chart_value", format=NUMBER),
            alt.Tooltip("share:Q", title="@chart_share", format=SHARE),
            alt.Tooltip("low:Q", title="@chart_from", format=NUMBER),
            alt.Tooltip("high:Q", title="@chart_to", format=NUMBER),
        ],
    )
    noise = shares.mark_rule(aria=False, color=palette.ink, strokeWidth=2.5, yOffset=BAR / 2 - 6).encode(
        y=alt.Y("loss:N", sort=None), x=alt.X("min(noise_from):Q"), x2="max(noise_to):Q"
    )
    return finished(chart + noise, palette, height={"step": BAR})


KIND = ChartKind(
    "decomposition",
    Question.BIAS_VARIANCE,
    rows,
    draw,
    (
        Column("loss"),
        Column("term"),
        Column("value", "number"),
        Column("share", "percent"),
        Column("low", "number", "from"),
        Column("high", "number", "to"),
    ),
)
