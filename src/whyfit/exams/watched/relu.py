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
from whyfit.exams.watched.base import NEEDS, one_run, seen_in
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
        layers = [layer for look in seen_in(evidence).looks for layer in look.layers]
        if layers and not any(layer.dead is not None for layer in layers):
            return Answer("does not apply", "no_relu")
        return one_run(evidence)

    def judge(self, evidence: Evidence) -> tuple[Finding, ...]:
        """The worst layer at the end."""
        seen = seen_in(evidence)
        layers = [
            layer for layer in _last(seen) if layer.dead is not None and layer.units and layer.dead_over >= LEAST_LOOKS
        ]
        layers = [layer for layer in layers if layer.rows * layer.dead_over >= LEAST_ROWS or layer.dead == layer.units]
        if not layers:
            return (Finding("relu.units_live", Severity.OK, {"dead": 0, "units": 0}),)
        worst = max(layers, key=lambda layer: (layer.dead or 0) / layer.units)
        return tuple(_dead(worst, fit_of(seen))) or (Finding("relu.units_live", Severity.OK, _numbers(worst)),)


def _last(seen: Observation) -> tuple[LayerLook, ...]:
    return seen.looks[-1].layers[:-1] if seen.looks else ()


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
