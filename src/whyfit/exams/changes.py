"""What the interventions of one question showed: shared by the exams of questions 6 to 12.

A change is one decision ("another start?") whose alternative was chosen inside each fit on its stop rows; it has one
gain, one interval, one verdict. Which alternative did what stands in the report's table, without verdicts.
"""

from __future__ import annotations

from collections.abc import Iterator

from whyfit.evidence.effects import RemedyFacts
from whyfit.evidence.evidence import Evidence
from whyfit.evidence.finding import Finding, Severity
from whyfit.evidence.question import Question

HELPS, NONE_HELPS = "change_helps", "no_change_helps"


def change_codes(question: Question) -> frozenset[str]:
    """The codes that `changes_judged` may give."""
    return frozenset({f"{question.value}.{HELPS}", f"{question.value}.{NONE_HELPS}"})


def changes_of(evidence: Evidence, question: Question) -> tuple[RemedyFacts, ...]:
    """What was trained for a question."""
    return tuple(facts for facts in evidence.remedies if facts.question == question)


def changes_judged(evidence: Evidence, question: Question) -> Iterator[Finding]:
    """A note for each change that was shown to help; one `ok` where some were trained and none was."""
    changes = changes_of(evidence, question)
    helping = sorted((one for one in changes if one.verdict == "helps"), key=lambda one: -one.gain.value)
    for change in helping:
        yield Finding(f"{question.value}.{HELPS}", Severity.NOTE, numbers_of(change))
    if changes and not helping:
        undecided = sum(one.verdict == "not decided" for one in changes)
        numbers = {"changes": len(changes), "open": undecided, "metric": changes[0].metric}
        yield Finding(f"{question.value}.{NONE_HELPS}", Severity.OK, numbers)


def numbers_of(change: RemedyFacts) -> dict[str, float | str | None]:
    """The numbers of one measured change, for its words."""
    return {
        "remedy": change.name,
        "strength": change.strength,
        "gain": change.gain.value,
        "low": change.gain.low,
        "high": change.gain.high,
        "less_variance": None if change.variance_change is None else -change.variance_change.value,
        "less_bias": None if change.bias_change is None else -change.bias_change.value,
        "training_rows": change.gain.training_rows,
        "metric": change.metric,
        "networks": change.networks,
    }
