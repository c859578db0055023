"""Question 4, watched: does each step use the right gradients, of the right parameters, by the right amount?

Bookkeeping (zeroing, owning, stepping) is a mechanism: it is seen directly. The rate is judged by how far the weights
travel and what became of the loss, never by its own value.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from whyfit.evidence.evidence import Evidence
from whyfit.evidence.exam import Answer
from whyfit.evidence.finding import Finding, Severity
from whyfit.evidence.observation import Observation, OptimizerFacts
from whyfit.evidence.question import Question
from whyfit.exams.watched.base import (
    ENOUGH_LOOKS,
    NEEDS,
    known,
    late,
    matrices,
    middle,
    path_length,
    seen_in,
    updates,
)  # fmt: skip
from whyfit.exams.watched.fit import (
    CHANCE,
    Fit,
    contested,
    fit_of,
    main_heads,
    one_player,
    plain_chance,
    values_at_ends,
)

MOSTLY = 0.9
"""Share of the steps at which bookkeeping must be wrong: once can be meant."""
LEAST_STEPS = 3
THROWN = 0.7
"""Share of the backward passes whose gradients nobody used: where each step looks twice it is at most a half."""
SHORT_PATH = 0.05
"""Of the weights' size: a run whose steps together would not move them this far has not left its start. Chosen."""
LARGE_STEP = 0.1
"""Update over weight: a hundred times the 1e-3 that is common in healthy training (Karpathy's rule of thumb)."""
FIRST_UPDATES, LEAPS = 5, (0.4, 2.0)
"""The first updates over the weights, their median and their largest: nothing of the start is left. Of 302 healthy
programs the largest were 0.24 and 0.61."""
TINY_STEP = 1e-6
"""Update over weight at which a run of thousands of steps goes nowhere."""
ADADELTA_PAPER = 1.0
"""Zeiler 2012 has no learning rate, which is a rate of 1."""
HEAVY_DECAY = 0.05
MADE_ANEW = 5
"""Optimisers that were given up for another on the same parameters: stages of a training are fewer. Chosen."""
LONG_MEMORY = 0.995
"""A momentum whose memory spans 200 steps and more."""
SHRUNK, GONE = 0.3, 0.02
"""Of the weights' size at the start: a loss does that to no network as a whole, and what is gone answers nothing."""
STUCK, FALLS, FASTER = 0.1, 0.5, 5.0
"""Of tries on one batch: a loss that falls less than this is stuck, one that falls so much is learned, and ten times
the rate that brings five times the fall is better by far. Chosen: thirty steps at a fair rate take most of it away."""
HARDLY = 0.9
"""Of the loss of a constant answer: a run that ended above has taken less than a tenth of it away. Chosen."""
WILD = 100.0
"""Loss of a single row over that of the start: a network that learned well gives a strange row several times of it."""
NOT_FAR = 0.5
"""Of the weights' size: a run that came no further in all its steps may have learned little for want of way alone."""
MET_AGAIN = 2
"""Looks at a parameter before it is said to have no optimiser: a single one may stand before the first step, as with
copies of a network that learn a few steps each."""


class WatchedOptimizersExam:
    """Tells wrong bookkeeping from a wrong rate, and both from a network that cannot learn for another reason."""

    question = Question.OPTIMIZERS
    needs = NEEDS
    codes = frozenset(
        {
            "optimizers.bookkeeping_sound", "optimizers.gradients_kept", "optimizers.zeroed_before_step",
            "optimizers.unowned", "optimizers.no_step", "optimizers.uphill", "optimizers.rate_too_high",
            "optimizers.rate_too_low", "optimizers.far_from_paper", "optimizers.decay_dominates",
            "optimizers.rate_decayed_early", "optimizers.momentum_too_long", "optimizers.batch_of_one",
            "optimizers.tenth_learns", "optimizers.tenfold_learns", "optimizers.loss_negated",
            "optimizers.penalty_dominates", "optimizers.made_anew", "optimizers.gradients_thrown_away",
        }
    )  # fmt: skip

    def applies(self, evidence: Evidence) -> Answer:
        """Steps must have been seen; those of an update written by hand show in the weights alone."""
        seen = seen_in(evidence)
        if not seen.looks:
            return Answer("not measured", "no_graph")
        if not seen.steps:
            return Answer("partly measured", "no_optimizer")
        return Answer("partly measured", "one_run" if _turns(seen) >= LEAST_STEPS else "few_steps")

    def judge(self, evidence: Evidence) -> tuple[Finding, ...]:
        """Bookkeeping first: where it is wrong, nothing can be said of the rate."""
        seen = seen_in(evidence)
        fit = fit_of(seen)
        books = [
            *_zeroing(seen),
            *_thrown(seen),
            *_ownership(seen),
            *_stepping(seen),
            *_uphill(seen, fit),
            *_anew(seen),
        ]
        found = books or [*_rate(seen, fit)]
        if found or _turns(seen) < LEAST_STEPS or not _had_gradients(seen):
            return tuple(found)
        return (Finding("optimizers.bookkeeping_sound", Severity.OK, {"steps": seen.steps}),)


