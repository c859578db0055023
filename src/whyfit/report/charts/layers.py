"""Rows about layers: one row a layer and sampled moment, for every chart that shows layers over time."""

from __future__ import annotations

from collections.abc import Iterator

from whyfit.report.charts.kind import Row
from whyfit.report.document import Document
from whyfit.report.series import LayerPart, LayersPart
from whyfit.report.thin import thinned
from whyfit.text.names import plain_name

NAME = 28
"""Characters of a layer's name on an axis: longer ones leave no room for the chart."""


MOST_CELLS, FEWEST_MOMENTS = 1200, 6
"""Of layers by moments in one chart: a deep network is shown at fewer moments, or the page would hold little else."""


def plain_layers(document: Document) -> LayersPart | None:
    """The layers of the first recipe: the plain one of a study, or the script."""
    return document.series.layers[0] if document.series.layers else None


def has_epochs(part: LayersPart) -> bool:
    """Whether time is told in epochs, or in steps because all moments lie in one epoch."""
    epochs = {moment.epoch for moment in part.moments}
    return None not in epochs and len(epochs) == len(part.moments)


def layer_rows(document: Document, number: str, most: int = MOST_CELLS) -> Iterator[Row]:
    """(depth, layer, time, value) for every layer and at most so many moments at which the number was measured."""
    part = plain_layers(document)
    if part is None:
        return
    epochs = has_epochs(part)
    times = [moment.epoch if epochs else moment.step for moment in part.moments]
    kept = thinned(len(times), min(most, max(FEWEST_MOMENTS, MOST_CELLS // len(part.layers))))
    for depth, layer in enumerate(part.layers):
        values = layer.numbers.get(number, ())
        for index in kept:
            if index < len(values) and values[index] is not None:
                yield {"depth": depth, "layer": layer_name(depth, layer), "time": times[index], "value": values[index]}


def layer_name(depth: int, layer: LayerPart) -> str:
    """Its place and its name: names alone may be equal, or empty."""
    return f"{depth + 1} · {plain_name(layer.name, NAME)}"
