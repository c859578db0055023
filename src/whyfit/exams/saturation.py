"""Question 10: does the gradient vanish behind flat activations?

A value is saturated where the activation's derivative is under a tenth of its maximum. For sigmoid that is beyond ±3.6,
for tanh beyond ±1.8: a tenth of the gradient at most passes there.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from statistics import median

from whyfit.evidence.evidence import Evidence, EvidenceKind, Run
from whyfit.evidence.exam import Answer
from whyfit.evidence.finding import Finding, Severity, Where
from whyfit.evidence.question import Question
from whyfit.exams.changes import change_codes, changes_judged, changes_of

FLAT = frozenset({"sigmoid", "tanh", "hardsigmoid"})
"""Activations with two flat sides; the others keep one on which the gradient passes."""
WARNING_SHARE = 0.5
"""Half of a layer's values pass a tenth of their gradient at most; where DeepDiagnosis (2022) draws the line too."""


class SaturationExam:
    """Tells flat activations from large ones that pass their gradient; judged at the last sampled moment."""

    question = Question.SATURATION
    needs = frozenset({EvidenceKind.VITALS})
    codes = frozenset({"saturation.none", "saturation.flat"}) | change_codes(Question.SATURATION)

    def applies(self, evidence: Evidence) -> Answer:
        """Where some layer can saturate, or such a layer was tried."""
        if any(layer.activation in FLAT for run in evidence.runs for v in run.vitals for layer in v.layers[:-1]):
            return Answer("measured")
        tried = changes_of(evidence, self.question)
        return Answer("measured") if tried else Answer("does not apply", "no_saturating_activation")

    def judge(self, evidence: Evidence) -> tuple[Finding, ...]:
        """Each layer of which half is flat, then what swapping showed."""
        flat = list(_flat(evidence.runs))
        none = Finding("saturation.none", Severity.OK, {"share": _largest(evidence.runs)})
        return (*(flat or [none]), *changes_judged(evidence, self.question))


def _flat(runs: tuple[Run, ...]) -> Iterator[Finding]:
    last = [run.vitals[-1].layers[:-1] for run in runs if run.vitals]
    for layers in zip(*last, strict=False):
        shares = [layer.saturated_share for layer in layers if layer.activation in FLAT]
        known = [share for share in shares if not math.isnan(share)]
        if known and median(known) >= WARNING_SHARE:
            numbers = {"share": median(known), "activation": layers[0].activation, "runs": len(known)}
            yield Finding("saturation.flat", Severity.WARNING, numbers, Where(layer=layers[0].name))


def _largest(runs: tuple[Run, ...]) -> float | None:
    shares = [layer.saturated_share for run in runs if run.vitals for layer in run.vitals[-1].layers[:-1]]
    return max((share for share in shares if not math.isnan(share)), default=None)
