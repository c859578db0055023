"""Rows with their answers, kept for the probes: some that a network was trained on, some that it was scored on.

A row is known by what the network was given, an answer by what the loss compared the output with, or by what came out
of the loader beside the inputs. Rows are copied at looks and at the first evaluations alone, a few of each batch, and
no more than a bounded number of them and of bytes.
"""

from __future__ import annotations

import math
import weakref
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import torch

from whyfit.vitals.graph import LOSSES, Graph
from whyfit.vitals.head import way_of

MOST_ROWS, MOST_BYTES = 1000, 4 << 20
"""Kept of each kind. Chosen: a simple learner tells from a few hundred rows whether there is something to learn."""
A_BATCH = 64
"""Rows taken of one training batch; of a larger one other rows each time."""
OWN = "own"
SHAPING = frozenset(
    {"View", "Reshape", "ReshapeAlias", "UnsafeView", "Squeeze", "Unsqueeze", "ToCopy", "Clone", "Alias"}
)
"""Operations that leave all values of an answer as they are, row by row."""
SUMMED, SQUARED, DIFFERENCE = frozenset({"Mean", "Sum", "Div"}), frozenset({"Pow", "Mul"}), frozenset({"Sub"})
"""Operations of a mean of squares that was written out."""
MOST_STAGES = 4
"""Optimisers that begin stages of their own on one network; of more they are made anew by habit. Chosen."""
MOST_NETWORKS = 2
"""The latest networks whose rows are kept."""


@dataclass(slots=True)
class Kept:
    """Batches of rows: the network's arguments, and the answers.

    Attributes
    ----------
    rows, size
        How many are kept, and their bytes.
    """

    batches: list[tuple[tuple[Any, ...], torch.Tensor]] = field(default_factory=list)
    rows: int = 0
    size: int = 0
    turns: int = 0

    @property
    def wants(self) -> bool:
        """Whether there is room."""
        return self.rows < MOST_ROWS and self.size < MOST_BYTES

    def add(self, given: tuple[Any, ...], answers: Any, most: int) -> None:
        """Copy some rows of a batch; nothing where inputs and answers do not lie row by row."""
        rows = _rows_of(given, answers)
        if not rows or not self.wants:
            return
        begin = (self.turns * most) % rows if rows > most else 0
        part = slice(begin, begin + most)
        taken = tuple(one.detach()[part].clone() for one in given)
        known = answers.detach()[part].clone()
        self.batches.append((taken, known))
        self.turns, self.rows = self.turns + 1, self.rows + len(known)
        self.size += sum(one.element_size() * one.numel() for one in (*taken, known))


def _rows_of(given: tuple[Any, ...], answers: Any) -> int:
    """Rows of a batch all of whose arguments are tensors with a row for each answer; else 0."""
    tensors = (*given, answers)
    if not given or not all(isinstance(one, torch.Tensor) and one.ndim and one.is_cpu for one in tensors):
        return 0
    rows = {one.shape[0] for one in tensors}
    return int(rows.pop()) if len(rows) == 1 else 0


@dataclass(frozen=True, slots=True)
class Habit:
    """How a script trains: a rule of torch's by its name, its settings but the rate, its largest rate, steps so far."""

    rule: str
    settings: Mapping[str, Any]
    rate: float
    steps: int


@dataclass(slots=True)
class Examples:
    """Of one network.

    Attributes
    ----------
    trained, scored
        Rows with answers.
    loss
        By the observer's name of it, or `own`.
    stage
        The number of the newest optimiser that had stepped on the network when the rows were taken: a newer one begins
        another stage, with rows of its own.
    habit
        How it was trained last; None where that is not known.
    """

    network: weakref.ref[Any]
    trained: Kept = field(default_factory=Kept)
    scored: Kept = field(default_factory=Kept)
    loss: str = "own"
    stage: int = 0
    habit: Habit | None = None


def loss_on(graph: Graph, answer: Any, output: Any) -> tuple[str, Any]:
    """The loss of a network's answer, by its name, and its target; "" where something else stands between the two.

    Squares that were written out count as such: what was squared and the output tell their target. Any other loss is
    one of one's own, and tells none.
    """
    way = way_of(graph)
    if not way:
        difference = _difference(graph, answer)
        return (OWN, None) if difference is None else ("mse", output.reshape(difference.shape) - difference)
    for node in way[1:]:
        if node.fn == answer:
            return LOSSES[way[0].name], way[0].saved("target")
        if node.name not in SHAPING and node.name != "LogSoftmax":
            break
    return "", None


