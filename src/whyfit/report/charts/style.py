"""What all charts share: type, axes, sizes."""

from __future__ import annotations

from typing import Any

from whyfit.report.charts.kind import DATA
from whyfit.report.charts.palette import Palette

FONT = "ui-sans-serif, system-ui, 'Segoe UI', 'Noto Sans', 'PingFang SC', 'Noto Sans CJK SC', sans-serif"
NUMBER = ".3~g"
"""Of tooltips and axes: three significant digits, as in the text."""
SHARE = ".3~p"
"""Of shares: three significant digits too, so that neighbouring ticks of a narrow axis differ."""
DECADES = {
    "condition": {"test": "abs(log(datum.value) / LN10 - round(log(datum.value) / LN10)) < 1e-6", "value": 1},
    "value": 0,
}
"""Lines of a logarithmic axis at powers of ten only: those between them say nothing and grey the chart."""
POWERS = (
    "datum.label === '' || (abs(datum.value) >= 1e-3 && abs(datum.value) < 1e6) "
    "? datum.label : format(datum.value, '.0e')"
)
"""Very small and very large powers of ten in one writing: 0.000001 beside 1e-7 hides that they are neighbours."""
ENTRY = 125
"""Pixels of a legend's entry: as many stand beside each other as the chart is wide."""
HEIGHT = 240
SHORTEST = 48
"""Pixels of a layer's name below an axis; where fewer are left for each, some names are left out."""


def base() -> Any:
    """An altair chart of the rows, as wide as its place, without data."""
    import altair as alt  # noqa: PLC0415  # half a second that a terminal report need not wait for

    return alt.Chart(alt.NamedData(name=DATA))


def depth_axis() -> Any:
    """An axis of layers: a name is cut where the next one begins, but for so many letters that it can be told by."""
    import altair as alt  # noqa: PLC0415

    room = alt.ExprRef(f"max({SHORTEST}, width / length(domain('x')) - 8)")
    return alt.Axis(labelAngle=0, labelOverlap=True, labelLimit=room)


def decades(ticks: int) -> Any:
    """The axis of a logarithmic scale."""
    import altair as alt  # noqa: PLC0415  # see above

    return alt.Axis(format=NUMBER, labelExpr=POWERS, tickCount=ticks, gridOpacity=DECADES, tickOpacity=DECADES)


def finished(chart: Any, palette: Palette, height: int | dict[str, int] = HEIGHT) -> Any:
    """The chart with its size and our configuration."""
    import altair as alt  # noqa: PLC0415

    sized = chart.properties(width="container", height=height)
    return (
        sized.configure(font=FONT, background="transparent", padding=4)
        .configure_view(stroke=None)
        .configure_axis(
            domainColor=palette.rule,
            tickColor=palette.rule,
            gridColor=palette.rule,
            labelColor=palette.muted,
            titleColor=palette.muted,
            labelFontSize=12,
            titleFontSize=12,
            titleFontWeight="normal",
            titlePadding=10,
            labelPadding=6,
            labelLimit=220,
            labelSeparation=6,
            tickSize=4,
        )
        .configure_legend(
            orient="top",
            direction="horizontal",
            title=None,
            labelColor=palette.ink,
            labelFontSize=12,
            symbolSize=90,
            labelLimit=220,
            columns=alt.ExprRef(f"max(1, floor(width / {ENTRY}))"),
            padding=0,
            offset=8,
        )
    )
