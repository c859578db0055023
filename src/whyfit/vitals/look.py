"""One close look: the graph before a backward pass, the gradients after it, the step that follows."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from whyfit.vitals.finite import first_not_finite
from whyfit.vitals.graph import Graph, Node, data_input, read_graph
from whyfit.vitals.head import read_head, way_of
from whyfit.vitals.layers import Reading, count_bends, listen, read_layers
from whyfit.vitals.loaded import columns_of
from whyfit.vitals.norms import read_drops, read_norms
from whyfit.vitals.numbers import as_array, distinct_rows, norm_of, quietly
from whyfit.vitals.telling import telling_columns

if TYPE_CHECKING:
    from whyfit.vitals.observer import Observer

EARLY = 12
"""Looks at which everything is read; afterwards what hardly changes is read at every tenth."""
SPARSE = 10
MOST_UNITS = 512
MOST_ROWS_KEPT = 8
"""Looks over which a unit must be silent to be called dead."""


class Look:
    """Reads, waits for the gradients, and becomes one line of the journal."""

    def __init__(self, observer: Observer, tensors: Any, loss: float | None, factor: float = 1.0) -> None:
        self._observer, self._loss, self._factor = observer, loss, factor
        self.arrived = False
        self._tensors = tensors if isinstance(tensors, (tuple, list)) else (tensors,)
        self._number, self._backward = observer.governor.looks, observer.backwards
        self._step = observer.steps.count
        self._graph: Graph | None = None
        self._readings: list[tuple[Reading, Node]] = []
        self._handles: list[Any] = []
        self._facts: dict[str, Any] = {}
        self._parameters: list[Any] = []
        self._rows: list[dict[str, Any]] = []

    @property
    def _full(self) -> bool:
        return self._number < EARLY or self._number % SPARSE == 0

    @quietly
    def read(self) -> None:
        """Before the backward pass."""
        graph = self._graph = read_graph(self._tensors)
        self._parameters = [node.parameter for node in graph.nodes if node.parameter is not None]
        self._observer.know(self._parameters)
        if self._observer.own_saving:
            self._facts["unread"] = "own_saving"
            return
        self._readings = read_layers(graph, self._observer.names.of)
        self._handles = listen(self._readings, self._factor)
        self._remember_silence()
        if self._readings:
            self._read_columns(self._readings[0][1], graph)
        if self._full:
            self._facts |= {"head": read_head(graph), "bends": count_bends(graph), "drops": read_drops(graph)}
            self._observer.own_functions |= any(_is_own(node) for node in graph.nodes)
            self._facts["own_functions"] = sorted({n.name for n in graph.nodes if _is_own(n)})
        self._observer.farewell.beginning.look(self._observer, graph)
        stage = self._observer.steps.stage({id(p) for p in self._parameters})
        self._observer.calls.keep_examples(graph, stage)
        self._facts["norms"] = read_norms(graph, self._observer.names.of)

    def _read_columns(self, first: Node, graph: Graph) -> None:
        """Of a table that came to the first layer as it was: no operation on the way that has a gradient."""
        given = first.saved("mat1" if first.name == "Addmm" else "self") if first.name in ("Addmm", "Mm") else None
        if given is None or data_input(first) is not None:
            return
        columns = None if self._observer.calls.loaders.any else columns_of(given)
        if columns is not None:
            self._observer.unloaded.note_columns(columns)
        way = way_of(graph) if self._full else []
        target = way[0].saved("target") if way else None
        if target is not None and target.ndim:
            self._facts["telling"] = telling_columns(given, target)

    @quietly
    def where_not_finite(self) -> dict[str, Any]:
        """The place of the first number that is not finite."""
        place: dict[str, Any] = {"what": "loss", "layer": None}
        if self._graph is not None and not self._observer.own_saving:
            place = first_not_finite(self._graph, self._observer.names.of)
        return place | {"backward": self._backward, "step": self._step}

    def _remember_silence(self) -> None:
        memory = self._observer.silence
        for reading, _ in self._readings:
            if reading.silent is None:
                continue
            kept = memory.setdefault(reading.name, [])
            if kept and kept[0].shape != reading.silent.shape:
                kept.clear()
            kept.append(reading.silent)
            del kept[:-MOST_ROWS_KEPT]

    def leave(self) -> None:
        """Hold nothing of the script's any more."""
        for handle in self._handles:
            handle.remove()
        self._graph, self._tensors = None, ()

    @quietly
    def arrive(self, by_hand: Any) -> None:
        """After the backward pass: gradients are there, the graph may go."""
        self.leave()
        self.arrived = True
        self._readings = [(reading, None) for reading, _ in self._readings]  # type: ignore[misc]
        given = {id(p): g for p, g in zip(*by_hand, strict=False)} if by_hand else {}
        seen: set[int] = set()
        for parameter in self._parameters:
            if id(parameter) not in seen:
                seen.add(id(parameter))
                self._rows.append(self._row(parameter, given.get(id(parameter), parameter.grad)))

    def _row(self, parameter: Any, gradient: Any) -> dict[str, Any]:
        row: dict[str, Any] = {"name": self._observer.names.full(parameter), "id": id(parameter)}
        row["weight"] = norm_of(parameter)
        row["gradient"] = norm_of(gradient) / self._factor if gradient is not None else math.nan
        row["values"] = parameter.numel()
        if self._full and parameter.ndim >= 2 and 1 < parameter.shape[0] <= MOST_UNITS:
            row["units"] = parameter.shape[0]
            row["distinct"] = distinct_rows(as_array(parameter))
            if gradient is not None and not gradient.is_sparse and row["gradient"] > 0:
                row["distinct_gradients"] = distinct_rows(as_array(gradient))
        return row

    @quietly
    def plain(self, moved: dict[int, float]) -> dict[str, Any]:
        """The line of the journal, once the step is over too."""
        owned = self._observer.steps.owned()
        for row in self._rows:
            key = row.pop("id")
            row["update"], row["owned"] = moved.get(key, math.nan), key in owned
        layers = []
        for reading, _ in self._readings:
            kept = self._observer.silence.get(reading.name, [])
            dead = int(np.logical_and.reduce(kept).sum()) if kept else None
            layers.append(reading.plain() | {"dead": dead, "dead_over": len(kept)})
        place = {
            "backward": self._backward,
            "step": self._step,
            "loss": self._loss,
            "rate": self._observer.steps.rate(),
        }
        return place | {"layers": layers, "parameters": self._rows} | self._facts


def _is_own(node: Node) -> bool:
    """Whether the operation is a Python class of somebody's own."""
    return hasattr(node.fn, "_forward_cls")
