"""Fewer points along an axis, evenly spread."""

from __future__ import annotations


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
