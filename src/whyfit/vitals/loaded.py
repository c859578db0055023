"""What came out of the DataLoaders over one dataset: how often its rows passed, which are known, its labels."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from whyfit.evidence.types import AnyArray
from whyfit.vitals.rows import Known

MOST_CLASSES = 10_000
"""Distinct labels that are counted; a target with more is no class."""
ONE_CLASS, LEAST_BATCH = 0.95, 8
"""Share of one label from which a batch counts as of one class, and the rows that it must have."""
MOST_COLUMNS = 4_096
FIRST, EVERY, MOST_READINGS = 32, 16, 400
"""Batches whose labels and columns are read: the first ones, then every sixteenth, until so many were. The first, of 32
rows each, are enough to call a column constant."""
LATER_PASSES = 1.5
"""Passes over the dataset from which a row should be known again. In the first one an equal row is a repeat."""


def columns_of(inputs: Any) -> AnyArray | None:
    """(rows, columns) of a table of numbers with fractions; images and texts have no columns."""
    if inputs.ndim != 2 or not inputs.dtype.is_floating_point or not inputs.is_cpu or inputs.shape[1] > MOST_COLUMNS:
        return None
    values: AnyArray = inputs.detach().float().numpy() if inputs.element_size() < 4 else inputs.detach().numpy()
    return values


@dataclass(slots=True)
class Block:
    """One evaluation: rows that were compared with the trained ones, and how many of them were known."""

    compared: int = 0
    known: int = 0


@dataclass(slots=True)
class Loaded:
    """One dataset as its loaders gave it out.

    Attributes
    ----------
    name, length
        Its class, and how many rows it says it has; None where it does not say.
    trained, evaluated
        Rows that passed to the network with gradients, and without.
    printed
        Rows of the trained ones that were fingerprinted: all, unless the time for it was short.
    epochs
        How often an iteration over the rows was begun.
    first, first_again, later, later_again
        Fingerprinted rows of the first pass, and those among them that equal an earlier row; the same of later passes,
        where a row that does not change is known.
    network, fresh
        The rows known to the network that is trained on them; whether it had been trained on no others before.
    blocks
        The last two evaluations.
    repeats
        Evaluated rows that equal another one of their batch.
    labels, batches, pure
        Rows of each label that was read; batches with labels, and those of one label.
    low, high, missing, readings
        Least and largest value and missing values of each column over so many rows.
    """

    name: str = ""
    length: int | None = None
    trained: int = 0
    evaluated: int = 0
    printed: int = 0
    epochs: int = 0
    first: int = 0
    first_again: int = 0
    later: int = 0
    later_again: int = 0
    repeats: int = 0
    network: Known | None = None
    fresh: bool = True
    blocks: list[Block] = field(default_factory=list)
    moment: int = -1
    labels: Counter[int] = field(default_factory=Counter)
    batches: int = 0
    pure: int = 0
    turns: int = 0
    readings: int = 0
    low: AnyArray | None = None
    high: AnyArray | None = None
    missing: AnyArray | None = None

    @property
    def passes(self) -> float:
        """How often the dataset has been trained on; 0 where its length is not known."""
        return self.trained / self.length if self.length else 0.0

    def begin_anew(self, network: Known, *, fresh: bool) -> None:
        """Another network is trained on these rows: passes are counted from here.

        Repeats are counted in the first pass of a fresh one alone: others know rows from what they were trained on
        before.
        """
        if self.network is not None:
            self.trained = self.printed = self.epochs = 0
            self.first = self.first_again = self.later = self.later_again = 0
        self.network, self.fresh = network, fresh

    def note_trained(self, rows: int, compared: int, again: int, *, printed: bool) -> None:
        """A training batch, of which so many rows are in the sample, and so many of those were known."""
        self.trained += rows
        self.printed += rows * printed
        if self.epochs <= 1 and self.fresh:
            self.first, self.first_again = self.first + compared, self.first_again + again
        elif self.epochs > 1 and (self.passes >= LATER_PASSES or not self.length):
            self.later, self.later_again = self.later + compared, self.later_again + again

    def note_evaluated(self, rows: int, compared: int, known: int, *, moment: int) -> None:
        """An evaluated batch; those of one moment, between two training batches, are one block."""
        if moment != self.moment:
            self.blocks = [*self.blocks[-1:], Block()]
            self.moment = moment
        self.evaluated += rows
        self.blocks[-1].compared += compared
        self.blocks[-1].known += known

    def note_labels(self, labels: AnyArray) -> None:
        """The labels of a training batch."""
        values, counts = np.unique(labels, return_counts=True)
        if len(self.labels) <= MOST_CLASSES:
            self.labels.update(dict(zip(values.tolist(), counts.tolist(), strict=True)))
        if labels.size >= LEAST_BATCH:
            self.batches += 1
            self.pure += int(counts.max()) >= ONE_CLASS * labels.size

    def wants_reading(self) -> bool:
        """Whether the labels and the columns of this batch are to be read."""
        self.turns += 1
        early = self.turns <= FIRST or self.turns % EVERY == 0
        return early and self.turns <= FIRST + EVERY * MOST_READINGS

    def note_columns(self, values: AnyArray) -> None:
        """(rows, columns) of numbers with fractions."""
        missing = ~np.isfinite(values)
        low = np.where(missing, np.inf, values).min(axis=0)
        high = np.where(missing, -np.inf, values).max(axis=0)
        self.readings += values.shape[0]
        if self.low is None or self.high is None or self.missing is None or self.low.shape != low.shape:
            self.low, self.high, self.missing, self.readings = low, high, missing.sum(axis=0), values.shape[0]
            return
        self.low, self.high = np.minimum(self.low, low), np.maximum(self.high, high)
        self.missing = self.missing + missing.sum(axis=0)

    def plain(self) -> dict[str, Any]:
        """As it stands in the journal: the larger of the last two evaluations, as the last may be under way."""
        block = max(self.blocks, key=lambda one: one.compared, default=Block())
        names = (
            "name", "length", "trained", "evaluated", "printed", "first", "first_again", "later", "later_again",
            "repeats", "batches", "pure", "readings",
        )  # fmt: skip
        few = len(self.labels) <= MOST_CLASSES
        return {name: getattr(self, name) for name in names} | {
            "compared": block.compared,
            "known": block.known,
            "classes": len(self.labels) if few else 0,
            "labelled": self.labels.total() if few else 0,
            "top": max(self.labels.values(), default=0) if few else 0,
            "label_low": min(self.labels) if self.labels and few else None,
            "label_high": max(self.labels) if self.labels and few else None,
            "columns": 0 if self.low is None else int(self.low.size),
            "constant": [] if self.low is None else np.flatnonzero(self.low == self.high)[:20].tolist(),
            "constants": 0 if self.low is None else int((self.low == self.high).sum()),
            "missing": 0 if self.missing is None else int(self.missing.sum()),
        }
