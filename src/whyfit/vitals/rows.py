"""Which rows each network has been trained on, and whether those that it is evaluated on are among them.

By network: a script that divides anew for every fresh network scores rows that another network was trained on, in
health.
"""

from __future__ import annotations

import weakref
from dataclasses import dataclass, field
from typing import Any

from whyfit.vitals.prints import Prints, Sample, are_fine
from whyfit.vitals.scales import Moments

LATEST = 0.2
"""Weight of one batch in the moving share of rows that were known already."""
MOSTLY, MOST_HELD = 0.8, 1 << 14
"""Share of the latest training rows that were known already, from which a row that is not known is one held out; and
how many of these are kept."""
FRESH = 0.9
"""Share of new rows from which an evaluated batch tells how often rows are equal: it is asked once. Chosen."""
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
    held, taken
        Rows that were scored as new ones when most of the training set had been seen; how many were trained on since.
    """

    network: weakref.ref[Any] | None = None
    trained: Sample = field(default_factory=Sample)
    covered: float = 0.0
    held: set[int] = field(default_factory=set)
    taken: int = 0


@dataclass(slots=True)
class Rows:
    """Samples of fingerprints by network, and how often an evaluated row was met again.

    Attributes
    ----------
    by_network
        The latest one last.
    evaluated, evaluated_rows, repeats
        Evaluated rows, how many passed, and how many repeated another one of their batch.
    fine
        Whether rows have so many different values that equal ones are copies; None before that is known.
    trained, scored
        Moments of the rows that networks were given with gradients, and without.
    fresh
        Rows of the latest evaluated batch that had not been evaluated before.
    alike, pairs
        Equal rows within one batch, of training or evaluated for the first time, and the pairs of rows that these
        batches hold: how often rows are equal by chance.
    """

    by_network: dict[int, Known] = field(default_factory=dict)
    evaluated: Sample = field(default_factory=Sample)
    evaluated_rows: int = 0
    repeats: int = 0
    fine: bool | None = None
    fresh: int = 0
    alike: int = 0
    pairs: int = 0
    trained: Moments = field(default_factory=Moments)
    scored: Moments = field(default_factory=Moments)

    def note_values(self, inputs: Any) -> None:
        """At the first batch that tells: whether equal rows can be chance."""
        if self.fine is None:
            self.fine = are_fine(inputs)

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
        if known.held and prints is not None:
            now = known.held.intersection(prints.tolist())
            known.held -= now
            known.taken += len(now)
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
        chosen, again = self.evaluated.add(prints)
        self.fresh = chosen - again
        if known.covered > MOSTLY and len(known.held) < MOST_HELD:
            known.held.update(one for one in prints.tolist() if one not in known.trained.kept)
        self.repeats += prints.size - len(set(prints.tolist()))
        if self.fresh >= FRESH * chosen:
            self.note_alike(prints)
        self.evaluated_rows += int(prints.size)
        return known.trained.known(prints)

    def note_alike(self, prints: Prints) -> None:
        """Count the equal rows of one batch."""
        self.alike += prints.size - len(set(prints.tolist()))
        self.pairs += prints.size * (prints.size - 1) // 2

    def _of(self, network: Any) -> Known | None:
        """What is kept of this very network, and not of one that had its place in memory before."""
        known = self.by_network.get(id(network))
        if known is None or network is None:
            return known
        return known if known.network is not None and known.network() is network else None
