"""Which rows each network has been trained on, and whether those that it is evaluated on are among them.

By network: a script that divides anew for every fresh network scores rows that another network was trained on, in
health.
"""

from __future__ import annotations

import weakref
from dataclasses import dataclass, field
from typing import Any

from whyfit.vitals.prints import Prints, Sample

LATEST = 0.2
"""Weight of one batch in the moving share of rows that were known already."""
MOST_NETWORKS = 4
"""The latest networks whose rows are kept."""


@dataclass(slots=True)
class Known:
    """The rows that one network was trained on.

    Attributes
    ----------
    network
        A weak reference; None where the call of the network could not be seen.
    trained
        Rows seen in training.
    covered
        How much of the training set has been seen: the share of the latest rows that were known already.
    """

    network: weakref.ref[Any] | None = None
    trained: Sample = field(default_factory=Sample)
    covered: float = 0.0


@dataclass(slots=True)
class Rows:
    """Samples of fingerprints by network, and how often an evaluated row was met again.

    Attributes
    ----------
    by_network
        The latest one last.
    evaluated, evaluated_rows, repeats
        Evaluated rows, how many passed, and how many repeated another one of their batch.
    """

    by_network: dict[int, Known] = field(default_factory=dict)
    evaluated: Sample = field(default_factory=Sample)
    evaluated_rows: int = 0
    repeats: int = 0

    @property
    def latest(self) -> Known:
        """Of the network that was trained last."""
        return next(reversed(self.by_network.values()), Known())

    def train(self, prints: Prints | None, network: Any = None) -> tuple[Known, int, int]:
        """Remember rows of a training batch: whose they are, how many are in the sample, how many were known."""
        known = self._of(network)
        if known is None:
            known = Known(None if network is None else weakref.ref(network))
        self.by_network.pop(id(network), None)
        self.by_network[id(network)] = known
        while len(self.by_network) > MOST_NETWORKS:
            self.by_network.pop(next(iter(self.by_network)))
        compared, again = (0, 0) if prints is None else known.trained.add(prints)
        if compared:
            known.covered += LATEST * (again / compared - known.covered)
        return known, compared, again

    def evaluate(self, prints: Prints, network: Any = None) -> tuple[int, int] | None:
        """How many rows of a batch are compared, and how many of those the network was trained on; None for one that
        was not trained.
        """
        known = self.latest if network is None else self._of(network)
        if known is None or not known.trained.kept:
            return None
        self.evaluated.add(prints)
        self.repeats += prints.size - len(set(prints.tolist()))
        self.evaluated_rows += int(prints.size)
        return known.trained.known(prints)

    def _of(self, network: Any) -> Known | None:
        """What is kept of this very network, and not of one that had its place in memory before."""
        known = self.by_network.get(id(network))
        if known is None or network is None:
            return known
        return known if known.network is not None and known.network() is network else None
