"""Question 5 in a study: are the gradients right, and do they arrive everywhere?

One network of the plain recipe is trained while it is observed; then, on a private copy, autograd is held against
central differences in float64, one row is changed while the others are looked at, and every parameter is asked for its
gradient. The findings are those of a watched script.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from whyfit.evidence.evidence import Evidence, EvidenceKind
from whyfit.evidence.exam import Answer
from whyfit.evidence.finding import Finding, Severity
from whyfit.evidence.question import Question
from whyfit.exams.watched.backprop import WatchedBackpropExam

WATCHED = WatchedBackpropExam()
ARRIVES = "backprop.arrives"


class BackpropExam:
    """Tells wrong or missing gradients from small ones; blind where the network could not be copied and run."""

    question = Question.BACKPROP
    needs = frozenset({EvidenceKind.OBSERVATION})
    codes = WATCHED.codes | {"backprop.right"}

    def applies(self, evidence: Evidence) -> Answer:
        """In full where derivatives were checked too."""
        answer = WATCHED.applies(evidence)
        checked = answer.status != "not measured" and _derivative(evidence).get("checked")
        return Answer("measured") if checked else answer

    def judge(self, evidence: Evidence) -> tuple[Finding, ...]:
        """What the probes show; with the largest error of a derivative where nothing is wrong."""
        check = _derivative(evidence)
        return tuple(
            Finding("backprop.right", Severity.OK, {name: check[name] for name in ("error", "checked", "kinks")})
            if one.code == ARRIVES and check.get("checked")
            else one
            for one in WATCHED.judge(evidence)
        )


def _derivative(evidence: Evidence) -> Mapping[str, Any]:
    seen = evidence.observation
    found = [probes["derivative"] for probes in seen.probes.values() if "derivative" in probes] if seen else []
    return found[0] if found else {}
