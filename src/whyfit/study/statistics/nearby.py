"""Upper figures of the noise from neighbours, where no input repeats: what rows close by disagree in.

They are *upper* figures, as neighbours also differ in the signal; with idle inputs far too high (simulated for a truth
of .49: half the squared neighbour difference .72, .66, .59 at 300, 1000, 5000 rows, the Gamma test .57, .53, .51; with
five idle inputs .99 and .71). No lower end is given: the lower bound of Cover and Hart from the error of the nearest
neighbour lay above the truth in 42 to 100 % of simulated data sets.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from whyfit.errors import ArgumentError
from whyfit.evidence.types import AnyArray, FloatArray, IntArray

GAMMA_NEIGHBOURS = 10
"""p of the Gamma test: the number in its authors' examples (Evans and Jones 2002)."""


MOST_ROWS = 5000
"""Beyond, 5,000 rows drawn at random stand for all: in many dimensions the search costs the square of the rows."""

DRAW_SEED = 20020101
"""The same draw in every run."""


@dataclass(frozen=True, slots=True)
class NeighbourFigures:
    """Upper figures of the noise.

    Attributes
    ----------
    nearest
        Squared error: half the mean squared difference to the nearest neighbour. 0-1 error: the share of rows whose
        nearest neighbour has another class.
    gamma
        Squared error: the intercept of the Gamma test, cut at 0; None for 0-1 error.
    rows
        Rows behind them.
    """

    nearest: float
    gamma: float | None
    rows: int


def neighbour_figures(inputs: AnyArray, target: AnyArray, *, classes: bool) -> NeighbourFigures:
    """The figures for standardised inputs (rows, inputs) without missing values.

    Raises
    ------
    ArgumentError
        With fewer rows than eleven, or values that are missing.

    Examples
    --------
    >>> x = np.linspace(0.0, 1.0, 50)[:, None]
    >>> neighbour_figures(x, np.zeros(50), classes=False)
    NeighbourFigures(nearest=0.0, gamma=0.0, rows=50)
    """
    points = np.asarray(inputs, dtype=np.float64)
    if points.ndim != 2 or points.shape[0] <= GAMMA_NEIGHBOURS or not np.isfinite(points).all():
        raise ArgumentError(
            f"`inputs` must be (rows, inputs), at least {GAMMA_NEIGHBOURS + 1} rows and no missing value.",
            advice="Leave these figures out, or fill missing values first.",
        )
    if points.shape[0] > MOST_ROWS:
        drawn = np.sort(np.random.default_rng(DRAW_SEED).choice(points.shape[0], MOST_ROWS, replace=False))
        return neighbour_figures(points[drawn], np.asarray(target)[drawn], classes=classes)
    distances, nearest = _neighbours(points)
    if classes:
        answers = np.asarray(target)
        return NeighbourFigures(float((answers[nearest[:, 0]] != answers).mean()), None, points.shape[0])
    values = np.asarray(target, dtype=np.float64).reshape(points.shape[0], -1)
    halves = 0.5 * ((values[nearest] - values[:, None]) ** 2).mean(axis=(0, 2))  # (neighbours,)
    return NeighbourFigures(float(halves[0]), _intercept((distances**2).mean(axis=0), halves), points.shape[0])


def _intercept(distances: FloatArray, halves: FloatArray) -> float:
    """Where the line of half differences over squared distances meets distance 0."""
    if np.ptp(distances) == 0.0:
        return float(halves.mean())
    intercept: float = np.polyfit(distances, halves, 1)[1]
    return max(0.0, float(intercept))


def _neighbours(points: FloatArray) -> tuple[FloatArray, IntArray]:
    """Distances to, and indices of, the ten nearest other rows."""
    from scipy.spatial import cKDTree  # noqa: PLC0415  # not before it is needed

    found = cKDTree(points).query(points, k=GAMMA_NEIGHBOURS + 1)
    distances, indices = np.asarray(found[0]), np.asarray(found[1])
    own = indices == np.arange(points.shape[0])[:, None]
    own[~own.any(axis=1), -1] = True  # among many equal rows a row may not find itself: drop the farthest
    rest = (points.shape[0], GAMMA_NEIGHBOURS)
    return distances[~own].reshape(rest), indices[~own].reshape(rest)