def _difference(graph: Graph, answer: Any) -> Any:
    """Answer − data where a root is Σ(answer − data)² or Σ(data − answer)², over whatever; else None."""
    node = graph.roots[0] if graph.roots else None
    while node is not None and node.name in SUMMED and len(node.live) == 1:
        node = node.live[0]
    squared, first = None if node is None else node.saved("self"), True
    for name in (SQUARED, DIFFERENCE):
        if node is None or node.name not in name or len({id(one) for one in node.live}) != 1:
            return None
        first = node.inputs[:1] != [None]  # of the difference: the answer, and not the data
        node = node.live[0]
    while node is not None and node.fn != answer and node.name in SHAPING and len(node.live) == 1:
        node = node.live[0]
    if node is None or answer is None or node.fn != answer or squared is None:
        return None
    if squared.numel() != math.prod(node.shape):
        return None
    return squared if first else -squared


class Lately:
    """What a network was given last, and what a loader gave beside it, until the loss is known or rows come again.

    `answer` is the operation that gave its `output`: by it a loss of the output itself is told from one of what a
    script made of it.
    """

    def __init__(self) -> None:
        self._given: tuple[Any, ...] = ()
        self._answers: Any = None
        self.network, self.answer, self.output = 0, None, None

    def note(self, network: Any, given: tuple[Any, ...], answers: Any, output: Any = None) -> None:
        """A call of the network."""
        self.network, self.answer = id(network), getattr(output, "grad_fn", None)
        self.output = None if self.answer is None else output.detach()
        tensors = all(isinstance(one, torch.Tensor) for one in given)
        self._given = tuple(one.detach() for one in given) if tensors else ()
        self._answers = answers if isinstance(answers, torch.Tensor) else None

    def take(self) -> tuple[tuple[Any, ...], Any]:
        """Arguments and answers; they are given out once."""
        given, answers = self._given, self._answers
        self.forget()
        return given, answers

    def forget(self) -> None:
        """Hold nothing of the script's."""
        self._given, self._answers, self.answer, self.output = (), None, None, None


class Library:
    """The examples of the latest networks."""

    def __init__(self) -> None:
        self._by_network: dict[int, Examples] = {}
        self.trained, self.scored = Lately(), Lately()

    def of(self, network: Any) -> Examples | None:
        """What is kept of this very network; None where nothing is."""
        known = self._by_network.get(id(network))
        return known if known is not None and known.network() is network else None

    def all(self) -> Iterator[Examples]:
        """The latest one first."""
        yield from reversed(self._by_network.values())

    def train(self, network: Any, graph: Graph, stage: int = 0) -> None:
        """At a look: keep rows of the batch with what its loss was given, else with what a loader gave beside them."""
        known = self.of(network)
        if known is not None and known.stage != stage <= MOST_STAGES:
            known.trained, known.scored, known.stage = Kept(), Kept(), stage
        if self.trained.network != id(network) or not (known is None or known.trained.wants):
            return
        loss, target = loss_on(graph, self.trained.answer, self.trained.output)
        given, answers = self.trained.take()
        answers = answers if target is None else target
        if not loss or answers is None or (loss == OWN and answers.dtype.is_floating_point):
            return
        if known is None:
            known = Examples(weakref.ref(network), stage=stage)
            self._by_network.pop(id(network), None)
            self._by_network[id(network)] = known
            while len(self._by_network) > MOST_NETWORKS:
                self._by_network.pop(next(iter(self._by_network)))
            known.loss = loss
        if known.loss == loss:
            known.trained.add(given, answers, A_BATCH)

    def score(self, network: Any, target: Any = None) -> None:
        """Rows were scored, with answers from a loader, or with those that a loss was just given."""
        if self.scored.network != id(network):
            return
        given, answers = self.scored.take()
        known = self.of(network)
        if known is not None:
            known.scored.add(given, answers if target is None else target, MOST_ROWS)
