"""The report: one object behind every drawing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from whyfit.evidence.evidence import Evidence
from whyfit.evidence.exam import Answer
from whyfit.evidence.finding import Finding, Severity
from whyfit.evidence.question import Question
from whyfit.evidence.types import Json

SCHEMA_VERSION: Final = "1"
"""Of the report as JSON; changes only with a line in the changelog."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Report:
    """The findings, the evidence and the provenance; drawn as terminal text, HTML or JSON.

    Attributes
    ----------
    door
        `checkup` or `watch`.
    data
        Facts of the data for the head of the report: rows, columns, task, classes, fingerprint, source.
    answers
        All twelve questions, in order.
    findings
        Most serious first.
    evidence
        What the findings were judged from.
    networks
        Number of networks trained.
    seconds
        Wall time.
    seed
        Of the study.
    provenance
        Command, versions, machine, start, engine, and what was left out.
    interrupted
        Whether the study was stopped before its end.
    """

    door: Literal["checkup", "watch"]
    data: Mapping[str, Json]
    answers: Mapping[Question, Answer]
    findings: tuple[Finding, ...]
    evidence: Evidence
    networks: int = 0
    seconds: float = 0.0
    seed: int = 0
    provenance: Mapping[str, Json] = field(default_factory=dict)
    interrupted: bool = False

    def reaches(self, severity: Severity) -> bool:
        """Whether some finding is at least that severe."""
        return any(finding.severity.rank >= severity.rank for finding in self.findings)

    def __repr__(self) -> str:
        worst = max((finding.severity for finding in self.findings), key=lambda s: s.rank, default=Severity.OK)
        return f"Report({self.door}, {len(self.findings)} findings, worst: {worst.value}, {self.networks} networks)"
