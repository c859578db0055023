"""The scale of the rows that a network is trained on, and of those that it is evaluated on."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from whyfit.evidence.types import AnyArray
from whyfit.vitals.numbers import as_array, quietly

MOST_ROWS, MOST_ENTRIES, MOST_BATCHES = 64, 64, 200
"""Of a batch, of a row, and in all: moments of so many values are known to some percent."""


@dataclass(slots=True)
class Moments:
    """Rows, sums and sums of squares by entry."""

    rows: int = 0
    batches: int = 0
    sums: AnyArray = field(default_factory=lambda: np.zeros(0))
    squares: AnyArray = field(default_factory=lambda: np.zeros(0))

    @quietly
    def add(self, inputs: Any) -> None:
        """One more batch of numbers with fractions; of rows of another length than the first ones nothing is kept."""
        if self.batches >= MOST_BATCHES or not _has_numbers(inputs):
            return
        values = as_array(inputs[:MOST_ROWS]).reshape(min(len(inputs), MOST_ROWS), -1).astype(np.float64)
        if values.shape[1] > MOST_ENTRIES:
            values = values[:, (2 * np.arange(MOST_ENTRIES) + 1) * values.shape[1] // (2 * MOST_ENTRIES)]
        if not self.rows:
            self.sums, self.squares = np.zeros(values.shape[1]), np.zeros(values.shape[1])
        if values.shape[1] == self.sums.size:
            self.rows, self.batches = self.rows + len(values), self.batches + 1
            self.sums, self.squares = self.sums + values.sum(axis=0), self.squares + (values**2).sum(axis=0)

    def mean_and_deviation(self) -> tuple[AnyArray, AnyArray]:
        """By entry."""
        mean = self.sums / self.rows
        return mean, np.sqrt(np.maximum(self.squares / self.rows - mean**2, 0.0))


def _has_numbers(inputs: Any) -> bool:
    dtype = getattr(inputs, "dtype", None)
    return dtype is not None and dtype.is_floating_point and inputs.is_cpu and inputs.ndim > 1 and len(inputs) > 0


@quietly
def apart(trained: Moments, scored: Moments) -> dict[str, float]:
    """How far scored rows lie from trained ones: medians over the entries that vary in training.

    Returns
    -------
    `shift`, the difference of means in deviations of the trained rows, `ratio`, of the deviations, and the `rows` of
    each; empty where there is nothing to compare.
    """
    if not trained.rows or not scored.rows or trained.sums.size != scored.sums.size:
        return {}
    (mean, deviation), (other, wide) = trained.mean_and_deviation(), scored.mean_and_deviation()
    varies = deviation > 0
    if not varies.any():
        return {}
    shift = float(np.median(np.abs(other - mean)[varies] / deviation[varies]))
    ratio = float(np.median(wide[varies] / deviation[varies]))
    if not math.isfinite(shift + ratio):
        return {}
    return {"shift": shift, "ratio": ratio, "trained": trained.rows, "scored": scored.rows}
