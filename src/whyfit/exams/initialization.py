"""Question 6: can it start to learn?

Judged at the first sampled moment, before any step: whether units are copies of each other, whether the size of the
signal survives the way through the layers, and whether the first loss is near that of the best constant output.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from statistics import median

from whyfit.evidence.evidence import Evidence, EvidenceKind, Run
from whyfit.evidence.exam import Answer
from whyfit.evidence.finding import Finding, Severity, Where
from whyfit.evidence.question import Question
from whyfit.evidence.vitals import LayerVitals
from whyfit.exams.changes import change_codes, changes_judged, changes_of

FIRST_LOSS_FACTOR = 3.0
"""Chosen: the standard initialisers give 1.0 to 1.6 times the loss of the best constant output on standardised inputs
(held by a test over initialisers, depths and class numbers), so three times is a start to climb down from."""
SCALE_FACTOR = 10.0
"""Chosen: the spread of the signal may grow or shrink tenfold from the first hidden layer to the last."""
SCALE_SIGMAS = 3.0
"""Beyond `SCALE_FACTOR` the drift must exceed what narrow layers do by chance: the logarithm of the signal's length has
a standard deviation of about √(5·Σ 1/units)/2 over the layers (Hanin and Rolnick 2018, theorem 5)."""


class InitializationExam:
    """Tells units that start equal, and stay so, from ones that differ; blind to what happens after the first steps."""

    question = Question.INITIALIZATION
    needs = frozenset({EvidenceKind.VITALS})
    codes = frozenset(
        {"initialization.sound", "initialization.symmetric", "initialization.scale", "initialization.first_loss"}
    ) | change_codes(Question.INITIALIZATION)

    def applies(self, evidence: Evidence) -> Answer:
        """The start is judged; comparing initialisers by training them is for a study to measure."""
        if not any(run.vitals and run.vitals[0].epoch == 0 for run in evidence.runs):
            return Answer("not measured", "no_start")
        compared = changes_of(evidence, self.question)
        return Answer("measured") if compared else Answer("partly measured", "initializers_not_compared")

    def judge(self, evidence: Evidence) -> tuple[Finding, ...]:
        """Symmetry first: the other two are not judged in a network that cannot break it."""
        runs = [run for run in evidence.runs if run.vitals and run.vitals[0].epoch == 0]
        symmetric = list(_symmetric(runs))
        if symmetric:
            return tuple(symmetric)
        found = (*_scale(runs), *_first_loss(runs))
        start = found or (Finding("initialization.sound", Severity.OK, _start(runs)),)
        return (*start, *changes_judged(evidence, self.question))


def _symmetric(runs: list[Run]) -> Iterator[Finding]:
    """Hidden layers in which units are equal by weights and by gradients: no step can ever tell them apart."""
    for layers in _hidden(runs):
        distinct = [_distinct(layer) for layer in layers]
        units = layers[0].units
        if units > 1 and all(count < units for count in distinct):
            numbers = {"units": units, "distinct": int(max(distinct)), "runs": len(runs)}
            yield Finding("initialization.symmetric", Severity.SERIOUS, numbers, Where(layer=layers[0].name, epoch=0))


def _distinct(layer: LayerVitals) -> float:
    """Units that differ by weights or by gradients; infinite where either was not measured, as then nobody can tell."""
    both = (layer.distinct_weights, layer.distinct_gradients)
    return math.inf if any(math.isnan(count) for count in both) else max(both)


def _scale(runs: list[Run]) -> Iterator[Finding]:
    """The first hidden layer at which the signal has grown or shrunk beyond the bound."""
    hidden = list(_hidden(runs))
    for depth, layers in enumerate(hidden[1:], start=1):
        drift = median(_log_ratio(last.pre_std, first.pre_std) for first, last in zip(hidden[0], layers, strict=True))
        chance = SCALE_SIGMAS * math.sqrt(5 * sum(1 / between[0].units for between in hidden[:depth])) / 2
        if abs(drift) > max(math.log(SCALE_FACTOR), chance):
            first = median(layer.pre_std for layer in hidden[0])
            numbers = {"std": first * math.exp(drift), "promised": first, "factor": math.exp(drift)}
            yield Finding("initialization.scale", Severity.WARNING, numbers, Where(layer=layers[0].name, epoch=0))
            return


def _first_loss(runs: list[Run]) -> Iterator[Finding]:
    start = _start(runs)
    if start["chance"] > 0 and start["loss"] > FIRST_LOSS_FACTOR * start["chance"]:
        yield Finding("initialization.first_loss", Severity.WARNING, start, Where(epoch=0))


def _start(runs: list[Run]) -> dict[str, float]:
    return {
        "loss": median(run.final.first_loss for run in runs),
        "chance": median(run.chance_loss for run in runs),
        "runs": len(runs),
    }


def _hidden(runs: Iterable[Run]) -> Iterator[tuple[LayerVitals, ...]]:
    """For each hidden layer, that layer in every run; the last layer of a network is its output and is left out."""
    yield from zip(*(run.vitals[0].layers[:-1] for run in runs), strict=False)


def _log_ratio(above: float, below: float) -> float:
    if not (above > 0 and below > 0):
        return -math.inf if below > 0 else 0.0
    return math.log(above / below)
