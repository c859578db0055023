"""Surfaces over two parameters, to see the rules walk on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from whyfit.evidence.types import AnyArray, FloatArray


@dataclass(frozen=True, eq=False)
class Surface:
    """A function of two numbers.

    Attributes
    ----------
    name, formula
        Stable name; LaTeX in x and y.
    shows
        What it tells apart, in a few words.
    value, gradient
        Of points (…, 2): (…,) and (…, 2). Both take complex points, for the complex-step check.
    minimum
        Where it is lowest; None where it falls for ever.
    start, window
        Where to begin; (low, high) of both axes, for drawing.
    """

    name: str
    formula: str
    shows: str
    value: Callable[[AnyArray], AnyArray] = field(repr=False)
    gradient: Callable[[AnyArray], AnyArray] = field(repr=False)
    minimum: tuple[float, float] | None
    start: tuple[float, float]
    window: tuple[tuple[float, float], tuple[float, float]]


STEEP = 25.0
"""Chosen: how much steeper the valley is across than along; plain descent then needs about 25 times the steps."""


def _valley(p: AnyArray) -> AnyArray:
    x, y = p[..., 0], p[..., 1]
    value: AnyArray = (x**2 + STEEP * y**2) / 2
    return value


def _valley_gradient(p: AnyArray) -> AnyArray:
    return np.stack([p[..., 0], STEEP * p[..., 1]], axis=-1)


def _rosenbrock(p: AnyArray) -> AnyArray:
    x, y = p[..., 0], p[..., 1]
    value: AnyArray = (1 - x) ** 2 + 100 * (y - x**2) ** 2
    return value


def _rosenbrock_gradient(p: AnyArray) -> AnyArray:
    x, y = p[..., 0], p[..., 1]
    return np.stack([-2 * (1 - x) - 400 * x * (y - x**2), 200 * (y - x**2)], axis=-1)


def _beale(p: AnyArray) -> AnyArray:
    x, y = p[..., 0], p[..., 1]
    value: AnyArray = (1.5 - x + x * y) ** 2 + (2.25 - x + x * y**2) ** 2 + (2.625 - x + x * y**3) ** 2
    return value


def _beale_gradient(p: AnyArray) -> AnyArray:
    x, y = p[..., 0], p[..., 1]
    parts = [(1.5 - x + x * y, 1), (2.25 - x + x * y**2, 2), (2.625 - x + x * y**3, 3)]
    of_x = sum(2 * part * (y**k - 1) for part, k in parts)
    of_y = sum(2 * part * k * x * y ** (k - 1) for part, k in parts)
    return np.stack([of_x, of_y], axis=-1)


def _saddle(p: AnyArray) -> AnyArray:
    x, y = p[..., 0], p[..., 1]
    value: AnyArray = (x**2 - y**2) / 2 + y**4 / 16
    return value


def _saddle_gradient(p: AnyArray) -> AnyArray:
    return np.stack([p[..., 0], -p[..., 1] + p[..., 1] ** 3 / 4], axis=-1)


SURFACES: dict[str, Surface] = {
    surface.name: surface
    for surface in (
        Surface(
            name="valley",
            formula=rf"\tfrac12 (x^2 + {STEEP:g}\,y^2)",
            shows="one direction steep, the other flat: plain descent swings across, momentum and Adam go along",
            value=_valley,
            gradient=_valley_gradient,
            minimum=(0.0, 0.0),
            start=(-4.0, 1.5),
            window=((-5.0, 2.0), (-2.0, 2.0)),
        ),
        Surface(
            name="rosenbrock",
            formula=r"(1 - x)^2 + 100\,(y - x^2)^2",
            shows="a curved floor: what was the right direction is soon the wrong one",
            value=_rosenbrock,
            gradient=_rosenbrock_gradient,
            minimum=(1.0, 1.0),
            start=(-1.2, 1.0),
            window=((-2.0, 2.0), (-1.0, 3.0)),
        ),
        Surface(
            name="beale",
            formula=r"(1.5 - x + xy)^2 + (2.25 - x + xy^2)^2 + (2.625 - x + xy^3)^2",
            shows="plateaus and cliffs: gradients of very different size on one path",
            value=_beale,
            gradient=_beale_gradient,
            minimum=(3.0, 0.5),
            start=(1.0, 1.5),
            window=((-1.0, 4.5), (-1.0, 2.0)),
        ),
        Surface(
            name="saddle",
            formula=r"\tfrac12 (x^2 - y^2) + \tfrac1{16} y^4",
            shows="a saddle: beside it the gradient nearly vanishes, and rules that scale it up leave first",
            value=_saddle,
            gradient=_saddle_gradient,
            minimum=None,
            start=(-2.0, 1e-3),
            window=((-2.5, 2.5), (-3.0, 3.0)),
        ),
    )
}
"""Rosenbrock 1960; Beale 1958. The saddle has two equal minima, at y = ±2."""


def angles(path: FloatArray) -> FloatArray:
    """Degrees between each update and the next, (steps − 1,): what momentum smooths; NaN where a step was none.

    Examples
    --------
    >>> angles(np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [1.0, 0.0]])).tolist()
    [90.0, 180.0]
    """
    steps = np.diff(path, axis=0)
    lengths = np.linalg.norm(steps, axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        cosines = (steps[1:] * steps[:-1]).sum(axis=1) / (lengths[1:] * lengths[:-1])
    result: FloatArray = np.degrees(np.arccos(np.clip(cosines, -1.0, 1.0)))
    return result
