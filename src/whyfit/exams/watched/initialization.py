"""Question 6, watched: could it start to learn?

Equal units are seen in weights and in gradients over several looks; the scale of the start in the first loss and in how
rows stay apart on their way through the layers at the first pass.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from whyfit.evidence.evidence import Evidence
from whyfit.evidence.exam import Answer
from whyfit.evidence.finding import Finding, Severity, Where
from whyfit.evidence.observation import LookAt, Observation, ParameterLook
from whyfit.evidence.question import Question
from whyfit.exams.watched.base import NEEDS, hidden, hidden_names, layers_read, seen_in
from whyfit.exams.watched.fit import Fit, fit_of
from whyfit.exams.watched.gradients import LARGE_INPUT, input_size

HALF = 0.5
"""Of a layer's units: fewer distinct ones cannot come about by chance, as random weights never agree."""
FAR_OFF = 10.0
"""First loss over the loss of the best constant answer. A start that answers with values of about 1 gives up to 3; the
largest of 283 healthy programs was 5.0."""
LEAST_UNITS = 4
COLLAPSED = 1e-3
"""Size of a hidden layer's values over that of the inputs: fourteen layers of torch's default start give this."""
LATER = 4
"""Looks after which units must have parted."""


class WatchedInitializationExam:
    """Tells a start that cannot learn from a rate that is too low: the first look is before any step."""

    question = Question.INITIALIZATION
    needs = NEEDS
    codes = frozenset(
        {
            "initialization.parts",
            "initialization.units_alike",
            "initialization.all_zero",
            "initialization.first_loss_far_off",
            "initialization.signal_fades",
            "initialization.signal_blows_up",
        }
    )

    def applies(self, evidence: Evidence) -> Answer:
        """There must be hidden layers: without any, a start at zero is as good as another."""
        answer = layers_read(evidence)
        if answer.status != "not measured" and not hidden_names(seen_in(evidence)):
            return Answer("does not apply", "no_hidden_layer")
        return answer

    def judge(self, evidence: Evidence) -> tuple[Finding, ...]:
        """Symmetry, then scale."""
        seen = seen_in(evidence)
        fit = fit_of(seen)
        found = [*_zero(seen)] or [*_alike(seen)] or [*_scale(seen, fit)]
        units = sum(row.units for row in _of_hidden_layers(seen))
        if found or not units:
            return tuple(found)
        return (Finding("initialization.parts", Severity.OK, {"units": units, "looks": len(seen.looks)}),)


def _of_hidden_layers(seen: Observation) -> list[ParameterLook]:
    """The weights of hidden layers at the start whose units were told apart."""
    names = hidden_names(seen)
    start = seen.looks[0].parameters if seen.looks else ()
    return [row for row in start if row.distinct is not None and row.name.removesuffix(".weight") in names]


def _zero(seen: Observation) -> Iterator[Finding]:
    """Layers of nothing but zeros, so that no gradient reaches the first one; a zero branch beside a way on is fine."""
    if not seen.looks:
        return
    start = seen.looks[0]
    sizes = {row.name.removesuffix(".weight"): row for row in start.parameters}
    layers = [layer.name for layer in start.layers if layer.name in sizes]
    empty = [name for name in layers if sizes[name].weight == 0]
    later = seen.looks[1:LATER]  # one look cannot tell a branch that begins at zero from one that stays there
    stuck = bool(layers and later) and all(_gradient_of(look, layers[0]) == 0 for look in (start, *later))
    if len(layers) > 1 and empty and any(name != layers[-1] for name in empty) and stuck:
        numbers = {"zero": len(empty), "layers": len(layers)}
        yield Finding("initialization.all_zero", Severity.SERIOUS, numbers, Where(layer=empty[0]))


def _gradient_of(look: LookAt, layer: str) -> float:
    """Of the first layer: where a branch begins at zero it has one from the second step on."""
    return next((row.gradient for row in look.parameters if row.name.removesuffix(".weight") == layer), 0.0)


def _alike(seen: Observation) -> Iterator[Finding]:
    """Hidden units that are equal at the start, get equal gradients, and are still equal some looks later."""
    if not seen.looks:
        return
    start = seen.looks[0]
    names = {layer.name for layer in start.layers[:-1] if layer.kind in ("dense", "conv", "recurrent")}
    for row in start.parameters:
        if row.name.removesuffix(".weight") in names and _equal(row):
            numbers = {"units": row.units, "distinct": row.distinct}
            stays = _stays(seen, row.name)
            if not stays and not row.weight > 0:
                continue  # zeros that the first steps part, as in a gate that begins closed
            yield Finding(
                "initialization.units_alike",
                Severity.SERIOUS if stays else Severity.WARNING,
                numbers,
                Where(layer=row.name),
            )
            return


def _equal(row: ParameterLook) -> bool:
    few = row.distinct is not None and row.units > 1 and row.distinct <= HALF * row.units
    if row.distinct == 1 and row.units >= LEAST_UNITS and row.weight > 0:
        return True  # whatever parts them later is the biases alone
    return few and (row.distinct_gradients is None or row.distinct_gradients <= HALF * row.units)


def _stays(seen: Observation, name: str) -> bool:
    later = [
        row for look in seen.looks[LATER:12] for row in look.parameters if row.name == name and row.distinct is not None
    ]
    return all((row.distinct or 0) <= HALF * row.units for row in later)


def _scale(seen: Observation, fit: Fit) -> Iterator[Finding]:
    if not seen.looks:
        return
    look = seen.looks[0]
    size, _ = input_size(seen)
    scaled = not size > LARGE_INPUT
    floor = max(fit.chance, fit.zero if math.isfinite(fit.zero) else 0.0)
    sizes = [math.hypot(layer.mean, layer.std) for layer in hidden(look)]
    known = [value for value in sizes if math.isfinite(value) and value > 0]  # all zero is dead, not faded
    if scaled and look.loss is not None and look.loss > FAR_OFF * floor > 0:
        grown = {"grown": max(known) / size} if known and size > 0 else {}
        yield Finding(
            "initialization.first_loss_far_off", Severity.WARNING, {"loss": look.loss, "chance": floor} | grown
        )
    elif known and size > 0 and min(known) < COLLAPSED * size and fit.at_chance:
        layer = hidden(look)[sizes.index(min(known))].name
        yield Finding("initialization.signal_fades", Severity.WARNING, {"ratio": min(known) / size}, Where(layer=layer))