def _turns(seen: Observation) -> int:
    """Steps of which it is known whether gradients had been reset since the step before."""
    return sum(owner.reset + owner.kept for owner in seen.optimizers)


def _zeroing(seen: Observation) -> Iterator[Finding]:
    for owner in seen.optimizers:
        turns = owner.reset + owner.kept
        if turns >= LEAST_STEPS and owner.kept >= MOSTLY * turns:
            yield Finding(
                "optimizers.gradients_kept", Severity.SERIOUS, {"steps": owner.kept, "of": turns, "name": owner.name}
            )
            return
        if owner.seen >= LEAST_STEPS and owner.wiped >= MOSTLY * owner.seen and _mostly_had_gradients(seen):
            numbers = {"steps": owner.wiped, "of": owner.seen, "name": owner.name}
            yield Finding("optimizers.zeroed_before_step", Severity.SERIOUS, numbers)
            return


def _thrown(seen: Observation) -> Iterator[Finding]:
    """Gradients put back to nothing before any step: most batches teach nothing."""
    for owner in seen.optimizers:
        if owner.made >= LEAST_STEPS and owner.thrown >= THROWN * owner.made and one_player(seen):
            numbers = {"backwards": owner.thrown, "of": owner.made, "steps": owner.steps, "name": owner.name}
            yield Finding("optimizers.gradients_thrown_away", Severity.SERIOUS, numbers)
            return


def _mostly_had_gradients(seen: Observation) -> bool:
    """Right after the backward pass: dead units make gradients of zero, too, and nobody has to wipe those."""
    looks = [look for look in seen.looks if look.parameters]
    return sum(any(row.gradient > 0 for row in look.parameters) for look in looks) >= MOSTLY * len(looks) > 0


def _anew(seen: Observation) -> Iterator[Finding]:
    """One optimiser after the other on the same parameters: what each had gathered of the gradients is lost."""
    lost = [owner for owner in seen.optimizers if owner.replaced and _remembers(owner)]
    if len(lost) >= MADE_ANEW:
        steps = sum(owner.steps for owner in lost) / len(lost)
        yield Finding(
            "optimizers.made_anew", Severity.WARNING, {"times": len(lost), "steps": steps, "name": lost[-1].name}
        )


def _remembers(owner: OptimizerFacts) -> bool:
    return owner.name != "SGD" or any(float(group.get("momentum", 0.0)) > 0 for group in owner.groups)


def _had_gradients(seen: Observation) -> bool:
    return any(row.gradient > 0 for look in seen.looks for row in look.parameters)


def _ownership(seen: Observation) -> Iterator[Finding]:
    """Parameters that get gradients, and that no optimiser ever stepped on."""
    if not seen.steps:
        return
    rows = [row for look in seen.looks for row in look.parameters]
    owned = {row.name for row in rows if row.owned}
    times = Counter(row.name for row in rows if row.gradient > 0)
    reached = {row.name: row.values for row in rows if row.gradient > 0}
    left = {
        name: values
        for name, values in reached.items()
        if times[name] >= MET_AGAIN and name not in owned and not _moves(seen, name)
    }
    if not left:
        return
    share = sum(left.values()) / sum(reached.values())
    severity = Severity.SERIOUS if len(left) == len(reached) else Severity.WARNING
    yield Finding(
        "optimizers.unowned",
        severity,
        {"parameters": len(left), "of": len(reached), "share": share, "example": min(left)},
    )


def _moves(seen: Observation, name: str) -> bool:
    """Whether something else changes a parameter (an update by hand, weights that are tied)."""
    sizes = known(row.weight for look in seen.looks for row in look.parameters if row.name == name)
    return len(sizes) > 1 and max(sizes) != min(sizes)


