"""What a script trains a network for, as far as it can be known: enough to take a few steps of one's own on a copy."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from whyfit.vitals.calls import MOST_PROBE_ROWS
from whyfit.vitals.graph import LOSSES, Graph, weight_of
from whyfit.vitals.head import last_bend, way_of

if TYPE_CHECKING:
    from whyfit.vitals.observer import Observer

SMALL = 2_000_000
"""Parameters up to which a private copy is kept: 8 MB."""
MOST_LOOKS = 12
"""Looks by which a target must have been read."""
MOST_COPIES = 2
"""Networks of which the start is kept."""


@dataclass(slots=True)
class Task:
    """One batch with its target, and the network as it was at the start.

    Attributes
    ----------
    network
        A private copy, made before the first step.
    batch, named, target
        Private copies of at most 64 rows.
    loss
        By the observer's name of it, such as `nll`.
    activation
        Between the last layer and the loss.
    last
        The place of the last layer's weight among the parameters; None where it is none of them.
    rule, settings
        The optimiser: a name of torch's, and its settings but the rate.
    moved
        The places of the parameters that it steps on.
    rate
        Its largest rate.
    """

    network: Any
    batch: tuple[Any, ...]
    named: Mapping[str, Any]
    target: Any
    loss: str
    activation: str
    last: int | None
    rule: str
    settings: dict[str, Any]
    moved: tuple[int, ...]
    rate: float = 0.0


@dataclass(slots=True)
class Beginning:
    """Keeps the start of each network, and the first batch whose target can be read."""

    starts: dict[int, Any] = field(default_factory=dict)
    task: Task | None = None
    over: bool = False

    def look(self, observer: Observer, graph: Graph) -> None:
        """At the first looks: copies at the very first one, the batch at one that follows."""
        if self.over:
            return
        if observer.governor.looks == 0:
            self._copy(observer)
        elif self.starts:
            self.task = self._task(observer, graph)
            self.over = self.task is not None or observer.governor.looks >= MOST_LOOKS
        if self.over:
            self.starts = {}

    def _copy(self, observer: Observer) -> None:
        for root in observer.names.live_holders()[:MOST_COPIES]:
            if sum(p.numel() for p in root.parameters()) <= SMALL:
                with suppress(Exception):  # a network that cannot be copied is not tried
                    self.starts[id(root)] = copy.deepcopy(root)

    def _task(self, observer: Observer, graph: Graph) -> Task | None:
        fresh, way = observer.calls.fresh, way_of(graph)
        batch, start = observer.calls.batches.get(fresh), self.starts.get(fresh)
        target = way[0].saved("target") if way else None
        root = next((one for one in observer.names.live_holders() if id(one) == fresh), None)
        owner = max(observer.steps.everyone(), key=lambda one: one.steps, default=None)
        if batch is None or start is None or target is None or root is None or owner is None or not batch[0]:
            return None
        target = target.detach()[:MOST_PROBE_ROWS].clone()
        if getattr(batch[0][0], "shape", ())[:1] != target.shape[:1]:
            return None
        parameters, weight = list(root.parameters()), weight_of(way[-1])
        places = {id(p): place for place, p in enumerate(parameters)}
        settings = {name: value for name, value in owner.groups[0].items() if name not in ("lr", "fused", "foreach")}
        moved = tuple(sorted(places[one] for one in owner.parameters if one in places))
        loss, last = LOSSES.get(way[0].name, "own"), places.get(id(weight))
        return Task(start, *batch, target, loss, last_bend(way), last, owner.name, settings, moved)
