"""The legend of a chart, drawn by the page itself: beside a chart there is no telling how wide its entries will be.

Vega lays a legend out once, before it knows how wide the chart comes out, so a legend that wraps afterwards stands
over what is above the chart. On a page it is a list, which wraps as text does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from whyfit.report.charts.kind import Row


@dataclass(frozen=True, slots=True)
class Key:
    """One entry: its text, its mark (`stroke`, `square` or `circle`), its colour."""

    text: str
    symbol: str
    colour: str


def legend_of(vega: dict[str, Any], rows: Sequence[Row]) -> tuple[Key, ...]:
    """What a chart's colours mean, of those that its rows have; none where the chart has no legend."""
    return tuple(key for legend in vega.get("legends", ()) for key in _keys(legend, vega, rows))


def without_legend(vega: dict[str, Any]) -> dict[str, Any]:
    """The chart as a page draws it."""
    return {name: part for name, part in vega.items() if name != "legends"}


def _keys(legend: dict[str, Any], vega: dict[str, Any], rows: Sequence[Row]) -> list[Key]:
    name = legend.get("fill") or legend["stroke"]
    scale = next(scale for scale in vega["scales"] if scale["name"] == name)
    texts, colours = _domain(scale["domain"], rows), scale["range"]
    present = {value for row in rows for value in row.values()}
    return [
        Key(text, legend["symbolType"], colours[place % len(colours)])  # as an ordinal scale gives them out
        for place, text in enumerate(texts)
        if text in present
    ]


def _domain(domain: Any, rows: Sequence[Row]) -> list[str]:
    """The entries in order: written down, or the values of a field as they first come."""
    if isinstance(domain, list):
        return [str(entry) for entry in domain]
    field = domain["fields"][0]["field"] if "fields" in domain else domain["field"]
    return list(dict.fromkeys(str(row[field]) for row in rows))
