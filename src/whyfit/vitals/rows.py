"""Which rows have been trained on, and whether evaluated ones are among them."""

from __future__ import annotations

from dataclasses import dataclass, field

from whyfit.vitals.prints import Prints, Sample

LATEST = 0.2
"""Weight of one batch in the moving share of rows that were known already."""


@dataclass(slots=True)
class Rows:
    """Samples of fingerprints, and how often a row was met again.

    Attributes
    ----------
    trained
        Rows seen in training.
    covered
        How much of the training set has been seen: the share of the latest rows that were known already.
    evaluated, evaluated_rows, repeats
        Evaluated rows, how many passed, and how many repeated another one of their batch.
    """

    trained: Sample = field(default_factory=Sample)
    covered: float = 0.0
    evaluated: Sample = field(default_factory=Sample)
    evaluated_rows: int = 0
    repeats: int = 0

    def train(self, prints: Prints) -> tuple[int, int]:
        """Remember the rows of a training batch: how many are in the sample, and how many were known."""
        compared, again = self.trained.add(prints)
        if compared:
            self.covered += LATEST * (again / compared - self.covered)
        return compared, again

    def evaluate(self, prints: Prints) -> tuple[int, int]:
        """How many rows of an evaluated batch are compared, and how many of those have been trained on."""
        self.evaluated.add(prints)
        self.repeats += prints.size - len(set(prints.tolist()))
        self.evaluated_rows += int(prints.size)
        return self.trained.known(prints)
