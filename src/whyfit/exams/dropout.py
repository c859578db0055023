"""Question 11: does dropout do its work? From a study: the sweep of its rates, and its thinned networks one by one."""

from __future__ import annotations

from collections.abc import Iterator
from math import isfinite

from whyfit.evidence.effects import RemedyFacts, ThinnedFacts
from whyfit.evidence.evidence import Evidence, EvidenceKind
from whyfit.evidence.exam import Answer
from whyfit.evidence.finding import Finding, Severity
from whyfit.evidence.question import Question
from whyfit.exams.changes import numbers_of

SWEEP = "dropout"
"""The remedy whose candidates are the rates."""
ENSEMBLE = "ensemble"
"""What thinned networks are held against: networks trained apart."""


class DropoutExam:
    """Tells a rate that helps from one that only slows; blind to why, which the terms of the error show."""

    question = Question.DROPOUT
    needs = frozenset({EvidenceKind.REMEDIES})
    codes = frozenset(
        {"dropout.helps", "dropout.hurts", "dropout.not_shown", "dropout.thinned", "dropout.average_gains"}
    )

    def applies(self, evidence: Evidence) -> Answer:
        """In full where rates were swept and the thinned networks were looked at."""
        if _sweep(evidence) is None:
            return Answer("not measured", "remedies")
        return Answer("measured") if evidence.thinned else Answer("partly measured", "dropout_only_swept")

    def judge(self, evidence: Evidence) -> tuple[Finding, ...]:
        """One finding on the sweep, one on the thinned networks."""
        sweep = _sweep(evidence)
        assert sweep is not None
        return (_swept(sweep), *_thinned(evidence))


def _swept(sweep: RemedyFacts) -> Finding:
    if sweep.verdict in ("helps", "hurts"):
        return Finding(f"dropout.{sweep.verdict}", Severity.NOTE, numbers_of(sweep))
    return Finding("dropout.not_shown", Severity.OK, numbers_of(sweep))


def _thinned(evidence: Evidence) -> Iterator[Finding]:
    """Whether drawing many thinned networks beats the whole one, which stands for their mean."""
    facts = evidence.thinned
    if facts is None:
        return
    numbers = _numbers(facts) | _ensemble(evidence, facts)
    if facts.gain.low is not None and facts.gain.low > 0:
        yield Finding("dropout.average_gains", Severity.NOTE, numbers)
    else:
        yield Finding("dropout.thinned", Severity.OK, numbers)


def _numbers(facts: ThinnedFacts) -> dict[str, float | str | None]:
    return {
        "strength": facts.strength,
        "thinned_single": facts.single,
        "thinned_average": facts.average,
        "thinned_scaled": facts.scaled,
        "gain": facts.gain.value,
        "low": facts.gain.low,
        "high": facts.gain.high,
        "agreement": facts.agreement,
        "correlation": _known(facts.correlation),
        "plain_correlation": _known(facts.plain_correlation),
        "passes": facts.passes,
        "fits": facts.fits,
        "metric": facts.metric,
    }


def _known(number: float) -> float | None:
    return number if isfinite(number) else None


def _ensemble(evidence: Evidence, facts: ThinnedFacts) -> dict[str, float | str | None]:
    """What networks trained apart gain by their mean, where that was measured alike."""
    found = [one for one in evidence.remedies if one.name == ENSEMBLE and one.metric == facts.metric]
    return {"ensemble_gain": found[0].gain.value, "ensemble_size": found[0].strength} if found else {}


def _sweep(evidence: Evidence) -> RemedyFacts | None:
    return next((facts for facts in evidence.remedies if facts.name == SWEEP), None)
