"""Whether the units of a layer start different: the share of them that no other unit equals."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from whyfit.evidence.question import Question
from whyfit.report.charts.kind import ChartKind, Column, Row
from whyfit.report.charts.layers import layer_name, plain_layers
from whyfit.report.charts.palette import Palette
from whyfit.report.charts.start import MOST_LAYERS, before_training
from whyfit.report.charts.style import SHARE, base, depth_axis, finished
from whyfit.report.document import Document
from whyfit.report.series import LayersPart
from whyfit.text import Words

NUMBERS = {"distinct_weights": "weights", "distinct_gradients": "gradients"}
HEIGHT = 150


def rows(document: Document, words: Words) -> Sequence[Row]:
    """One row a layer and number, at the first moment; a layer of one unit has no other to equal."""
    part = plain_layers(document)
    if part is None or not before_training(part.moments[0]) or len(part.layers) > MOST_LAYERS:
        return ()
    return list(_rows(part, words))


def _rows(part: LayersPart, words: Words) -> Iterator[Row]:
    for number, label in NUMBERS.items():
        for depth, layer in enumerate(part.layers):
            first = layer.numbers.get(number, (None,))[0]
            if first is not None and layer.units > 1:
                yield {
                    "layer": layer_name(depth, layer),
                    "what": words.label(f"chart_distinct_{label}"),
                    "value": min(1.0, first / layer.units),
                    "units": layer.units,
                }


def draw(palette: Palette) -> Any:
    """Two bars a layer; full ones start well."""
    import altair as alt  # noqa: PLC0415

    colour = alt.Color(
        "what:N",
        title="@chart_of",
        legend=alt.Legend(title=None, symbolType="square"),
        scale=alt.Scale(
            domain=[f"@chart_distinct_{label}" for label in NUMBERS.values()], range=[palette.train, palette.stop]
        ),
    )
    chart = (
        base()
        .mark_bar(width=alt.RelativeBandSize(0.6))
        .encode(
            x=alt.X("layer:O", sort=None, title=None, axis=depth_axis()),
            xOffset=alt.XOffset("what:N", sort=None),
            y=alt.Y(
                "value:Q",
                title="@chart_distinct",
                scale=alt.Scale(domain=[0, 1]),
                axis=alt.Axis(format=SHARE, tickCount=4),
            ),
            color=colour,
            tooltip=[
                alt.Tooltip("layer:N", title="@chart_layer"),
                alt.Tooltip("what:N", title="@chart_of"),
                alt.Tooltip("value:Q", title="@chart_distinct", format=SHARE),
                alt.Tooltip("units:Q", title="@chart_units"),
            ],
        )
    )
    return finished(chart, palette, height=HEIGHT)


KIND = ChartKind(
    "symmetry",
    Question.INITIALIZATION,
    rows,
    draw,
    (Column("layer"), Column("what", None, "of"), Column("value", "percent", "distinct"), Column("units", "count")),
)
