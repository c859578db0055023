"""Question 7: do gradients vanish or explode?

Judged layer by layer at the sampled moments: the size of the loss gradient at each layer against that at the last
hidden one, so that neither the scale of the loss nor a nearly finished training looks like vanishing.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median

from whyfit.evidence.evidence import Evidence, EvidenceKind, Run
from whyfit.evidence.exam import Answer
from whyfit.evidence.finding import Finding, Severity, Where
from whyfit.evidence.question import Question
from whyfit.exams.changes import change_codes, changes_judged, changes_of

VANISHING_RATIO = 1e-3
"""0.25⁵: what five sigmoid layers pass on at their very best (the largest derivative of a sigmoid is 1/4)."""
EXPLODING_RATIO = 1e3
"""The reciprocal, so that growth and decay are judged alike."""
OFTEN = 0.5
"""Share of the sampled moments, and of the runs, that must agree: one bad moment is no state of the network."""


@dataclass(frozen=True, slots=True)
class _Flow:
    """Gradient size at one layer over that at the last hidden layer, at the sampled moments of all runs."""

    layer: str
    ratios: tuple[float, ...]
    first: float
    last: float

    def often(self, below: float, above: float) -> bool:
        bad = [ratio < below or ratio > above for ratio in self.ratios]
        return bool(bad) and sum(bad) >= OFTEN * len(bad)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a number stopped being finite."""

    what: str
    layer: str | None
    epoch: int | None
    step: int


class GradientsExam:
    """Tells a gradient that shrinks with depth from one that is small everywhere, as it is at the end of training."""

    question = Question.GRADIENTS
    needs = frozenset({EvidenceKind.RUNS})
    codes = frozenset(
        {"gradients.sound", "gradients.vanishing", "gradients.exploding", "gradients.not_finite"}
    ) | change_codes(Question.GRADIENTS)

    def applies(self, evidence: Evidence) -> Answer:
        """Numbers that are not finite show without vitals; the flow through the layers needs them."""
        if EvidenceKind.VITALS not in evidence.kinds:
            return Answer("partly measured", EvidenceKind.VITALS.value)
        tried = changes_of(evidence, self.question)
        return Answer("measured") if tried else Answer("partly measured", "gradient_remedies_not_measured")

    def judge(self, evidence: Evidence) -> tuple[Finding, ...]:
        """What is not finite, then the worst layer that vanishes, the worst that explodes."""
        flows = list(_flows(evidence.runs))
        found = (*_not_finite(evidence.runs), *_vanishing(flows), *_exploding(flows))
        flow = found or (Finding("gradients.sound", Severity.OK, _steady(flows) | {"runs": len(evidence.runs)}),)
        return (*flow, *changes_judged(evidence, self.question))


def _steady(flows: list[_Flow]) -> dict[str, float]:
    """The range of all ratios; nothing where no layer was measured against another."""
    ratios = [ratio for flow in flows for ratio in flow.ratios]
    return {"smallest": min(ratios), "largest": max(ratios)} if ratios else {}


def _not_finite(runs: tuple[Run, ...]) -> Iterator[Finding]:
    """One finding for all runs that diverged, with the place of the earliest."""
    places = sorted((_place(run.reason) for run in runs if run.status == "diverged"), key=lambda place: place.step)
    if places:
        first = places[0]
        numbers = {"what": first.what, "runs": len(places), "of": len(runs)}
        where = Where(layer=first.layer, epoch=first.epoch, step=first.step)
        yield Finding("gradients.not_finite", Severity.SERIOUS, numbers, where)


def _place(reason: str | None) -> _Place:
    """Read `not_finite:loss:epoch=3:step=70:layer=1`; whatever is not said stays None."""
    _, what, *pairs = [*(reason or "").split(":"), "", ""]
    said = dict(pair.split("=", 1) for pair in pairs if "=" in pair)
    return _Place(what or "loss", said.get("layer"), _whole(said.get("epoch")), _whole(said.get("step")) or 0)


def _whole(text: str | None) -> int | None:
    return int(text) if text is not None and text.isdigit() else None


def _vanishing(flows: list[_Flow]) -> Iterator[Finding]:
    bad = [flow for flow in flows if flow.often(below=VANISHING_RATIO, above=math.inf)]
    if bad:
        worst = min(bad, key=lambda flow: median(flow.ratios))
        yield Finding("gradients.vanishing", Severity.WARNING, _numbers(worst), Where(layer=worst.layer))


def _exploding(flows: list[_Flow]) -> Iterator[Finding]:
    bad = [flow for flow in flows if flow.often(below=-math.inf, above=EXPLODING_RATIO)]
    if bad:
        worst = max(bad, key=lambda flow: median(flow.ratios))
        yield Finding("gradients.exploding", Severity.WARNING, _numbers(worst), Where(layer=worst.layer))


def _numbers(flow: _Flow) -> dict[str, float]:
    return {"first": flow.first, "last": flow.last, "ratio": median(flow.ratios), "moments": len(flow.ratios)}


def _flows(runs: tuple[Run, ...]) -> Iterator[_Flow]:
    """Every hidden layer but the last one, against the last one."""
    moments = [vitals.layers[:-1] for run in runs for vitals in run.vitals if len(vitals.layers) > 2]
    for depth in range(max((len(layers) for layers in moments), default=1) - 1):
        pairs = [(m[depth].delta_std, m[-1].delta_std) for m in moments if len(m) > depth + 1]
        known = [(size, last) for size, last in pairs if math.isfinite(size) and math.isfinite(last) and last > 0]
        if known:
            ratios = tuple(size / last for size, last in known)
            yield _Flow(moments[0][depth].name, ratios, median(s for s, _ in known), median(x for _, x in known))
