"""The activation, its derivative, and where the values of each layer lie on them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from whyfit.evidence.question import Question
from whyfit.report.charts.kind import ChartKind, Column, Row
from whyfit.report.charts.layers import layer_name, plain_layers
from whyfit.report.charts.palette import Palette
from whyfit.report.charts.style import NUMBER, SHARE, base, finished
from whyfit.report.document import Document
from whyfit.report.series import ActivationPart, LayerPart
from whyfit.text import Words

MOST_LAYERS = 8
"""Layers whose values are drawn below the curve; of more, those spread evenly."""
GAP = 0.09
"""Of the height of the curves, between two of these bars."""
DEVIATIONS = 2.0
"""Standard deviations to either side of the mean that a bar reaches: nineteen values in twenty, were they normal."""


def rows(document: Document, words: Words) -> Sequence[Row]:
    """The points of both curves, and one bar a layer over the middle of the values that came to it."""
    part = document.series.activation
    if part is None:
        return ()
    return [*_curves(part, words), *_bars(part, document, words)]


def _curves(part: ActivationPart, words: Words) -> Iterator[Row]:
    for what, values in (("value", part.values), ("derivative", part.derivatives)):
        for x, y in zip(part.inputs, values, strict=True):
            yield {"what": words.label(f"chart_{what}"), "x": x, "end": None, "y": y, "layer": None, "below": None}


def _bars(part: ActivationPart, document: Document, words: Words) -> Iterator[Row]:
    """Below the curves, the first layer on top, cut where the curves end."""
    low, high = min(*part.values, *part.derivatives), max(*part.values, *part.derivatives)
    known = [(depth, layer, seen) for depth, layer in _layers(document) if (seen := _last(layer)) is not None]
    stride = -(-len(known) // MOST_LAYERS) or 1
    for place, (depth, layer, seen) in enumerate(known[::stride]):
        ends = (max(seen[0], part.inputs[0]), min(seen[1], part.inputs[-1]))
        if ends[0] <= ends[1]:
            yield {
                "what": words.label("chart_values_before"), "x": ends[0], "end": ends[1],
                "y": low - (place + 1) * GAP * (high - low), "layer": layer_name(depth, layer),
                "below": _cut(layer),
            }  # fmt: skip


def _layers(document: Document) -> Iterator[tuple[int, LayerPart]]:
    part = plain_layers(document)
    for depth, layer in enumerate(part.layers if part else ()):
        if layer.activation == (document.series.activation or layer).name:
            yield depth, layer


def _last(layer: LayerPart) -> tuple[float, float] | None:
    """Between which values most of those before the activation lay at the last sampled moment.

    A watched script has quantiles; a study has mean and standard deviation.
    """
    if ends := _last_pair(layer, "pre_low", "pre_high"):
        return ends
    normal = _last_pair(layer, "pre_mean", "pre_std")
    return normal and (normal[0] - DEVIATIONS * normal[1], normal[0] + DEVIATIONS * normal[1])


def _cut(layer: LayerPart) -> float | None:
    """The share of values at or below zero, where a ReLU's result is all that was kept of them."""
    known = [share for share in layer.numbers.get("zero_share", ()) if share is not None]
    return known[-1] if known and layer.activation == "relu" and "pre_low" in layer.numbers else None


def _last_pair(layer: LayerPart, first: str, second: str) -> tuple[float, float] | None:
    both = zip(layer.numbers.get(first, ()), layer.numbers.get(second, ()), strict=False)
    pairs = [(one, other) for one, other in both if one is not None and other is not None]
    return pairs[-1] if pairs else None


def draw(palette: Palette) -> Any:
    """Two lines; under them the bars."""
    import altair as alt  # noqa: PLC0415

    colour = alt.Color(
        "what:N",
        legend=alt.Legend(title=None, symbolType="stroke", symbolStrokeWidth=2.5),
        scale=alt.Scale(
            domain=["@chart_value", "@chart_derivative", "@chart_values_before"],
            range=[palette.train, palette.stop, palette.muted],
        ),
    )
    chart = base().encode(
        x=alt.X("x:Q", title="@chart_before_activation", axis=alt.Axis(format=NUMBER, tickCount=7)),
        y=alt.Y("y:Q", title=None, axis=alt.Axis(format=NUMBER, tickCount=5)),
        color=colour,
    )
    lines = chart.transform_filter("datum.layer === null").mark_line(strokeWidth=2, aria=False)
    bars = (
        chart.transform_filter("datum.layer !== null")
        .mark_rule(strokeWidth=6, strokeCap="round", opacity=0.75)
        .encode(
            x2="end:Q",
            tooltip=[
                alt.Tooltip("layer:N", title="@chart_layer"),
                alt.Tooltip("x:Q", title="@chart_from", format=NUMBER),
                alt.Tooltip("end:Q", title="@chart_to", format=NUMBER),
                alt.Tooltip("below:Q", title="@chart_below_zero", format=SHARE),
            ],
        )
    )
    return finished(lines + bars, palette)


KIND = ChartKind(
    "activation",
    Question.ACTIVATIONS,
    rows,
    draw,
    (
        Column("what", None, "curve"),
        Column("layer"),
        Column("x", "number", "before_activation"),
        Column("end", "number", "to"),
        Column("y", "number", "value"),
        Column("below", "percent", "below_zero"),
    ),
)