def _stepping(seen: Observation) -> Iterator[Finding]:
    if seen.steps or seen.backwards < ENOUGH_LOOKS or len(seen.looks) < ENOUGH_LOOKS:
        return
    names = {row.name for look in seen.looks for row in look.parameters}
    if names and not any(_moves(seen, name) for name in names):
        yield Finding("optimizers.no_step", Severity.SERIOUS, {"backwards": seen.backwards})


def _uphill(seen: Observation, fit: Fit) -> Iterator[Finding]:
    heads = main_heads(seen)
    begin, end = values_at_ends(seen)
    negated = len(heads) >= LEAST_STEPS and all(head.sign < 0 for head in heads)
    if negated and not contested(seen) and not end < begin:
        ends = {"first": begin, "last": end} if math.isfinite(begin) else {"first": fit.first, "last": fit.last}
        yield Finding("optimizers.loss_negated", Severity.SERIOUS, ends)
        return
    upward = [owner for owner in seen.optimizers if any(group.get("maximize") for group in owner.groups)]
    if upward and heads and heads[0].loss != "own" and (fit.rose or not fit.learned):
        yield Finding(
            "optimizers.uphill", Severity.SERIOUS, {"first": fit.first, "last": fit.last, "name": upward[0].name}
        )


def _rate(seen: Observation, fit: Fit) -> Iterator[Finding]:
    """At most one finding on the size of the steps."""
    owner = max(seen.optimizers, key=lambda one: one.steps, default=OptimizerFacts())
    sizes = [size for _, size in updates(seen)]
    if seen.backwards < ENOUGH_LOOKS or not sizes:
        return
    for sign in (_momentum, _decay, _low, _early_end, _high, _single, _tried):
        finding = sign(seen, fit, owner, sizes)
        if finding is not None:
            yield finding
            return


def _numbers(fit: Fit, owner: OptimizerFacts, sizes: list[float]) -> dict[str, float | str]:
    return {"rate": owner.rate_high, "update": middle(sizes), "first": fit.first, "last": fit.last, "name": owner.name}


def _low(seen: Observation, fit: Fit, owner: OptimizerFacts, sizes: list[float]) -> Finding | None:
    """The weights stayed where they were, and the loss with them, though gradients arrived."""
    path = path_length(seen)
    stayed = fit.last > 0.5 * fit.first and not (math.isfinite(fit.chance) and fit.learned)
    if not (path < SHORT_PATH and stayed) or not _had_gradients(seen):
        return None
    numbers = _numbers(fit, owner, sizes) | {"path": path, "steps": seen.steps or seen.backwards}
    if owner.name == "Adadelta" and owner.rate_high < 0.1 * ADADELTA_PAPER:
        return Finding("optimizers.far_from_paper", Severity.WARNING, numbers | {"paper": ADADELTA_PAPER})
    return Finding("optimizers.rate_too_low", Severity.WARNING, numbers)


