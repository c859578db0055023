"""Question 4: which optimiser, and at which learning rate? From a race: each at its own best rate."""

from __future__ import annotations

from collections.abc import Iterator

from whyfit.evidence.effects import RaceFacts
from whyfit.evidence.evidence import Evidence, EvidenceKind
from whyfit.evidence.exam import Answer
from whyfit.evidence.finding import Finding, Severity
from whyfit.evidence.question import Question

DECOUPLED, COUPLED = "adamw", "adam_l2"


class OptimizersExam:
    """Tells optimisers apart only where their intervals do not meet; speed is told apart from the final error."""

    question = Question.OPTIMIZERS
    needs = frozenset({EvidenceKind.RACE})
    codes = frozenset({"optimizers.race", "optimizers.clearly_worse", "optimizers.decay_differs"})

    def applies(self, evidence: Evidence) -> Answer:  # noqa: ARG002  # the contract's argument
        """In full: the race is the answer."""
        return Answer("measured")

    def judge(self, evidence: Evidence) -> tuple[Finding, ...]:
        """The best, those clearly worse than it, and what decoupling the decay changed."""
        field = sorted(evidence.race, key=lambda racer: racer.error.value)
        return (_best(field), *_worse(field), *_decay(field))


def _best(field: list[RaceFacts]) -> Finding:
    """The lowest error, and how many cannot be told from it."""
    best = field[0]
    near = [one for one in field[1:] if _meet(best, one)]
    swift = min((one for one in field if one.steps_to_target), key=lambda one: one.steps_to_target or 0, default=None)
    numbers = {
        "best": best.name,
        "rate": best.best_rate,
        "error": best.error.value,
        "racers": len(field),
        "near": len(near),
        "fastest": swift.name if swift else None,
        "steps": swift.steps_to_target if swift else None,
    }
    return Finding("optimizers.race", Severity.OK, numbers)


def _worse(field: list[RaceFacts]) -> Iterator[Finding]:
    far = [one for one in field[1:] if not _meet(field[0], one)]
    if far:
        numbers = {"names": [one.name for one in far], "best": field[0].name, "error": field[0].error.value}
        yield Finding("optimizers.clearly_worse", Severity.NOTE, numbers | {"worst": far[-1].error.value})


def _decay(field: list[RaceFacts]) -> Iterator[Finding]:
    """Adam with L2 and AdamW are not the same thing: said with this data's numbers."""
    by_name = {one.name: one for one in field}
    if DECOUPLED in by_name and COUPLED in by_name:
        decoupled, coupled = by_name[DECOUPLED], by_name[COUPLED]
        numbers = {
            "adamw": decoupled.error.value,
            "adam_l2": coupled.error.value,
            "apart": not _meet(decoupled, coupled),
        }
        yield Finding("optimizers.decay_differs", Severity.NOTE if numbers["apart"] else Severity.OK, numbers)


def _meet(one: RaceFacts, other: RaceFacts) -> bool:
    """Whether the intervals meet, or one is not there: then nobody can tell them apart."""
    ends = (one.error.low, one.error.high, other.error.low, other.error.high)
    if any(end is None for end in ends):
        return True
    return max(ends[0], ends[2]) <= min(ends[1], ends[3])  # type: ignore[type-var, operator]  # checked above
