"""Back-propagation, parameter by parameter: is the gradient right, and does it arrive?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from whyfit.evidence.question import Question
from whyfit.report.charts.kind import ChartKind, Column, Row
from whyfit.report.charts.palette import Palette
from whyfit.report.charts.style import NUMBER, base, decades, finished
from whyfit.report.document import Document
from whyfit.report.series import ParameterPart
from whyfit.text import Words
from whyfit.text.names import plain_name

NAME = 34
"""Characters of a parameter's name on the axis."""
LINE = 20
"""Height of one parameter, in pixels."""
LEAST = 1e-12
"""The least relative difference that is drawn: what rounding leaves of a central difference in float64."""
WRONG = 1e-2
"""Beyond it a gradient is called wrong, as in the exam; the difference's own error is under a tenth of it."""


def check_rows(document: Document, words: Words) -> Sequence[Row]:
    """One row a parameter, where any was held against central differences."""
    parts = document.series.parameters
    if not any(part.error is not None for part in parts):
        return ()
    return [
        _named(place, part, parts)
        | {
            "error": part.error,
            "drawn": None if part.error is None else max(part.error, LEAST),
            "side": LEAST if part.error is None else None,
            "said": _said(part, words),
            "limit": WRONG,
        }
        for place, part in enumerate(parts)
    ]


def _said(part: ParameterPart, words: Words) -> str | None:
    """Why a parameter has no number."""
    if part.error is not None:
        return None
    return words.label(
        "chart_on_a_kink" if part.kink else "chart_not_compared" if part.reached else "chart_not_reached"
    )


def arrival_rows(document: Document, words: Words) -> Sequence[Row]:
    """One row a parameter of a watched script; an exact zero has no place on a logarithmic axis and is said."""
    if document.door != "watch":
        return ()
    return list(_arrivals(document.series.parameters, words))


def _arrivals(parts: Sequence[ParameterPart], words: Words) -> Iterator[Row]:
    positive = [value for part in parts for value in (part.low, part.middle, part.high) if value]
    for place, part in enumerate(parts):
        ends = {name: getattr(part, name) or None for name in ("low", "middle", "high")}
        if not ends["high"] and part.reached and part.high is None:
            continue  # a gradient may come, and no look saw it: nothing is known
        silent = not ends["middle"]
        label = "chart_always_zero" if part.reached else "chart_not_reached"
        yield _named(place, part, parts) | {
            **(
                {"low": None, "middle": None, "high": None} if silent else ends | {"low": ends["low"] or ends["middle"]}
            ),
            "side": min(positive, default=1.0) if silent else None,
            "said": words.label(label) if silent else None,
        }


def _named(place: int, part: ParameterPart, parts: Iterable[ParameterPart]) -> Row:
    """Its place and its name; names of several networks are told apart."""
    several = len({one.network for one in parts}) > 1
    return {"place": place, "parameter": plain_name(f"{part.network}.{part.name}" if several else part.name, NAME)}


def draw_check(palette: Palette) -> Any:
    """A dot a parameter on a logarithmic axis; right of the dashed line a gradient is wrong."""
    import altair as alt  # noqa: PLC0415

    error = alt.X(
        "drawn:Q",
        title="@chart_difference",
        scale=alt.Scale(type="log", domain=alt.DomainUnionWith(unionWith=[LEAST, 1])),
        axis=alt.Axis(format="~e", values=[10.0**power for power in range(-12, 1, 2)]),
    )
    chart = base().encode(y=_parameters())
    limit = (
        base()
        .mark_rule(aria=False, strokeDash=[5, 4], strokeWidth=1.5, color=palette.bad)
        .encode(x=alt.X("min(limit):Q"))
    )
    right = alt.condition(f"datum.error > {WRONG}", alt.value(palette.bad), alt.value(palette.accent))
    points = chart.mark_point(filled=True, size=70, opacity=1).encode(
        x=error,
        color=right,
        tooltip=[
            alt.Tooltip("parameter:N", title="@chart_parameter"),
            alt.Tooltip("error:Q", title="@chart_difference", format=NUMBER),
        ],
    )
    return finished(limit + points + _words(chart, palette), palette, height={"step": LINE})


def draw_arrival(palette: Palette) -> Any:
    """A dot and the range a parameter, on a logarithmic axis; words where nothing arrives."""
    import altair as alt  # noqa: PLC0415

    axis = decades(5)
    norm = alt.X("low:Q", title="@chart_gradient_norm", scale=alt.Scale(type="log"), axis=axis)
    chart = base().encode(y=_parameters())
    ranges = chart.mark_rule(aria=False, strokeWidth=3, strokeCap="round", color=palette.muted, opacity=0.5).encode(
        x=norm, x2="high:Q"
    )
    points = chart.mark_point(filled=True, size=70, opacity=1, color=palette.train).encode(
        x=alt.X("middle:Q"),
        tooltip=[
            alt.Tooltip("parameter:N", title="@chart_parameter"),
            alt.Tooltip("middle:Q", title="@chart_median", format=NUMBER),
            alt.Tooltip("low:Q", title="@chart_from", format=NUMBER),
            alt.Tooltip("high:Q", title="@chart_to", format=NUMBER),
        ],
    )
    return finished(ranges + points + _words(chart, palette), palette, height={"step": LINE})


def _parameters() -> Any:
    import altair as alt  # noqa: PLC0415

    order = alt.EncodingSortField(field="place", op="min")
    return alt.Y("parameter:N", sort=order, title=None, axis=alt.Axis(ticks=False, domain=False, labelLimit=240))


def _words(chart: Any, palette: Palette) -> Any:
    """What has no number says why, at the left."""
    import altair as alt  # noqa: PLC0415

    return chart.mark_text(align="left", fontSize=12, color=palette.bad).encode(x=alt.X("side:Q"), text="said:N")


CHECK = ChartKind(
    "gradient_check",
    Question.BACKPROP,
    check_rows,
    draw_check,
    (Column("parameter"), Column("error", "number", "difference"), Column("said", None, "remark")),
)
ARRIVAL = ChartKind(
    "gradient_arrival",
    Question.BACKPROP,
    arrival_rows,
    draw_arrival,
    (
        Column("parameter"),
        Column("middle", "number", "median"),
        Column("low", "number", "from"),
        Column("high", "number", "to"),
        Column("said", None, "remark"),
    ),
)
