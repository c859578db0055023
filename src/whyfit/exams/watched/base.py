"""What all exams of a watched run share."""

from __future__ import annotations

import math
from collections.abc import Iterable
from statistics import median

from whyfit.evidence.evidence import Evidence, EvidenceKind
from whyfit.evidence.exam import Answer
from whyfit.evidence.observation import LayerLook, LookAt, Observation, ParameterLook

NEEDS = frozenset({EvidenceKind.OBSERVATION})
ENOUGH_LOOKS = 5
"""Looks below which nothing is said of a course over time."""


def seen_in(evidence: Evidence) -> Observation:
    """The observation; an exam is asked only when there is one."""
    assert evidence.observation is not None
    return evidence.observation


def one_run(evidence: Evidence) -> Answer:
    """Watching sees one run: no intervals, no remedies."""
    seen = seen_in(evidence)
    return Answer("partly measured", "one_run") if seen.looks else Answer("not measured", "no_graph")


def layers_read(evidence: Evidence) -> Answer:
    """The same for what only layers show: nothing is answered of layers that could not be read."""
    seen = seen_in(evidence)
    if any(look.layers for look in seen.looks):
        return Answer("partly measured", "one_run")
    return Answer("not measured", why_hidden(seen))


def why_hidden(seen: Observation) -> str:
    """Why no layer could be read."""
    if seen.own_saving:
        return "own_saving"
    return "compiled" if seen.compiled else "no_graph"


def hidden_names(seen: Observation) -> set[str]:
    """The layers before the last one, over all looks."""
    return {layer.name for look in seen.looks for layer in look.layers[:-1]}


def known(values: Iterable[float]) -> list[float]:
    """Those that were measured."""
    return [value for value in values if math.isfinite(value)]


def middle(values: Iterable[float]) -> float:
    """The median of those that were measured; NaN where none was."""
    finite = known(values)
    return median(finite) if finite else math.nan


def hidden(look: LookAt) -> list[LayerLook]:
    """The layers before the last one that the gradient reaches."""
    return [layer for layer in look.layers[:-1] if not layer.frozen]


def matrices(look: LookAt) -> list[ParameterLook]:
    """The weights that are no biases, scales or shifts."""
    return [row for row in look.parameters if row.units or row.name.endswith("weight")]


def late(seen: Observation, share: float = 0.5) -> tuple[LookAt, ...]:
    """The looks at the last part of the run's steps."""
    border = (1 - share) * seen.backwards
    return tuple(look for look in seen.looks if look.backward >= border)


def early(seen: Observation, looks: int = 3) -> tuple[LookAt, ...]:
    """The first looks."""
    return seen.looks[:looks]


def updates(seen: Observation) -> list[tuple[int, float]]:
    """At each look, the backward pass and the median over weights of update over weight."""
    pairs = [(look.backward, middle(row.update for row in matrices(look))) for look in seen.looks]
    return [(backward, size) for backward, size in pairs if math.isfinite(size)]


def path_length(seen: Observation) -> float:
    """How far the weights travelled in all, over their size: updates between looks are taken to be as at the looks."""
    sizes = updates(seen)
    if not sizes:
        return math.nan
    borders = [backward for backward, _ in sizes[1:]] + [max(seen.backwards, sizes[-1][0] + 1)]
    return sum(size * (border - backward) for (backward, size), border in zip(sizes, borders, strict=True))
