"""Rows about layers: one row a layer and sampled moment, for every chart that shows layers over time."""

from __future__ import annotations

from collections.abc import Iterator

from whyfit.report.charts.kind import Row
from whyfit.report.document import Document
from whyfit.report.series import LayerPart, LayersPart
from whyfit.text.names import plain_name

NAME = 28
"""Characters of a layer's name on an axis: longer ones leave no room for the chart."""


def plain_layers(document: Document) -> LayersPart | None:
    """The layers of the first recipe: the plain one of a study, or the script."""
    return document.series.layers[0] if document.series.layers else None


def has_epochs(part: LayersPart) -> bool:
    """Whether time is told in epochs, or in steps because all moments lie in one epoch."""
    return len({moment.epoch for moment in part.moments}) == len(part.moments)


def layer_rows(document: Document, number: str) -> Iterator[Row]:
    """(depth, layer, time, value) for every layer and moment at which the number was measured."""
    part = plain_layers(document)
    if part is None:
        return
    epochs = has_epochs(part)
    for depth, layer in enumerate(part.layers):
        for moment, value in zip(part.moments, layer.numbers.get(number, ()), strict=False):
            if value is not None:
                time = moment.epoch if epochs else moment.step
                yield {"depth": depth, "layer": layer_name(depth, layer), "time": time, "value": value}


def layer_name(depth: int, layer: LayerPart) -> str:
    """Its place and its name: names alone may be equal, or empty."""
    return f"{depth + 1} · {plain_name(layer.name, NAME)}"
