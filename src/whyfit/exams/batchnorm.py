"""Question 12: what does batch norm do here? From a study: both orders with the activation, and beside dropout."""

from __future__ import annotations

from whyfit.evidence.evidence import Evidence, EvidenceKind
from whyfit.evidence.exam import Answer
from whyfit.evidence.finding import Finding
from whyfit.evidence.question import Question
from whyfit.exams.changes import change_codes, changes_judged, changes_of


class BatchNormExam:
    """Tells what batch norm gains in error; its running statistics show in a watched run."""

    question = Question.BATCHNORM
    needs = frozenset({EvidenceKind.REMEDIES})
    codes = change_codes(Question.BATCHNORM)

    def applies(self, evidence: Evidence) -> Answer:
        """Where it was put in."""
        tried = changes_of(evidence, self.question)
        return Answer("partly measured", "batchnorm_only_swapped") if tried else Answer("not measured", "remedies")

    def judge(self, evidence: Evidence) -> tuple[Finding, ...]:
        """What putting it in showed."""
        return tuple(changes_judged(evidence, self.question))
