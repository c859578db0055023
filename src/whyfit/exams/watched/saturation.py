"""Question 10, watched: do sigmoid and tanh work in their flat parts?

Flat is a derivative under a tenth of its maximum. A network that has learned may saturate: so the share counts at the
start, whatever became of it, or where the loss stayed up; large inputs are told apart from large weights by the size
of what comes in.
"""

from __future__ import annotations

from collections.abc import Iterator

from whyfit.evidence.evidence import Evidence
from whyfit.evidence.exam import Answer
from whyfit.evidence.finding import Finding, Severity, Where
from whyfit.evidence.observation import Observation
from whyfit.evidence.question import Question
from whyfit.exams.watched.base import NEEDS, early, late, layers_read, middle, seen_in
from whyfit.exams.watched.fit import Fit, fit_of
from whyfit.exams.watched.gradients import LARGE_INPUT, input_size

FLAT = 0.75
"""Share of a hidden layer's values in the flat part. A start by Glorot's rule on scaled inputs has under 0.1, as had
the starts of 304 healthy programs."""


class WatchedSaturationExam:
    """Tells units driven into their flat parts by inputs or by weights from units that end there having learned."""

    question = Question.SATURATION
    needs = NEEDS
    codes = frozenset({"saturation.units_bend", "saturation.by_inputs", "saturation.by_weights"})

    def applies(self, evidence: Evidence) -> Answer:
        """There must be units with flat parts."""
        seen, answer = seen_in(evidence), layers_read(evidence)
        if answer.status == "not measured":
            return answer
        if not any(layer.activation in ("sigmoid", "tanh") for look in seen.looks for layer in look.layers[:-1]):
            return Answer("does not apply", "no_saturating")
        return answer if shares(seen, seen.looks) else Answer("not measured", "no_values")

    def judge(self, evidence: Evidence) -> tuple[Finding, ...]:
        """The worst layer."""
        seen = seen_in(evidence)
        found, known = tuple(_flat(seen, fit_of(seen))), shares(seen, seen.looks)
        if found or not known:
            return found
        return (Finding("saturation.units_bend", Severity.OK, {"share": max(known.values()), "layers": len(known)}),)


def shares(seen: Observation, looks: tuple[object, ...]) -> dict[str, float]:
    """Median share of flat values by hidden layer."""
    names = {layer.name for look in seen.looks for layer in look.layers[:-1] if layer.activation in ("sigmoid", "tanh")}
    values = {
        name: middle(layer.saturated_share for look in looks for layer in look.layers if layer.name == name)  # type: ignore[attr-defined]
        for name in names
    }
    return {name: share for name, share in values.items() if share == share}  # noqa: PLR0124


def _flat(seen: Observation, fit: Fit) -> Iterator[Finding]:
    start, end = shares(seen, early(seen)), shares(seen, late(seen))
    flat = {name: share for name, share in start.items() if share > FLAT}
    if not flat and not fit.learned:
        flat = {name: share for name, share in end.items() if share > FLAT}
    if not flat:
        return
    layer = max(flat, key=lambda name: flat[name])
    size, first = input_size(seen)
    numbers = {"share": flat[layer], "size": size, "layers": len(flat)}
    code = "saturation.by_inputs" if size > LARGE_INPUT and first in flat else "saturation.by_weights"
    yield Finding(code, Severity.WARNING, numbers, Where(layer=first if code.endswith("inputs") else layer))
