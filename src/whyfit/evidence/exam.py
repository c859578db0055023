"""The exam: a pure function of one question, evidence in, findings out; and what a question's answer looks like."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias, runtime_checkable

from whyfit.evidence.evidence import Evidence, EvidenceKind
from whyfit.evidence.finding import Finding
from whyfit.evidence.question import Question

QuestionStatus: TypeAlias = Literal["measured", "partly measured", "not measured", "does not apply"]


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one question.

    Attributes
    ----------
    status
        Whether it was answered.
    why_code
        Code of the reason for every status but `measured`; it has words in `whyfit.text`.
    """

    status: QuestionStatus
    why_code: str | None = None


@runtime_checkable
class Exam(Protocol):
    """The contract of all exams. `judge` is called only when all of `needs` is there, and must not change anything."""

    question: Question
    needs: frozenset[EvidenceKind]
    codes: frozenset[str]

    def applies(self, evidence: Evidence) -> Answer:
        """Whether the question can be answered from this evidence, and whether in full."""
        ...

    def judge(self, evidence: Evidence) -> tuple[Finding, ...]:
        """The findings; at least one `ok` when nothing is wrong."""
        ...
