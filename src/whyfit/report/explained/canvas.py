"""Lines drawn in a terminal: eight dots a character, as Braille has them; one colour, told apart by their order."""

from __future__ import annotations

import math
from collections.abc import Sequence

from whyfit.evidence.explanation import Line, Plot
from whyfit.text.numbers import number

WIDTH, HEIGHT = 58, 12
"""Characters: beside the scale it fits 80 columns."""
BLANK = 0x2800
DOTS = ((0x01, 0x02, 0x04, 0x40), (0x08, 0x10, 0x20, 0x80))
"""The bit of each dot, by column and row of a character (Unicode 16, Braille patterns)."""
MARKS = "abcdefgh"
"""A letter at the end of each line names it."""


def canvas(plot: Plot) -> list[str]:
    """The plot as lines of text: a scale on the left, dots, a scale below."""
    lines = [_finite(line, log=plot.log) for line in plot.lines]
    xs = [x for line in lines for x, _ in line]
    ys = [y for line in lines for _, y in line]
    if not xs:
        return []
    left, right, low, high = min(xs), max(xs), min(ys), max(ys)
    high = high if high > low else low + 1.0
    right = right if right > left else left + 1.0
    grid = [[BLANK] * WIDTH for _ in range(HEIGHT)]
    for line in lines:
        for x, y in _dense(line, left, right, low, high):
            grid[HEIGHT - 1 - y // 4][x // 2] |= DOTS[x % 2][3 - y % 4]
    rows = ["".join(map(chr, row)) for row in grid]
    ends = _ends(lines, low, high)
    top, bottom = _scale(high, log=plot.log), _scale(low, log=plot.log)
    margin = max(len(top), len(bottom))
    labels = [top, *[""] * (HEIGHT - 2), bottom]
    body = [
        f"{label:>{margin}} ┤{row} {ends.get(place, '')}"
        for place, (label, row) in enumerate(zip(labels, rows, strict=True))
    ]
    first, last = number(left), number(right)
    return [*body, f"{'':>{margin}} └{'─' * WIDTH}", f"{'':>{margin}}  {first}{last:>{WIDTH - len(first)}}"]


def _finite(line: Line, *, log: bool) -> list[tuple[float, float]]:
    points = ((x, (math.log10(y) if y > 0 else math.nan) if log else y) for x, y in zip(line.x, line.y, strict=True))
    return [(x, y) for x, y in points if math.isfinite(x) and math.isfinite(y)]


def _dense(
    line: Sequence[tuple[float, float]], left: float, right: float, low: float, high: float
) -> list[tuple[int, int]]:
    """Every dot on the way from point to point."""
    dots = []
    places = [
        ((x - left) / (right - left) * (2 * WIDTH - 1), (y - low) / (high - low) * (4 * HEIGHT - 1)) for x, y in line
    ]
    for (x0, y0), (x1, y1) in zip(places, places[1:] or places, strict=False):
        steps = max(1, math.ceil(max(abs(x1 - x0), abs(y1 - y0))))
        dots += [(round(x0 + (x1 - x0) * k / steps), round(y0 + (y1 - y0) * k / steps)) for k in range(steps + 1)]
    return dots


def _ends(lines: Sequence[Sequence[tuple[float, float]]], low: float, high: float) -> dict[int, str]:
    """At which row each line ends, with its letter."""
    ends: dict[int, str] = {}
    for mark, line in zip(MARKS, lines, strict=False):
        if line:
            row = HEIGHT - 1 - round((line[-1][1] - low) / (high - low) * (4 * HEIGHT - 1)) // 4
            ends[row] = ends.get(row, "") + mark
    return ends


def _scale(value: float, *, log: bool) -> str:
    return number(10.0**value, 2) if log else number(value)
