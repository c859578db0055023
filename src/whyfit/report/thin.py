"""Fewer points along an axis, and fewer digits of a number: what a drawing cannot show is not stored."""

from __future__ import annotations

import math

DIGITS = 6
"""Significant digits that are stored: more than any drawing shows, fewer than a float has."""


def thinned(count: int, most: int) -> list[int]:
    """Indices of at most `most` points, evenly spread, the first and the last among them.

    Examples
    --------
    >>> thinned(5, 10), thinned(9, 3)
    ([0, 1, 2, 3, 4], [0, 4, 8])
    """
    if count <= most:
        return list(range(count))
    return sorted({round(index * (count - 1) / (most - 1)) for index in range(most)})


def rounded(value: float) -> float | None:
    """To six significant digits; None for what is not finite."""
    return float(f"{value:.{DIGITS}g}") if math.isfinite(value) else None
