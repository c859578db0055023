"""Fingerprints of rows: which rows have been trained on, and whether evaluated ones are among them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from whyfit.vitals.numbers import as_array

MOST_ROWS = 50_000
"""Fingerprints kept of each kind: 8 bytes and Python's overhead, some 5 MB in all."""
LATEST = 0.2
"""Weight of one batch in the moving share of rows that were known already."""
LARGEST_ROW = 1 << 16
"""Bytes of a row that are looked at."""


@dataclass(slots=True)
class Rows:
    """Sets of fingerprints, and how often a row was met again.

    Attributes
    ----------
    trained
        Fingerprints of rows seen in training.
    covered
        How much of the training set has been seen: the share of the latest rows that were known already.
    evaluated, evaluated_rows, repeats
        Fingerprints of evaluated rows, how many passed, and how many repeated another one of their batch.
    """

    trained: set[int] = field(default_factory=set)
    covered: float = 0.0
    evaluated: set[int] = field(default_factory=set)
    evaluated_rows: int = 0
    repeats: int = 0

    def train(self, inputs: Any) -> None:
        """Remember the rows of a training batch."""
        prints = set(_prints(inputs))
        again = len(prints & self.trained) / max(len(prints), 1)
        self.covered += LATEST * (again - self.covered)
        if len(self.trained) < MOST_ROWS:
            self.trained |= prints

    def evaluate(self, inputs: Any) -> tuple[int, int]:
        """How many rows an evaluated batch has, and how many of them have been trained on."""
        prints = _prints(inputs)
        if len(self.evaluated) < MOST_ROWS:
            self.evaluated.update(prints)
        self.repeats += len(prints) - len(set(prints))
        self.evaluated_rows += len(prints)
        return len(prints), sum(one in self.trained for one in prints)


def _prints(inputs: Any) -> list[int]:
    values = as_array(inputs, most=1 << 22)
    flat = values.reshape(values.shape[0], -1)
    return [hash(row.tobytes()[:LARGEST_ROW]) for row in flat]
