"""Question 11: does dropout do its work? From a study: the sweep of its rates against the network without it."""

from __future__ import annotations

from whyfit.evidence.effects import RemedyFacts
from whyfit.evidence.evidence import Evidence, EvidenceKind
from whyfit.evidence.exam import Answer
from whyfit.evidence.finding import Finding, Severity
from whyfit.evidence.question import Question
from whyfit.exams.changes import numbers_of

SWEEP = "dropout"
"""The remedy whose candidates are the rates."""


class DropoutExam:
    """Tells a rate that helps from one that only slows; blind to why, which the terms of the error show."""

    question = Question.DROPOUT
    needs = frozenset({EvidenceKind.REMEDIES})
    codes = frozenset({"dropout.helps", "dropout.hurts", "dropout.not_shown"})

    def applies(self, evidence: Evidence) -> Answer:
        """Where rates were swept."""
        return (
            Answer("partly measured", "dropout_only_swept") if _sweep(evidence) else Answer("not measured", "remedies")
        )

    def judge(self, evidence: Evidence) -> tuple[Finding, ...]:
        """One finding on the sweep."""
        sweep = _sweep(evidence)
        assert sweep is not None
        if sweep.verdict in ("helps", "hurts"):
            return (Finding(f"dropout.{sweep.verdict}", Severity.NOTE, numbers_of(sweep)),)
        return (Finding("dropout.not_shown", Severity.OK, numbers_of(sweep)),)


def _sweep(evidence: Evidence) -> RemedyFacts | None:
    return next((facts for facts in evidence.remedies if facts.name == SWEEP), None)
