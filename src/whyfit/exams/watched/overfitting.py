"""Question 3, watched: does it overfit, is it done, could it ever fit?

The held-out side is seen where the script computes a loss without gradients. What stays at chance with nothing else
found is said last and as what it is: a symptom.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from statistics import median

from whyfit.evidence.evidence import Evidence
from whyfit.evidence.exam import Answer
from whyfit.evidence.finding import Finding, Severity
from whyfit.evidence.observation import HeldOutLoss, Observation
from whyfit.evidence.question import Question
from whyfit.exams.watched.base import NEEDS, seen_in
from whyfit.exams.watched.fit import Fit, fit_of
from whyfit.exams.watched.reach import (
    MORE,
    behind,
    better,
    falls_short,
    gets_further,
    gives_back,
    known_by_heart,
    learned_something,
    more_to_be_had,
    nothing_there,
    reached,
)

ROSE = 1.5
"""Last held-out loss over its lowest. Runs that stop soon after their best stay under 1.2."""
MATTERS = 0.1
"""Least rise, of the loss of a constant answer (or of the first loss): 0.002 to 0.02 is a rise that nobody minds."""
APART = 2.0
"""Held-out over training loss at the end."""
LEAST_POINTS = 5
BY_HEART = 50.0, 0.15
"""Held-out over training loss, and held-out loss of that of a constant answer. Of 300 healthy programs those with so
wide a gap all had held-out losses under 0.09 of it."""
RIGHT = 0.95
CHANCE_ERRORS = 2.0
"""Standard errors of a share of right answers, within which it has not fallen."""
SHORT = 100
"""Steps of a run that was hardly begun: where its held-out loss still falls, its end is what ended it. Chosen."""
FEW_STEPS = 20
"""Steps after which not even a linear model on scaled inputs has fitted at a common rate."""
STILL_FALLING = 0.08
"""Fall of the loss over the last quarter of the run, relative."""
FALLING_FAST = 0.2
"""The same: half of the rest would be gone within three such quarters."""
HALF = 0.5
"""Of the loss of a constant answer: below, most of what could be learned has been."""
NARROW = 2
"""Units of a hidden layer through which everything must pass."""


class WatchedOverfittingExam:
    """Tells memory from fit, and a run that was ended from one that was done."""

    question = Question.OVERFITTING
    needs = NEEDS
    codes = frozenset(
        {
            "overfitting.fits", "overfitting.held_out_rises", "overfitting.nothing_generalizes",
            "overfitting.ended_early", "overfitting.bottleneck", "overfitting.at_chance", "overfitting.by_heart",
            "overfitting.simple_does_better", "overfitting.does_not_carry_over",
        }
    )  # fmt: skip

    def applies(self, evidence: Evidence) -> Answer:
        """The gap needs a held-out loss that the script itself computes."""
        seen = seen_in(evidence)
        if not fit_of(seen).points:
            return Answer("not measured", "no_loss" if seen.backwards else "no_graph")
        if not seen.held_out:
            return Answer("partly measured", "no_held_out_loss")
        return Answer("partly measured", "one_run")

    def judge(self, evidence: Evidence) -> tuple[Finding, ...]:
        """The held-out side, then the training side."""
        seen = seen_in(evidence)
        fit = fit_of(seen)
        found = [*_held_out(seen, fit)] or [*_training(seen, fit)] if seen.bad is None else []
        found += _short(seen, found)
        if found or not (fit.points >= LEAST_POINTS and fit.last < fit.first):
            return tuple(found)
        return (Finding("overfitting.fits", Severity.OK, {"first": fit.first, "last": fit.last}),)


def evaluations(seen: Observation) -> list[tuple[int, float]]:
    """One loss an evaluation: the mean over its batches, weighted by rows."""
    return [(step, _mean([one.loss for one in ones], ones)) for step, ones in _by_step(seen)]


def _by_step(seen: Observation) -> list[tuple[int, list[HeldOutLoss]]]:
    """Held-out losses of one step together, the first step first."""
    steps: dict[int, list[HeldOutLoss]] = {}
    for one in seen.held_out:
        steps.setdefault(one.step, []).append(one)
    return sorted(steps.items())


def _held_out(seen: Observation, fit: Fit) -> Iterator[Finding]:
    losses = [loss for _, loss in evaluations(seen) if math.isfinite(loss)]
    if len(losses) < LEAST_POINTS:
        return
    best, last = min(losses), median(losses[-3:])
    numbers = {"best": best, "last": last, "train": fit.last, "evaluations": len(losses)}
    no_better = math.isfinite(fit.chance) and best > 0.97 * fit.chance and fit.last < 0.9 * fit.chance
    if no_better and _answers_hold(seen):
        return  # summed over rows, or of another task: no loss of these answers
    if no_better:
        known = "scored" in reached(seen) or any(math.isfinite(one.hits) for one in seen.held_out)
        severity = Severity.WARNING if known else Severity.NOTE  # a loss alone may be of another scale
        yield Finding("overfitting.nothing_generalizes", severity, numbers | {"chance": fit.chance})
    elif (
        last - best > MATTERS * (fit.chance if math.isfinite(fit.chance) else fit.first)
        and last > ROSE * best
        and last > APART * fit.last
        and losses.index(best) < 0.7 * len(losses)
    ):
        severity = Severity.NOTE if _answers_right(seen) or _only_too_sure(seen, last) else Severity.WARNING
        yield Finding("overfitting.held_out_rises", severity, numbers | {"onset": losses.index(best)})
    elif math.isfinite(fit.chance) and fit.last < best / BY_HEART[0] and last > BY_HEART[1] * fit.chance:
        yield Finding("overfitting.by_heart", Severity.WARNING, numbers | {"chance": fit.chance})


def _short(seen: Observation, found: list[Finding]) -> Iterator[Finding]:
    """The network beside simple learners, where nothing above has said the same already."""
    said = {finding.code for finding in found if finding.severity.rank >= Severity.WARNING.rank}
    if not said and (numbers := behind(seen)) is not None:
        severity = Severity.NOTE if falls_short(seen) is None else Severity.WARNING
        yield Finding("overfitting.simple_does_better", severity, numbers)
    if not said and (numbers := known_by_heart(seen)) is not None:
        yield Finding("overfitting.does_not_carry_over", Severity.WARNING, numbers)


def _answers_hold(seen: Observation) -> bool:
    """Whether the answers on rows of a score are far better than a constant's."""
    return bool(reached(seen).get("scored", 0.0) > HALF) or _answers_right(seen)


