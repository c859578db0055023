"""The gap between both curves as a training loop prints it, taken apart."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from whyfit.evidence.question import Question
from whyfit.report.charts.kind import ChartKind, Column, Row
from whyfit.report.charts.palette import Palette
from whyfit.report.charts.style import NUMBER, base, finished
from whyfit.report.document import Document
from whyfit.text import Words

BAR = 28
SEEN = "seen"


def rows(document: Document, words: Words) -> Sequence[Row]:
    """The gap, then its parts with their signs: seen = rows + mode + average + penalty."""
    gap = document.series.gap
    part = gap.seen if gap else None
    if part is None or part.seen.value is None:
        return ()
    parts = {"rows": part.rows, "mode": part.mode, "average": part.average, "penalty": -part.penalty}
    lines: list[Row] = [{"part": words.label("chart_gap_seen"), "value": part.seen.value, "kind": SEEN}]
    return lines + [
        {"part": words.label(f"chart_gap_{name}"), "value": value or 0.0, "kind": "part"}
        for name, value in parts.items()
    ]


def draw(palette: Palette) -> Any:
    """One bar a part, to either side of nothing."""
    import altair as alt  # noqa: PLC0415

    chart = base()
    bars = chart.mark_bar(height=alt.RelativeBandSize(0.6)).encode(
        x=alt.X("value:Q", title="@chart_gap_axis", axis=alt.Axis(format=NUMBER, tickCount=6)),
        y=alt.Y("part:N", sort=None, title=None, axis=alt.Axis(ticks=False, domain=False, labelLimit=300)),
        color=alt.condition(f"datum.kind === '{SEEN}'", alt.value(palette.accent), alt.value(palette.train)),
        tooltip=[
            alt.Tooltip("part:N", title="@chart_gap_part"),
            alt.Tooltip("value:Q", title="@chart_gap_axis", format=NUMBER),
        ],
    )
    none = chart.mark_rule(aria=False, color=palette.muted).encode(x=alt.datum(0))
    return finished(bars + none, palette, height={"step": BAR})


KIND = ChartKind(
    "seen_gap",
    Question.OVERFITTING,
    rows,
    draw,
    (Column("part", None, "gap_part"), Column("value", "number", "gap_axis")),
)
