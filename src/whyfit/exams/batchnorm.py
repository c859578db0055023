"""Question 12: what does batch norm do here? From a study: both orders with the activation, and beside dropout."""

from __future__ import annotations

from whyfit.evidence.evidence import Evidence, EvidenceKind
from whyfit.evidence.exam import Answer
from whyfit.evidence.finding import Finding
from whyfit.evidence.question import Question
from whyfit.exams.changes import change_codes, changes_judged, changes_of

BATCH_NORM = "batch_norm"
"""The kind of module whose four cases make the answer whole."""


class BatchNormExam:
    """Tells what batch norm gains in error; what it does in both modes, forward and backward, is drawn."""

    question = Question.BATCHNORM
    needs = frozenset({EvidenceKind.REMEDIES})
    codes = change_codes(Question.BATCHNORM)

    def applies(self, evidence: Evidence) -> Answer:
        """In full where it was put in and its networks were looked at in both modes."""
        if not changes_of(evidence, self.question):
            return Answer("not measured", "remedies")
        seen = any(case.kind == BATCH_NORM for case in evidence.cases)
        return Answer("measured") if seen else Answer("partly measured", "batchnorm_only_swapped")

    def judge(self, evidence: Evidence) -> tuple[Finding, ...]:
        """What putting it in showed."""
        return tuple(changes_judged(evidence, self.question))
