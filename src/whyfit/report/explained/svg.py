"""A plot as a small SVG: lines with their names at the end, two scales, colours that follow the page."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any, NamedTuple

from whyfit.evidence.explanation import Plot
from whyfit.text.explained import ExplainWords
from whyfit.text.numbers import number

WIDTH, HEIGHT = 640, 260
LEFT, RIGHT, TOP, BOTTOM = 64, 150, 14, 40
"""Room for the scale, the names of the lines, and the axis below."""
TICKS = 4
APART = 15
"""Pixels between the names of lines that end close together."""


class Tick(NamedTuple):
    """A place on a scale and what stands there."""

    at: float
    text: str


class Drawn(NamedTuple):
    """One line: its path, its name, where the name stands, its colour."""

    path: str
    name: str
    at: float
    colour: int


def svg_of(plot: Plot, words: ExplainWords) -> dict[str, Any]:
    """Everything the template needs to draw it."""
    points = [_finite(line.x, line.y, log=plot.log) for line in plot.lines]
    xs = [x for line in points for x, _ in line] or [0.0, 1.0]
    ys = [y for line in points for _, y in line] or [0.0, 1.0]
    across, up = _scale(min(xs), max(xs), LEFT, WIDTH - RIGHT), _scale(min(ys), max(ys), HEIGHT - BOTTOM, TOP)
    ends = _spread([up(line[-1][1]) if line else 0.0 for line in points])
    drawn = [
        Drawn(_path(line, across, up), words.entry(f"column_{one.name}") or words.cell(one.name), end, place)
        for place, (one, line, end) in enumerate(zip(plot.lines, points, ends, strict=True))
    ]
    return {
        "title": words.say("plot", plot.name),
        "width": WIDTH,
        "height": HEIGHT,
        "left": LEFT,
        "right": WIDTH - RIGHT,
        "top": TOP,
        "bottom": HEIGHT - BOTTOM,
        "lines": drawn,
        "x": words.column(plot.x),
        "y": words.column(plot.y),
        "across": [Tick(across(value), number(value)) for value in _ticks(min(xs), max(xs))],
        "up": [
            Tick(up(value), number(10.0**value, 1) if plot.log else number(value))
            for value in _ticks(min(ys), max(ys), whole=plot.log)
        ],
    }


class _scale:  # noqa: N801  # it is used as a function
    def __init__(self, low: float, high: float, start: float, end: float) -> None:
        self.low, self.span, self.start, self.length = low, (high - low) or 1.0, start, end - start

    def __call__(self, value: float) -> float:
        return round(self.start + (value - self.low) / self.span * self.length, 1)


def _finite(x: tuple[float, ...], y: tuple[float, ...], *, log: bool) -> list[tuple[float, float]]:
    pairs = ((a, (math.log10(b) if b > 0 else math.nan) if log else b) for a, b in zip(x, y, strict=True))
    return [(a, b) for a, b in pairs if math.isfinite(a) and math.isfinite(b)]


def _path(line: list[tuple[float, float]], across: _scale, up: _scale) -> str:
    return " ".join(f"{'M' if place == 0 else 'L'}{across(x):g} {up(y):g}" for place, (x, y) in enumerate(line))


def _ticks(low: float, high: float, *, whole: bool = False) -> list[float]:
    """Round numbers from low to high, about four steps; whole powers where the scale counts those."""
    span = (high - low) or 1.0
    rough = span / TICKS
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * one for one in (1, 2, 5, 10) if power * one >= rough)
    if whole:
        step = max(1.0, round(step))
    first = math.ceil(low / step - 1e-9)
    return [round(k * step, 10) for k in range(first, math.floor(high / step + 1e-9) + 1)]


def _spread(places: list[float]) -> list[float]:
    """Names kept apart, in the order of their lines."""
    order = sorted(range(len(places)), key=places.__getitem__)
    moved = list(places)
    for before, after in pairwise(order):
        moved[after] = max(moved[after], moved[before] + APART)
    return moved