def _answers_right(seen: Observation) -> bool:
    """Whether held-out answers are right for nearly all rows in the end: what rises then is overconfidence."""
    hits = [one.hits for one in seen.held_out if math.isfinite(one.hits)]
    return len(hits) >= LEAST_POINTS and median(hits[-3:]) > RIGHT


def _only_too_sure(seen: Observation, last: float) -> bool:
    """Whether held-out answers are as often right at the end as where the loss was lowest, and the loss is still
    better than that of a constant answer: what rises then is overconfidence.
    """
    by_step = _by_step(seen)
    hits = [_mean([one.hits for one in ones], ones) for _, ones in by_step]
    losses = [loss for _, loss in evaluations(seen)]
    rows = sum(one.rows for one in by_step[-1][1])
    counts = [count for _, count in seen.scored_labels]
    if not counts or not all(map(math.isfinite, [*hits, *losses])):
        return False
    before, after = hits[losses.index(min(losses))], median(hits[-3:])
    noise = CHANCE_ERRORS * math.sqrt(max(before * (1 - before), 0.0) / max(rows, 1))
    constant = -sum(count / sum(counts) * math.log(count / sum(counts)) for count in counts)
    return after >= before - noise and last < constant


def _mean(values: list[float], ones: list[HeldOutLoss]) -> float:
    rows = [max(one.rows, 1) for one in ones]
    return sum(value * number for value, number in zip(values, rows, strict=True)) / sum(rows)


def narrowest(seen: Observation) -> tuple[int, int]:
    """Units of the narrowest hidden layer, and of the last layer."""
    layers = seen.looks[0].layers if seen.looks else ()
    dense = [layer for layer in layers if layer.kind == "dense"]
    return (min((layer.units for layer in dense[:-1]), default=0), dense[-1].units) if len(dense) > 1 else (0, 0)


def _held_out_still_falls(seen: Observation) -> bool:
    """Whether the last held-out loss was the lowest, and clearly under the one before."""
    losses = [loss for _, loss in evaluations(seen)]
    return len(losses) > 1 and losses[-1] == min(losses) and losses[-1] < (1 - STILL_FALLING) * losses[-2]


def _carries_too_little(seen: Observation, fit: Fit, *, high: bool) -> bool:
    """A loss that no longer falls and is high, or a simple learner that gets much further."""
    if gives_back(seen):
        return False  # a code of two numbers is asked for
    return (high and fit.falling < STILL_FALLING) or behind(seen) is not None


def _at_chance(seen: Observation, fit: Fit) -> bool:
    """By the loss, unless answers are right far above chance; or by what neither the network nor others could learn."""
    return (fit.at_chance and not learned_something(seen)) or nothing_there(seen)


def _severity_at_chance(seen: Observation, fit: Fit) -> Severity:
    """A note where it may well be as it should: rows that hold little, or a loss of one's own that need not fall."""
    best = better(reached(seen))
    if nothing_there(seen) or fit.rose or not math.isfinite(fit.last):
        return Severity.WARNING
    if best is not None:
        more = best[0] > max(0.0, reached(seen)["own"]) + MORE
        return Severity.WARNING if more and not gets_further(reached(seen), best[0]) else Severity.NOTE
    return Severity.WARNING if math.isfinite(fit.chance) else Severity.NOTE


def _training(seen: Observation, fit: Fit) -> Iterator[Finding]:
    units, outputs = narrowest(seen)
    numbers = {"first": fit.first, "last": fit.last, "chance": fit.chance, "steps": seen.steps or seen.backwards}
    high = math.isfinite(fit.chance) and fit.last > HALF * fit.chance
    if seen.backwards <= FEW_STEPS and not fit.learned and fit.points:
        yield Finding("overfitting.ended_early", Severity.WARNING, numbers | {"falling": fit.falling})
    elif (
        _at_chance(seen, fit) and fit.points >= LEAST_POINTS and len(seen.looks) > 1
    ):  # one look sees the labels of one batch
        yield Finding("overfitting.at_chance", _severity_at_chance(seen, fit), numbers)
    elif 0 < units <= NARROW and units <= max(outputs, 1) and _carries_too_little(seen, fit, high=high):
        yield Finding("overfitting.bottleneck", Severity.WARNING, numbers | {"units": units, "outputs": outputs})
    elif high and fit.falling > STILL_FALLING:
        fast = fit.falling > FALLING_FAST or (seen.backwards <= SHORT and _held_out_still_falls(seen))
        more = more_to_be_had(seen)  # where that is not known, only a run that was hardly begun is told from a slow one
        severity = Severity.WARNING if fast and (more or (more is None and seen.backwards <= SHORT)) else Severity.NOTE
        yield Finding("overfitting.ended_early", severity, numbers | {"falling": fit.falling})
