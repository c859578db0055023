"""After the script's end: the probes, on private copies of its networks."""

from __future__ import annotations

import copy
import math
import os
from collections.abc import Mapping, Sequence
from statistics import median
from typing import TYPE_CHECKING, Any, Protocol

from whyfit.vitals.examples import Examples
from whyfit.vitals.task import Beginning, Task

if TYPE_CHECKING:
    from whyfit.vitals.observer import Observer

MOST_PROBED = 3
"""Networks of one script that are probed."""
FIRST, LONGER = 5, 1.3
"""The look at which a private copy for the probes is made first, for scripts whose network is gone at their end; and by
how much longer the run must have become before it is made anew, so that it is never much younger than the end."""
SMALL = 2_000_000
"""Parameters up to which a private copy is kept for a network that may be gone at the end: 8 MB."""

STAYED = 0.6
"""Of the first loss that a look saw: where the last ones lie above, it is worth trying what would help. Chosen."""


class Probe(Protocol):
    """Gives what each probe found."""

    def __call__(
        self,
        network: Any,
        batch: Sequence[Any],
        named: Mapping[str, Any] | None = None,
        *,
        own_functions: bool,
        task: Task | None = None,
        examples: tuple[Examples, set[int]] | None = None,
    ) -> dict[str, Any]:
        """A network, its arguments without and with names, whether somebody wrote derivatives by hand, what is known of
        the training, and rows with their answers beside prints of the rows it was trained on.
        """


def _note_habit(observer: Observer, network: Any, examples: Examples | None) -> None:
    """Beside its rows, by which rule a network is trained, where that can be told."""
    if examples is not None and (habit := observer.steps.habit({id(p) for p in network.parameters()})) is not None:
        examples.habit = habit


class Farewell:
    """Keeps what the probes need, and runs them in the end.

    Parameters
    ----------
    run
        The probes; None for none.
    """

    def __init__(self, run: Probe | None) -> None:
        self._run, self._pid = run, os.getpid()
        self._kept: tuple[Any, Any, Examples | None] | None = None
        self._again = 0.0
        self.beginning = Beginning(over=run is None)

    def keep_a_copy(self, observer: Observer) -> None:
        """At some looks, for a script whose network is gone at its end."""
        if self._run is None or observer.governor.looks < FIRST or observer.backwards < self._again:
            return
        self._again = LONGER * observer.backwards
        for root in observer.names.live_holders():
            batch = observer.calls.batches.get(id(root))
            if batch is not None and sum(p.numel() for p in root.parameters()) <= SMALL:
                try:
                    examples = observer.calls.library.of(root)
                    _note_habit(observer, root, examples)
                    self._kept = (copy.deepcopy(root), batch, examples)
                except Exception:  # noqa: BLE001  # a network that cannot be copied is not probed
                    self._kept = None
                return

    def probe(self, observer: Observer) -> None:
        """The networks that are still there, else the copy; never in a forked copy of the process."""
        if self._run is None or self._pid != os.getpid():
            return
        batches = observer.calls.batches
        library, seen = observer.calls.library, observer.calls.rows.latest.trained.kept
        alive = [
            (one, batches[id(one)], library.of(one)) for one in observer.names.live_holders() if id(one) in batches
        ]
        task = self._task(observer)
        for network, batch, examples in (alive or ([self._kept] if self._kept else []))[:MOST_PROBED]:
            if batch is not None:
                known = None if examples is None else (examples, seen)
                _note_habit(observer, network, examples)
                found = self._run(network, *batch, own_functions=observer.own_functions, task=task, examples=known)
                task = None  # of one network
                observer.journal.write("probes", {"network": type(network).__name__, "found": found})

    def _task(self, observer: Observer) -> Task | None:
        """What is known of the training, where the loss stayed up."""
        task, losses = self.beginning.task, observer.look_losses
        if task is None or not losses:
            return None
        last = losses[-3:]
        if all(map(math.isfinite, last)) and median(last) < STAYED * losses[0]:
            return None
        task.rate = max((one.rate_high for one in observer.steps.everyone() if one.name == task.rule), default=0.0)
        return task
