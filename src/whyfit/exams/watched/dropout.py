"""Question 11, watched: is dropout on in training, off in evaluation, and of a sensible rate?"""

from __future__ import annotations

from collections.abc import Iterator

from whyfit.evidence.evidence import Evidence
from whyfit.evidence.exam import Answer
from whyfit.evidence.finding import Finding, Severity, Where
from whyfit.evidence.observation import Observation
from whyfit.evidence.question import Question
from whyfit.exams.watched.base import NEEDS, one_run, seen_in
from whyfit.exams.watched.fit import main_heads
from whyfit.exams.watched.modes import evaluated_in_training_mode, turned
from whyfit.exams.watched.reach import falls_short

STAYS_ON = 0.01
"""Relative difference of two passes in evaluation mode; without dropout they are equal to the bit."""
OFF, ERRORS = 0.1, 5.0
"""Of the mean in evaluation mode, and standard errors: a mask that is rescaled keeps the mean as it is. Chosen."""
LEAST_TRAINED = 20
"""Backward passes in evaluation mode, and none in training mode, before that is called a habit."""
MUCH = 0.5
"""A share whose harm is judged by what a simple learner makes of the same rows."""
TOO_MUCH = 0.8
"""Srivastava et al. 2014 (their figure 9) find the error rising from a dropped share of 0.6 on; 0.8 leaves a fifth."""


class WatchedDropoutExam:
    """Tells dropout that stays on from other randomness: a mask of zeros and 1/(1 − p) must have been in the graph."""

    question = Question.DROPOUT
    needs = NEEDS
    codes = frozenset(
        {
            "dropout.behaves", "dropout.stays_on", "dropout.evaluated_in_training_mode", "dropout.drops_too_much",
            "dropout.on_the_output", "dropout.never_back_to_training", "dropout.trained_in_evaluation_mode",
            "dropout.not_rescaled",
        }
    )  # fmt: skip

    def applies(self, evidence: Evidence) -> Answer:
        """There must be dropout."""
        seen = seen_in(evidence)
        if seen.looks and not has_dropout(seen) and not [*_scale(seen)]:
            return Answer("does not apply", "no_dropout")
        answer = one_run(evidence)
        known = _off_was_seen(seen) or answer.status == "not measured"
        return answer if known else Answer("partly measured", "no_evaluation")

    def judge(self, evidence: Evidence) -> tuple[Finding, ...]:
        """Modes first, then rate and place."""
        seen = seen_in(evidence)
        found = [*_modes(seen), *_stays(seen), *_rate(seen), *_place(seen), *_scale(seen)]
        layers = max((len(masks) for masks in drops(seen)), default=0)
        if found or not layers or not _off_was_seen(seen):
            return tuple(found)
        return (Finding("dropout.behaves", Severity.OK, {"layers": layers}),)


def _off_was_seen(seen: Observation) -> bool:
    """Whether two passes in evaluation mode were compared, by a probe on a private copy."""
    return any("twice" in found.get("modes", {}) for found in seen.probes.values())


def modules(seen: Observation) -> list[float]:
    """The rates of the network's dropout modules that drop anything."""
    return [float(m["p"]) for m in seen.modules if "Dropout" in str(m["type"]) and float(m.get("p", 0.0)) > 0]


def drops(seen: Observation) -> list[list[tuple[float, tuple[int, ...]]]]:
    """What was dropped at each look that read it."""
    return [list(look.drops) for look in seen.looks if look.drops is not None]


def has_dropout(seen: Observation) -> bool:
    """Whether any module or any mask is there."""
    return bool(modules(seen)) or any(drops(seen))


def _modes(seen: Observation) -> Iterator[Finding]:
    if not has_dropout(seen):
        return
    if evaluated_in_training_mode(seen) and modules(seen):
        yield Finding(
            "dropout.evaluated_in_training_mode", Severity.WARNING, {"evaluations": seen.modes.blocks_training}
        )
    if modules(seen) and seen.modes.trained_eval >= LEAST_TRAINED and not seen.modes.trained_training:
        numbers = {"p": max(modules(seen)), "steps": seen.modes.trained_eval}
        yield Finding("dropout.trained_in_evaluation_mode", Severity.WARNING, numbers)
    if turned(seen) is not None and modules(seen):
        yield Finding("dropout.never_back_to_training", Severity.WARNING, {"since": turned(seen), "steps": seen.steps})


def _stays(seen: Observation) -> Iterator[Finding]:
    """Two passes in evaluation mode that differ, and masks in their graph, or more masks in training than modules."""
    masks = max((len(found) for found in drops(seen)), default=0)
    for found in (probed.get("modes", {}) for probed in seen.probes.values()):
        left = found.get("masks", 0) or (masks if masks > len(modules(seen)) else 0)
        if left and found.get("twice", 0.0) > STAYS_ON:
            yield Finding("dropout.stays_on", Severity.WARNING, {"difference": found["twice"], "masks": left})
            return


def _rate(seen: Observation) -> Iterator[Finding]:
    rates = [p for found in drops(seen) for p, _ in found] + modules(seen)
    if rates and (max(rates) >= TOO_MUCH or (max(rates) >= MUCH and falls_short(seen) is not None)):
        yield Finding("dropout.drops_too_much", Severity.WARNING, {"p": max(rates), "kept": 1 - max(rates)})


def _scale(seen: Observation) -> Iterator[Finding]:
    """Masks by hand that let a share pass and leave it as it is: evaluation gives the next layer more than training."""
    for found in seen.probes.values():
        probed = found.get("scale", {})
        slope, error = probed.get("slope", 1.0), probed.get("error", 0.0)
        if error > 0 and 0 < slope < 1 - max(OFF, ERRORS * error):
            yield Finding("dropout.not_rescaled", Severity.WARNING, {"kept": slope}, Where(layer=probed["layer"]))
            return


def _place(seen: Observation) -> Iterator[Finding]:
    """A mask between the last layer and the loss: it drops answers, not features."""
    heads = main_heads(seen)
    if not heads or not any(name in ("NativeDropout", "Mul") for name in heads[0].chain[1:]):
        return
    masked = [
        p
        for found in drops(seen)
        for p, shape in found
        if shape[-1:] == heads[0].output[-1:] and len(shape) == len(heads[0].output)
    ]
    if masked and heads[0].loss != "own":
        yield Finding("dropout.on_the_output", Severity.WARNING, {"p": max(masked), "outputs": heads[0].output[-1]})