def _high(seen: Observation, fit: Fit, owner: OptimizerFacts, sizes: list[float]) -> Finding | None:
    """Steps as large as the weights themselves, and a loss that went up or stayed at chance."""
    first = sizes[:FIRST_UPDATES]
    if middle(first) > LEAPS[0] and max(first) > LEAPS[1]:
        return Finding(
            "optimizers.rate_too_high", Severity.SERIOUS, _numbers(fit, owner, sizes) | {"update": max(first)}
        )
    large = middle(sizes[: max(3, len(sizes) // 2)]) > LARGE_STEP or max(sizes[:20], default=0.0) > 10 * LARGE_STEP
    bad = seen.bad is not None or fit.rose or (fit.at_chance and not _still(seen))
    wild = fit.highest_late > 3 * max(fit.first, fit.chance if math.isfinite(fit.chance) else 0.0) and not fit.learned
    if large and (bad or wild):
        return Finding("optimizers.rate_too_high", Severity.SERIOUS, _numbers(fit, owner, sizes))
    return None


def _still(seen: Observation) -> bool:
    """Whether hardly any gradient came in the first looks: then it was not the step that did it."""
    return all(not (row.gradient > 0) for look in seen.looks[:2] for row in look.parameters if row.units)


def _decay(seen: Observation, fit: Fit, owner: OptimizerFacts, sizes: list[float]) -> Finding | None:
    """Weights that shrank to a fraction under a heavy decay, and a loss that stayed up."""
    heavy = max((float(group.get("weight_decay", 0.0)) for group in owner.groups), default=0.0)
    shrunk = _shrinkage(seen)
    _, end = values_at_ends(seen)
    added = any(not head.plain for head in main_heads(seen)) and heavy < HEAVY_DECAY
    if added and (shrunk < GONE or (shrunk < SHRUNK and end > CHANCE * plain_chance(seen))):
        numbers = _numbers(fit, owner, sizes) | {"shrunk": shrunk, "last": end}
        return Finding("optimizers.penalty_dominates", Severity.WARNING, numbers)
    if heavy < HEAVY_DECAY or fit.learned:
        return None
    if shrunk < SHRUNK:
        return Finding(
            "optimizers.decay_dominates",
            Severity.WARNING,
            _numbers(fit, owner, sizes) | {"decay": heavy, "shrunk": shrunk},
        )
    return None


def _shrinkage(seen: Observation) -> float:
    begin = {row.name: row.weight for row in matrices(seen.looks[0])}
    end = {row.name: row.weight for row in matrices(seen.looks[-1])}
    return middle(end[name] / begin[name] for name in begin if name in end and begin[name] > 0)


def _momentum(seen: Observation, fit: Fit, owner: OptimizerFacts, sizes: list[float]) -> Finding | None:
    momentum = max(map(_memory, owner.groups), default=0.0)
    if momentum >= LONG_MEMORY and (fit.rose or not fit.learned or seen.bad is not None):
        return Finding(
            "optimizers.momentum_too_long", Severity.WARNING, _numbers(fit, owner, sizes) | {"momentum": momentum}
        )
    return None


def _memory(group: Mapping[str, Any]) -> float:
    """How much of the mean gradient is kept from step to step: momentum, or the first of Adam's two rates."""
    betas = group.get("betas") or (0.0,)
    return max(float(group.get("momentum", 0.0)), float(betas[0]))


def _early_end(seen: Observation, fit: Fit, owner: OptimizerFacts, sizes: list[float]) -> Finding | None:
    """A schedule took the rate away while the loss was still up, and long before the end."""
    rates = [(look.backward, look.rate) for look in seen.looks if math.isfinite(look.rate)]
    if not rates or not owner.rate_high > 0:
        return None
    gone = [backward for backward, rate in rates if rate < 1e-3 * owner.rate_high]
    if gone and gone[0] < 0.6 * seen.backwards and not fit.learned:
        numbers = _numbers(fit, owner, sizes) | {"since": gone[0], "end": seen.backwards, "lowest": owner.rate_low}
        return Finding("optimizers.rate_decayed_early", Severity.WARNING, numbers)
    return None


def _single(seen: Observation, fit: Fit, owner: OptimizerFacts, sizes: list[float]) -> Finding | None:
    """Batches of one row at a rate at which the loss never settles."""
    rows = [head.target_shape[0] for head in main_heads(seen) if head.target_shape]
    unsettled = fit.highest_late > (WILD if fit.learned else 2) * fit.first
    if (
        rows
        and max(rows) == 1
        and unsettled
        and middle([size for _, size in updates(seen)][-20:]) > 1e-2 * LARGE_STEP
        and late(seen)
    ):
        return Finding(
            "optimizers.batch_of_one", Severity.WARNING, _numbers(fit, owner, sizes) | {"highest": fit.highest_late}
        )
    return None


def _tried(seen: Observation, fit: Fit, owner: OptimizerFacts, sizes: list[float]) -> Finding | None:
    """A run that learned little, where the first batch is learned from the same start at another rate, and not at this.

    A schedule is left alone: its rate at the start was another one than what is tried.
    """
    tried = next((found["rates"] for found in seen.probes.values() if "same" in found.get("rates", {})), None)
    if tried is None or fit.learned or fit.unknown or owner.rate_low < 0.5 * owner.rate_high:
        return None
    same, tenth, tenfold = tried["same"], tried["tenth"], tried["tenfold"]
    numbers = _numbers(fit, owner, sizes) | {"tried": tried["steps"], "same": same}
    if same <= 0 and tenth >= FALLS:
        return Finding("optimizers.tenth_learns", Severity.WARNING, numbers | {"other_rate": tenth})
    near = path_length(seen) < NOT_FAR
    if near and same < STUCK and tenfold > max(STUCK, FASTER * same):
        on_its_way = fit.last < HARDLY * (fit.chance if math.isfinite(fit.chance) else fit.first)
        severity = Severity.NOTE if on_its_way else Severity.WARNING  # slow, and no more
        return Finding("optimizers.tenfold_learns", severity, numbers | {"other_rate": tenfold})
    return None
