"""The study: rounds of networks until nothing is open, or the budget is used."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from whyfit.errors import ArgumentError
from whyfit.evidence.dataset import Dataset
from whyfit.evidence.member import Member
from whyfit.evidence.outcome import Outcome
from whyfit.study.budget import Budget
from whyfit.study.plan import LOOKS, Arm, Plan
from whyfit.study.results import ArmResults
from whyfit.study.runner import Runner

SPENT = "seconds_spent"
"""The fact under which a store keeps the training time used so far: a resumed study goes on with its clock."""

COMPLETE = "complete_repeats"
"""The fact under which a store keeps how many repeats are complete."""


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a study stands.

    Attributes
    ----------
    networks
        Trained so far, those of earlier runs of a resumed study included.
    planned
        What will have been trained at the end of this round.
    seconds
        Training time used so far.
    repeats
        Complete repeats of the splitting.
    """

    networks: int
    planned: int
    seconds: float
    repeats: int


@dataclass(slots=True)
class Study:
    """Trains a plan in rounds.

    Attributes
    ----------
    data, plan, runner, budget
        See there.
    listen
        Called with a `Progress` after each shard.
    """

    data: Dataset
    plan: Plan
    runner: Runner
    budget: Budget
    listen: Callable[[Progress], None] = lambda _: None
    repeats: int = 0
    interrupted: bool = False
    _spent: float = 0.0
    _began: float = 0.0
    _ended: float = 0.0
    _trained: int = 0

    def run(self) -> None:
        """Train round after round; afterwards `repeats` says how many repeats are complete."""
        self._began = time.monotonic()
        self._spent = float(self.runner.store.fact(SPENT) or 0.0)
        self.repeats = self._done_before()
        for look in (look for look in LOOKS if look > self.repeats):
            target = self._target(look)
            if target <= self.repeats or not self._round(target):
                break
        self._ended = time.monotonic()

    def results(self, arm: Arm) -> ArmResults | None:
        """What the complete repeats of an arm left behind; None before the first is complete."""
        if self.repeats == 0:
            return None
        members = list(self.plan.members([arm], range(self.repeats)))
        outcomes = list(self.runner.store.get(self.runner.keys(members)))
        return ArmResults(self.data, arm, members, outcomes, self.repeats, self.plan.folds)

    @property
    def networks(self) -> int:
        """The networks behind the results: those of the complete repeats."""
        return self.plan.networks_a_repeat(self.plan.arms) * self.repeats

    def platforms(self) -> set[str]:
        """The platform keys of the results; more than one where a study was gone on with on another machine."""
        results = self.results(self.plan.plain)
        return {outcome.platform for outcome in results.outcomes} if results else set()

    def forecast(self) -> dict[str, float]:
        """What would be trained, and how long it would take, by a measurement of a few steps."""
        per_network, a_repeat = self._seconds_a_network(), self.plan.networks_a_repeat(self.plan.arms)
        repeats = max(1, *(self._target(look) for look in LOOKS))
        return {
            "networks": repeats * a_repeat,
            "repeats": repeats,
            "folds": self.plan.folds,
            "seeds": self.plan.plain.seeds,
            "seconds": repeats * a_repeat * per_network,
        }

    @property
    def seconds(self) -> float:
        """Training time used, over all runs of a resumed study."""
        return self._spent + (self._ended or time.monotonic()) - self._began

    def _done_before(self) -> int:
        """Complete repeats that the store holds from earlier runs, no more than the budget allows."""
        done = int(self.runner.store.fact(COMPLETE) or 0)
        most = self.budget.networks
        return done if most is None else min(done, most // self.plan.networks_a_repeat(self.plan.arms))

    def _round(self, target: int) -> bool:
        """Train up to `target` repeats; whether to go on."""
        members = list(self.plan.members(self.plan.arms, range(target)))
        context = replace(self.runner.context, deadline=self._deadline())
        self._trained = self._count(members)
        whole = self.runner.run(members, context, lambda outcomes: self._tell(outcomes, len(members)))
        self.interrupted = not whole
        self._remember_seconds()
        done = self.runner.store.keys()
        self.repeats = self._complete(members, done, target)
        self.runner.store.remember({COMPLETE: str(self.repeats)})
        return whole and self.repeats == target

    def _target(self, look: int) -> int:
        """The repeats to reach in this round: those of the look, or as many whole ones as the budget allows."""
        a_repeat = self.plan.networks_a_repeat(self.plan.arms)
        if self.budget.networks is not None:
            return min(look, self.budget.networks // a_repeat)
        left = (self.budget.seconds or 0.0) - (self.seconds if self._began else 0.0)
        affordable = self.repeats + int(left / (self._seconds_a_network() * a_repeat))
        return max(min(look, affordable), 1 if self.repeats == 0 else 0)

    def _seconds_a_network(self) -> float:
        """Wall seconds a network: measured on the rounds so far, before the first by the engine's own measurement."""
        if self._trained and self.repeats:
            return max(self.seconds, 1e-6) / self._trained
        sample = list(self.plan.members(self.plan.arms, range(1)))
        return self.runner.engine.cost(sample, self.runner.context).seconds / len(sample) / self.runner.workers

    def _deadline(self) -> float | None:
        if self.budget.seconds is None:
            return None
        return time.monotonic() + max(0.0, self.budget.seconds - self.seconds)

    def _tell(self, outcomes: Sequence[Outcome], planned: int) -> None:
        self._trained += sum(outcome.status != "cancelled" for outcome in outcomes)
        self.listen(Progress(self._trained, planned, self.seconds, self.repeats))

    def _count(self, members: Sequence[Member]) -> int:
        return len(self.runner.store.keys() & set(self.runner.keys(members)))

    def _complete(self, members: Sequence[Member], done: frozenset[str], target: int) -> int:
        """The number of leading repeats of which every member is done."""
        keys = zip(members, self.runner.keys(members), strict=True)
        missing = [member.block.repeat for member, key in keys if key not in done]
        return min(missing, default=target)

    def _remember_seconds(self) -> None:
        self.runner.store.remember({SPENT: repr(self.seconds)})


def check_budget(budget: Budget, plan: Plan) -> None:
    """Refuse a budget that cannot score every row once."""
    least = plan.networks_a_repeat([plan.plain])
    if budget.networks is not None and budget.networks < least:
        raise ArgumentError(
            f"`budget` must be at least {least}n ({plan.folds} folds × {plan.plain.seeds} seeds), got {budget}.",
            advice=f"Try `{least}n`, or a time such as `60s`.",
        )
