"""Question 8 in a study: does the activation suit the network, and the last layer the loss?

The way from the last layer to the loss is read from the graph of one observed network; the values that the hidden
layers gave are those of the plain networks at the end of training. What another activation would change is measured
under questions 9 and 10.
"""

from __future__ import annotations

from collections.abc import Iterator

from whyfit.evidence.evidence import Evidence, EvidenceKind
from whyfit.evidence.exam import Answer
from whyfit.evidence.finding import Finding, Severity
from whyfit.evidence.question import Question
from whyfit.evidence.vitals import LayerVitals
from whyfit.exams.changes import changes_of
from whyfit.exams.watched.activations import WatchedActivationsExam
from whyfit.exams.watched.base import middle

WATCHED = WatchedActivationsExam()
NOT_OBSERVED = Answer("not measured", EvidenceKind.OBSERVATION.value)


class ActivationsExam:
    """Tells a last layer that contradicts the loss from one that fits it; blind to a loss without a graph."""

    question = Question.ACTIVATIONS
    needs = frozenset({EvidenceKind.VITALS})
    codes = WATCHED.codes | {"activations.values"}

    def applies(self, evidence: Evidence) -> Answer:
        """In full where the head was read and other activations were trained too."""
        if EvidenceKind.OBSERVATION not in evidence.kinds:
            return Answer("partly measured", "head_not_observed") if [*_values(evidence)] else NOT_OBSERVED
        answer = WATCHED.applies(evidence)
        if answer.status == "not measured":
            return answer
        swapped = [*changes_of(evidence, Question.RELU), *changes_of(evidence, Question.SATURATION)]
        return Answer("measured") if swapped else Answer("partly measured", "activations_not_swapped")

    def judge(self, evidence: Evidence) -> tuple[Finding, ...]:
        """The contradictions of the head, and what the hidden layers' values look like."""
        of_head = WATCHED.judge(evidence) if EvidenceKind.OBSERVATION in evidence.kinds else ()
        return (*of_head, *_values(evidence))


def _values(evidence: Evidence) -> Iterator[Finding]:
    """Mean and deviation of the values after each hidden activation, at the end of training, over the networks."""
    layers = [
        [layer for layer in run.vitals[-1].layers[:-1] if layer.activation not in ("identity", "unknown")]
        for run in evidence.runs
        if run.vitals and run.status == "done"
    ]
    if not layers or not layers[0]:
        return
    means, stds = ([_middle(layers, place, name) for place in range(len(layers[0]))] for name in ("mean", "std"))
    numbers = {
        "activation": layers[0][0].activation,
        "layers": len(layers[0]),
        "mean_low": min(means),
        "mean_high": max(means),
        "std_low": min(stds),
        "std_high": max(stds),
    }
    yield Finding("activations.values", Severity.OK, numbers)


def _middle(layers: list[list[LayerVitals]], place: int, name: str) -> float:
    """The median over networks of one layer's number."""
    return middle(getattr(same[place], name) for same in layers if place < len(same))
