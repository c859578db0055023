"""Question 9, watched: are units dead?

Dead is zero on every row of the last eight looks: half the values of a ReLU are zero in health, so a share of zeros
says nothing. Some dead units cost nothing; they count where most of a layer is gone and the loss stayed up.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from whyfit.evidence.evidence import Evidence
from whyfit.evidence.exam import Answer
from whyfit.evidence.finding import Finding, Severity, Where
from whyfit.evidence.observation import LayerLook, Observation
from whyfit.evidence.question import Question
from whyfit.exams.watched.base import NEEDS, layers_read, seen_in
from whyfit.exams.watched.fit import Fit, fit_of

MOST = 0.5
"""Share of a layer's units."""
NEARLY_ALL = 0.95
LEAST_LOOKS = 4
LEAST_ROWS = 64
"""Rows that a unit must be silent on."""


class WatchedReluExam:
    """Tells dead units from units that are silent on some rows. Blind to rows that no look fell on."""

    question = Question.RELU
    needs = NEEDS
    codes = frozenset({"relu.units_live", "relu.units_dead", "relu.layer_dead"})

    def applies(self, evidence: Evidence) -> Answer:
        """There must be units that can die."""
        seen, answer = seen_in(evidence), layers_read(evidence)
        if answer.status == "not measured":
            return answer
        if not any(layer.dead is not None for look in seen.looks for layer in look.layers[:-1]):
            return Answer("does not apply", "no_relu")
        return answer if _counted(seen) else Answer("not measured", "few_looks")

    def judge(self, evidence: Evidence) -> tuple[Finding, ...]:
        """The worst layer at the end."""
        seen = seen_in(evidence)
        layers = _counted(seen)
        if not layers:
            return ()
        worst = max(layers, key=lambda layer: (layer.dead or 0) / layer.units)
        return tuple(_dead(worst, fit_of(seen))) or (Finding("relu.units_live", Severity.OK, _numbers(worst)),)


def _counted(seen: Observation) -> list[LayerLook]:
    """The layers at the last look whose silent units were counted over enough looks and rows."""
    last = seen.looks[-1].layers[:-1] if seen.looks else ()
    layers = [one for one in last if one.dead is not None and one.units and one.dead_over >= LEAST_LOOKS]
    return [one for one in layers if one.rows * one.dead_over >= LEAST_ROWS or one.dead == one.units]


def _numbers(layer: LayerLook) -> dict[str, float | int]:
    dead = layer.dead or 0
    return {"dead": dead, "units": layer.units, "share": dead / layer.units, "rows": layer.rows * layer.dead_over}


def _dead(layer: LayerLook, fit: Fit) -> Iterator[Finding]:
    share = (layer.dead or 0) / layer.units
    silent = layer.dead == layer.units and not math.isfinite(fit.chance)  # a constant answer, whatever its loss
    if silent or (share >= NEARLY_ALL and not fit.learned):
        yield Finding("relu.layer_dead", Severity.SERIOUS, _numbers(layer), Where(layer=layer.name))
    elif share >= MOST and not fit.learned:
        yield Finding("relu.units_dead", Severity.WARNING, _numbers(layer), Where(layer=layer.name))
