"""Question 9: are units dead?

A unit is dead when it is zero for **every** training row: no row then sends it a gradient, so no step of its own can
bring it back. The share of zeros in a batch is something else (half is normal) and is never judged.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from whyfit.evidence.evidence import Evidence, EvidenceKind, Run
from whyfit.evidence.exam import Answer
from whyfit.evidence.finding import Finding, Severity, Where
from whyfit.evidence.question import Question
from whyfit.evidence.vitals import LayerVitals
from whyfit.exams.changes import change_codes, changes_judged, changes_of

CAN_DIE = frozenset({"relu"})
"""Activations whose output and derivative are both exactly zero on a half-line."""
NOTE_SHARE = 0.01
"""Chosen: under one unit in a hundred the network has lost nothing that a seed would not change."""
WARNING_SHARE = 0.2
"""Chosen: a fifth of a layer's capacity. Earlier tools draw the line at 50 to 95 %, but of units that are often zero;
these are zero for every row, which one bad step can do and no good one undoes."""


@dataclass(frozen=True, slots=True)
class _Layer:
    """One layer over all runs, at the last sampled moment of each."""

    name: str
    units: int
    dead: float
    runs: int

    @property
    def share(self) -> float:
        return self.dead / self.units


class ReluExam:
    """Tells dead units from sparse but living ones; blind to units that only the score rows would wake."""

    question = Question.RELU
    needs = frozenset({EvidenceKind.VITALS})
    codes = frozenset({"relu.alive", "relu.dead"}) | change_codes(Question.RELU)

    def applies(self, evidence: Evidence) -> Answer:
        """Only where something can die; in full where the relatives were trained too."""
        if not any(run.status == "done" for run in evidence.runs):
            return Answer("not measured", "diverged")
        if not list(_layers(evidence.runs)):
            return Answer("does not apply", "no_relu")
        swapped = changes_of(evidence, self.question)
        return Answer("measured") if swapped else Answer("partly measured", "swaps_not_measured")

    def judge(self, evidence: Evidence) -> tuple[Finding, ...]:
        """One finding a layer with dead units, else one `ok` with the counts."""
        layers = list(_layers(evidence.runs))
        bad = [_finding(layer) for layer in layers if layer.share >= NOTE_SHARE]
        total = {"dead": sum(layer.dead for layer in layers), "units": sum(layer.units for layer in layers)}
        counted = tuple(bad) or (Finding("relu.alive", Severity.OK, total | {"runs": layers[0].runs}),)
        return (*counted, *changes_judged(evidence, self.question))


def _finding(layer: _Layer) -> Finding:
    numbers = {"dead": layer.dead, "units": layer.units, "share": layer.share, "runs": layer.runs}
    return Finding("relu.dead", _severity(layer), numbers, Where(layer=layer.name))


def _severity(layer: _Layer) -> Severity:
    if layer.share >= 1:
        return Severity.SERIOUS  # nothing passes: the network is a constant
    return Severity.WARNING if layer.share >= WARNING_SHARE else Severity.NOTE


def _layers(runs: Iterable[Run]) -> Iterable[_Layer]:
    """Each layer that can die, with the mean number of dead units over the runs."""
    last = [run.vitals[-1].layers for run in runs if run.vitals and run.status == "done"]
    for same in zip(*last, strict=False):
        counted = [layer for layer in same if _counts(layer)]
        if counted:
            dead = sum(layer.dead for layer in counted) / len(counted)
            yield _Layer(counted[0].name, counted[0].units, dead, len(counted))


def _counts(layer: LayerVitals) -> bool:
    return layer.activation in CAN_DIE and not math.isnan(layer.dead)
