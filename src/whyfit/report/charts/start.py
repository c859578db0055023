"""How the signal comes through an untrained network: forward through the values, backward through the gradients."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from whyfit.evidence.question import Question
from whyfit.report.charts.kind import ChartKind, Column, Row
from whyfit.report.charts.layers import layer_name, plain_layers
from whyfit.report.charts.palette import Palette
from whyfit.report.charts.style import NUMBER, base, decades, depth_axis, finished
from whyfit.report.document import Document
from whyfit.report.series import LayersPart, MomentPart
from whyfit.text import Words

DIRECTIONS = {"forward": ("pre_std", "std"), "backward": ("delta_std",)}
"""What is drawn of each layer before the first step: the spread before the activation (in a watched script, where
autograd keeps only what comes out of it, behind it), and that of the gradient."""
MOST_LAYERS = 60
"""Layers on the axis; deeper networks are drawn in their gradient map."""


def rows(document: Document, words: Words) -> Sequence[Row]:
    """One row a direction and layer, at the moment before the first step."""
    part = plain_layers(document)
    if part is None or not before_training(part.moments[0]) or len(part.layers) > MOST_LAYERS:
        return ()
    return [
        {"layer": layer_name(depth, layer), "direction": words.label(f"chart_{direction}"), "value": values[0]}
        for direction, numbers in DIRECTIONS.items()
        for number in [_known(part, numbers)]
        for depth, layer in enumerate(part.layers)
        if (values := layer.numbers.get(number, (None,))) and values[0] is not None and values[0] > 0
    ]


def _known(part: LayersPart, numbers: tuple[str, ...]) -> str:
    """The first of these numbers that was measured before the first step of any layer; one for all layers."""
    there = (name for name in numbers if any(layer.numbers.get(name, (None,))[0] is not None for layer in part.layers))
    return next(there, numbers[0])


def before_training(moment: MomentPart) -> bool:
    """Epoch 0 of a study; the first look at a watched script, which comes before its first step is done."""
    return moment.epoch == 0 or (moment.epoch is None and moment.step <= 1)


def draw(palette: Palette) -> Any:
    """Two lines over the depth of the network, on a logarithmic axis."""
    import altair as alt  # noqa: PLC0415

    colour = alt.Color(
        "direction:N",
        title="@chart_direction",
        legend=alt.Legend(title=None, symbolType="stroke", symbolStrokeWidth=2.5),
        scale=alt.Scale(domain=["@chart_forward", "@chart_backward"], range=[palette.train, palette.stop]),
    )
    axis = decades(5)
    chart = base().encode(
        x=alt.X("layer:O", sort=None, title=None, axis=depth_axis()),
        y=alt.Y("value:Q", title="@chart_std", scale=alt.Scale(type="log"), axis=axis),
        color=colour,
    )
    line = chart.mark_line(strokeWidth=2, aria=False)
    points = chart.mark_point(filled=True, size=60, opacity=1).encode(
        tooltip=[
            alt.Tooltip("layer:N", title="@chart_layer"),
            alt.Tooltip("direction:N", title="@chart_direction"),
            alt.Tooltip("value:Q", title="@chart_std", format=NUMBER),
        ]
    )
    return finished(line + points, palette)


KIND = ChartKind(
    "start", Question.INITIALIZATION, rows, draw, (Column("layer"), Column("direction"), Column("value", "number"))
)
