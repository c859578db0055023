"""The study: rounds of networks until nothing is open, or the budget is used.

A round is a list of batches: the plain arm first, then every family whose verdict is open, each brought to the same
number of repeats. Which batches come next depends on verdicts on complete batches alone, so with a budget in networks
two runs train the same ones; with a budget in seconds the clock decides only how many batches there are.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from whyfit.data.together import Together
from whyfit.errors import ArgumentError
from whyfit.evidence.dataset import Dataset
from whyfit.evidence.estimate import Estimate
from whyfit.evidence.leaks import AlikeFacts, SuspectFacts
from whyfit.evidence.member import Member
from whyfit.evidence.outcome import Outcome
from whyfit.evidence.question import Question
from whyfit.study.budget import Budget
from whyfit.study.combine import COMBINED, combined_family, comparable, may_be_recommended
from whyfit.study.contrast import Contrasting
from whyfit.study.measure import METRICS
from whyfit.study.plan import Arm, Plan
from whyfit.study.results import ArmResults
from whyfit.study.revisit import parameters_of
from whyfit.study.room import first_repeat, networks_within
from whyfit.study.runner import Runner
from whyfit.study.search import EARLY_SHARE, MOST_REPEATS, PROMOTIONS, SEARCH, Search, worse_than_plain
from whyfit.study.search import SHARE as SEARCH_SHARE
from whyfit.study.statistics.looks import REPEATS_AT_LOOKS
from whyfit.study.statistics.losses import Loss
from whyfit.study.track import Track, settle
from whyfit.training.contract import why_of

SHARE_OF_LEAKS, SHARE_OF_PREPARING = 0.15, 0.05
"""Share of a budget in seconds that one leak may take, and what preparing before the split would have pretended.
Chosen. A budget in networks has no such bound: two runs are to agree, and the clock has no say in one."""

BEFORE_PREPARING = 200
"""Networks trained before it is measured what preparing before the split pretends, which takes 20 of each: a tenth.
Chosen; the same in both kinds of budget, so that the command in networks repeats a study in seconds."""

SPENT = "seconds_spent"
"""The fact under which a store keeps the training time used so far: a resumed study goes on with its clock."""


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a study stands.

    Attributes
    ----------
    networks
        Trained so far, those of earlier runs of a resumed study included.
    planned
        What will have been trained at the end of this batch.
    seconds
        Training time used so far.
    arm
        What is being trained.
    repeats
        Complete repeats of the plain arm.
    """

    networks: int
    planned: int
    seconds: float
    arm: str
    repeats: int


@dataclass(frozen=True, slots=True)
class Settled:
    """A verdict that gets no more networks, said while the study goes on.

    Attributes
    ----------
    remedy, verdict, metric
        Which remedy, what of it, and what its gain is measured in.
    gain
        With its interval.
    seconds
        Training time used so far.
    """

    remedy: str
    verdict: str
    metric: str
    gain: Estimate
    seconds: float


@dataclass(frozen=True, slots=True)
class Batch:
    """Some arms, brought to a number of repeats."""

    name: str
    arms: tuple[Arm, ...]
    repeats: range


@dataclass(frozen=True, slots=True)
class Forecast:
    """What a study would train.

    Attributes
    ----------
    networks
        By arm, in order.
    seconds
        Of training, by a measurement of a few steps; networks that stop early take less.
    folds, workers
        As they are.
    engine, why_engine
        What would train them, and the code of the reason.
    not_taken
        The other engines, each with the code of its reason.
    """

    networks: dict[str, int]
    seconds: float
    folds: int
    workers: int
    engine: str
    why_engine: str
    not_taken: Mapping[str, str]


@dataclass(slots=True)
class Study:
    """Trains a plan in rounds.

    Attributes
    ----------
    data, plan, runner, budget
        See there.
    listen
        Called with a `Progress` after each shard.
    hear
        Called with each verdict when it is settled.
    settled
        Those that are.
    not_taken
        The engines that do not train it, each with the code of its reason.
    suspects, against, together
        What was found before the data was divided, and how new rows compare with it, for the report.
    leaks, preparing
        Leaks to be measured by networks, after the plain ones that question 2 needs; and what preparing before the
        split would have pretended, after the first look at the families.
    tracks
        How far each family is.
    repeats
        Complete repeats of the plain arm.
    interrupted
        Whether someone asked to stop.
    reused
        Networks that the study file held when this run began.
    search
        What was tried to find a better recipe.
    most
        Networks that there is room for, as each leaves predictions, see `whyfit.study.room`.
    full
        Whether a batch was left out because there was no room for it.
    """

    data: Dataset
    plan: Plan
    runner: Runner
    budget: Budget
    listen: Callable[[Progress], None] = lambda _: None
    hear: Callable[[Settled], None] = lambda _: None
    not_taken: Mapping[str, str] = field(default_factory=dict)
    suspects: SuspectFacts | None = None
    against: AlikeFacts | None = None
    together: Together | None = None
    leaks: tuple[Contrasting, ...] = ()
    preparing: tuple[Contrasting, ...] = ()
    tracks: list[Track] = field(default_factory=list)
    repeats: int = 0
    networks: int = 0
    interrupted: bool = False
    reused: int = 0
    search: Search | None = None
    most: int = 0
    full: bool = False
    settled: dict[str, Settled] = field(default_factory=dict)
    _counted: set[str] = field(default_factory=set)
    _measured: dict[tuple[str, int], float] = field(default_factory=dict)
    _plain: ArmResults | None = None
    _work: float = 0.0
    _spent: float = 0.0
    _began: float = 0.0
    _ended: float = 0.0
    _predicted: float = 0.0
    _trained_seconds: float = 0.0

    def run(self) -> None:
        """Train batch after batch; afterwards the results of every complete one are there."""
        self.runner.warm()
        self._began = time.monotonic()
        self._spent = float(self.runner.store.fact(SPENT) or 0.0)
        self.reused = len(self.runner.store)
        self._start()
        try:
            self._run_batches()
        except KeyboardInterrupt:  # between two batches: what is complete is kept, as in one
            self.interrupted = True
        self._ended = time.monotonic()
        self._remember_seconds()

    def _start(self) -> None:
        plan = self.plan
        self.most = networks_within(first_repeat(plan), self.data)
        self.tracks = [Track(family) for family in plan.families]
        self.search = Search(self.data, plan.plain, plan.seed, lambda arms: plan.fitting(arms, self.runner.engine))

    def _run_batches(self) -> None:
        for batch in self._batches():
            if not (self._contrast(batch) if isinstance(batch, Contrasting) else self._train(batch)):
                break
        if not self.interrupted:
            self._settle(end=True)
            self._combine_at_the_end()

    def _combine_at_the_end(self) -> None:
        """What the last looks showed to help, together, if the budget still allows it."""
        repeats = max((track.repeats for track in self.tracks), default=0)
        for batch in self._combined(repeats):
            if self._train(batch):
                self._settle(end=True)

    def results(self, arm: Arm, repeats: int) -> ArmResults:
        """What the first complete repeats of an arm left behind."""
        members = list(self.plan.members([arm], range(repeats)))
        outcomes = list(self.runner.store.get(self.runner.keys(members)))
        return ArmResults(self.data, arm, members, outcomes, repeats, self.plan.folds, self.plan.once)

    def arms_of(self, track: Track) -> list[ArmResults]:
        """The results of each candidate of a family; of what the search found, with as many repeats as each has."""
        if track.family.kind == "search" and self.search is not None:
            return [self.results(arm, self.search.tried[arm.recipe.digest][1]) for arm in track.family.candidates]
        return [self.results(arm, track.repeats) for arm in track.family.candidates]

    @property
    def plain(self) -> ArmResults | None:
        """The results of the plain arm; None before its first repeat is complete."""
        if self.repeats and (self._plain is None or self._plain.repeats != self.repeats):
            self._plain = self.results(self.plan.plain, self.repeats)
        return self._plain

    @property
    def equivalents(self) -> float:
        """All training so far, in networks of the plain recipe: steps times weights over those of one of them."""
        plain = self.plain
        if plain is None:
            return 0.0
        one = parameters_of(plain.arm.recipe, self.data) * sum(o.steps for o in plain.outcomes) / len(plain.outcomes)
        return self._work / one if one else 0.0

    @property
    def seconds(self) -> float:
        """Training time used, over all runs of a resumed study."""
        return self._spent + (self._ended or time.monotonic()) - (self._began or time.monotonic())

    def forecast(self) -> Forecast:
        """What would be trained if no verdict settled, and how long it would take, by a measurement of a few steps."""
        self._start()
        planned: dict[str, int] = {}
        seconds = 0.0
        for batch in self._batches():
            if isinstance(batch, Contrasting):
                seconds += self._foresee(batch, seconds, planned)
                continue
            size = next((size for size in self._sizes(batch) if self._within(len(self._counted), seconds, size)), None)
            if size is None:
                break
            planned[batch.name] = planned.get(batch.name, 0) + self._size(size)
            seconds += self._predict(size)
            self._work += self._predict(size)
            self._counted |= self._keys(size)
            for track in self.tracks:
                track.repeats = batch.repeats.stop if track.family.name == batch.name else track.repeats
        self._counted.clear()
        self._work, self.tracks, self.search = 0.0, [], None
        engine = self.runner.engine
        told = engine.name, why_of(engine), self.not_taken
        return Forecast(planned, seconds, self.plan.folds, self.runner.workers, *told)

    def _batches(self) -> Iterator[Batch | Contrasting]:
        """What is trained next, given the verdicts so far."""
        plain, before = self.plan.plain, 0
        if self.data.time is not None or self.plan.once:  # there is one division: repeats only bring other seeds
            yield Batch(plain.name, (plain,), range(REPEATS_AT_LOOKS[0]))
            yield from (*self.leaks, *self.preparing)
            return
        looks = looks_within(self.plan.most_repeats)
        for look, ahead in pairwise((*looks, looks[-1])):
            for stop in sorted({look, ahead} - {before}):  # the plain arm goes one look ahead: question 2 needs it
                yield Batch(plain.name, (plain,), range(before, stop))
                before = stop
            yield from self.leaks if look == looks[0] else ()
            for track in self.tracks:
                if not track.settled:
                    yield Batch(track.family.name, track.family.candidates, range(track.repeats, look))
                    self._settle(end=False)  # those to come are counted too, so each may be judged as it is measured
                    yield from self._searched()
            self._settle(end=False)
            for batch in self._combined(look):
                yield batch
                self._settle(end=False)
            if look == looks[0] and len(self._counted) >= BEFORE_PREPARING:
                yield from self.preparing
            if self.tracks and all(track.settled for track in self.tracks):
                return

    def _searched(self) -> Iterator[Batch]:
        """Rounds of the search, as long as it has had less than its share of all networks.

        It begins when every remedy has had its first look, because it starts from what those measured.
        """
        search = self.search
        remedies = [track for track in self.tracks if track.family.question is Question.OVERFITTING]
        if search is None or not remedies or not all(track.repeats for track in remedies):
            return
        share = SEARCH_SHARE if all(track.repeats for track in self.tracks) else EARLY_SHARE
        while not search.over and search.takes_less_than(share, len(self._counted), self._work):
            for batch in self._round(search):
                networks, work = len(self._counted), self._work
                yield batch
                search.networks += len(self._counted) - networks
                search.work += self._work - work
                if self.plain is not None:
                    search.note(batch.arms, batch.repeats.stop, self.results, self.plain)
            search.end_round()

    def _round(self, search: Search) -> Iterator[Batch]:
        """New recipes, then further repeats of the leader."""
        arms = search.draw(self._losses())
        if arms:
            yield Batch(SEARCH, arms, range(1))
        for _ in range(PROMOTIONS):
            leader = search.leader(min(self.repeats, MOST_REPEATS))
            if leader is not None:
                yield Batch(SEARCH, (leader[0],), range(leader[1], leader[1] + 1))

    def _losses(self) -> list[tuple[float, Arm]]:
        """By how much each measured arm lost more than plain, where it could be recommended."""
        plain = self.plain
        if plain is None:
            return []
        tracks = [track for track in self.tracks if track.repeats and may_be_recommended(track.family)]
        pairs = [(arm, track.repeats) for track in tracks for arm in track.family.candidates]
        for arm, repeats in pairs:
            key = (arm.recipe.digest, repeats)
            if key not in self._measured and comparable(arm.recipe, plain.arm.recipe):
                self._measured[key] = worse_than_plain(self.results(arm, repeats), plain)
        keyed = [((arm.recipe.digest, repeats), arm) for arm, repeats in pairs]
        return [(self._measured[key], arm) for key, arm in keyed if key in self._measured]

    @property
    def searched(self) -> Track | None:
        """What the search found that has repeats enough to be recommended."""
        family = self.search.family(REPEATS_AT_LOOKS[0]) if self.search else None
        return Track(family, REPEATS_AT_LOOKS[0]) if family else None

    def _combined(self, repeats: int) -> Iterator[Batch]:
        """One more arm for what helps, where that is another combination than before; its repeats begin anew."""
        plain = self.plain
        if plain is None or not repeats:
            return
        family = combined_family(self.tracks, plain.arm.recipe, plain.error_loss, plain.arm.kept)
        there = next((track for track in self.tracks if track.family.name == COMBINED), None)
        if family is None or (there is not None and there.family == family):
            return
        family = replace(family, candidates=self.plan.fitting(family.candidates, self.runner.engine))
        if family.candidates:
            self.tracks = [*(track for track in self.tracks if track is not there), Track(family)]
            yield Batch(family.name, family.candidates, range(min(repeats, self.repeats)))

    def _train(self, batch: Batch) -> bool:
        """Train one batch if the budget allows; whether to go on."""
        affordable = self._cut(batch)
        if not affordable.repeats:
            return False
        members = list(self.plan.members(affordable.arms, range(affordable.repeats.stop)))
        predicted, began = self._measured_cost(affordable), time.monotonic()
        whole = self._run(members, affordable)
        self._predicted += predicted
        self._trained_seconds += time.monotonic() - began if predicted else 0.0
        self.interrupted = not whole
        complete = whole and set(self.runner.keys(members)) <= self.runner.store.keys()
        if complete:
            self._note(affordable)
        self._remember_seconds()
        if complete and affordable != batch:  # the clock was predicted; what it really took may leave room for more
            return self._train(replace(batch, repeats=range(affordable.repeats.stop, batch.repeats.stop)))
        return complete

    def _contrast(self, contrast: Contrasting) -> bool:
        """Measure one leak if the budget allows; whether to go on. One that it does not allow is passed over."""
        if not self._allowed(contrast, self.networks, self.seconds):
            return True
        planned = self.networks + len(contrast.keys - self._counted)

        def tell(_: Sequence[Outcome]) -> None:
            done = len(self.runner.store)
            self.listen(Progress(done, max(planned, done), self.seconds, contrast.name, self.repeats))

        self.interrupted = not contrast.train(self._deadline(), tell)
        if contrast.complete:
            self._counted |= contrast.keys
            self.networks = len(self._counted)
        self._remember_seconds()
        return not self.interrupted

    def _allowed(self, contrast: Contrasting, networks: int, seconds: float) -> bool:
        if not contrast.keys:
            return False
        if self.budget.networks is not None:
            return networks + len(contrast.keys - self._counted) <= self.budget.networks
        whole, cost = self.budget.training_seconds or 0.0, contrast.cost()
        share = SHARE_OF_LEAKS if contrast in self.leaks else SHARE_OF_PREPARING
        return cost <= share * whole and seconds + cost <= whole

    def _foresee(self, contrast: Contrasting, seconds: float, planned: dict[str, int]) -> float:
        """Add a contrast to what is planned, where the budget allows it; its seconds."""
        if not self._allowed(contrast, len(self._counted), seconds):
            return 0.0
        planned[contrast.name] = len(contrast.keys - self._counted)
        self._counted |= contrast.keys
        return contrast.cost()

    def _run(self, members: Sequence[Member], batch: Batch) -> bool:
        context = replace(self.runner.context, deadline=self._deadline())
        planned = self.networks + self._size(batch)

        def tell(_: Sequence[Outcome]) -> None:
            done = len(self.runner.store)
            self.listen(Progress(done, max(planned, done), self.seconds, batch.name, self.repeats))

        return self.runner.run(members, context, tell)

    def _note(self, batch: Batch) -> None:
        self._work += sum(self._work_of(batch, arm) for arm in batch.arms)
        self._counted |= self._keys(batch)
        self.networks = len(self._counted)
        if batch.arms[0] is self.plan.plain:
            self.repeats = batch.repeats.stop
        for track in self.tracks:
            if track.family.name == batch.name:
                track.repeats = batch.repeats.stop

    def _work_of(self, batch: Batch, arm: Arm) -> float:
        """Steps times weights of what an arm adds: the cost of training, which is the same on every machine."""
        members = list(self.plan.members([arm], batch.repeats))
        fresh = [key for key in self.runner.keys(members) if key not in self._counted]
        return float(parameters_of(arm.recipe, self.data)) * sum(one.steps for one in self.runner.store.get(fresh))

    def _settle(self, *, end: bool) -> None:
        """Look at every family that has new repeats, and take verdicts over all of them."""
        plain = self.plain
        if plain is not None and self.tracks:
            settle(self.tracks, plain, self.results, end=end)
            self._say_settled(plain.error_loss)

    def _say_settled(self, loss: Loss) -> None:
        for track in self.tracks:
            name, verdict = track.family.name, track.verdict.get(loss)
            if verdict is not None and verdict.settled and name not in self.settled:
                self.settled[name] = Settled(name, verdict.verdict, METRICS[loss], verdict.gain, self.seconds)
                self.hear(self.settled[name])

    def _cut(self, batch: Batch) -> Batch:
        """The batch as far as the budget allows, and as there is room for what it leaves."""
        for size in self._sizes(batch):
            if self._within(self.networks, self.seconds, size) or (self.repeats == 0 and size.repeats == range(1)):
                return size
        self.full = self.full or self.networks + self._size(size) > self.most
        return replace(batch, repeats=range(0))

    def _sizes(self, batch: Batch) -> Iterator[Batch]:
        """In which sizes a batch may be trained: the plain arm repeat by repeat, a family whole or not at all."""
        return _shorter(batch) if batch.arms[0] is self.plan.plain else iter([batch])

    def _within(self, networks: int, seconds: float, batch: Batch) -> bool:
        """Whether the budget holds this batch after what was used; what the store holds already costs nothing."""
        after = networks + self._size(batch)
        if after > self.most or self.budget.networks is not None:
            return after <= min(self.most, self.budget.networks or self.most)
        cost = self._predict(batch)
        return cost == 0.0 or seconds + cost <= (self.budget.training_seconds or 0.0)

    def _keys(self, batch: Batch) -> set[str]:
        return set(self.runner.keys(self.plan.members(batch.arms, batch.repeats)))

    def _size(self, batch: Batch) -> int:
        """Networks that the batch adds: one that two arms share, as ensembles and plain do, is trained once."""
        return len(self._keys(batch) - self._counted)

    def _predict(self, batch: Batch) -> float:
        """Wall seconds: the engine's own measurement, corrected by how long the batches so far really took."""
        truth = self._trained_seconds / self._predicted if self._predicted else 1.0
        return self._measured_cost(batch) * truth

    def _measured_cost(self, batch: Batch) -> float:
        """Wall seconds by the engine's own measurement, for what the store does not hold yet."""
        members = list(self.plan.members(batch.arms, batch.repeats))
        done = self.runner.store.keys()
        todo = [member for member, key in zip(members, self.runner.keys(members), strict=True) if key not in done]
        return self.runner.engine.cost(todo, self.runner.context).seconds / self.runner.workers if todo else 0.0

    def _deadline(self) -> float | None:
        if self.budget.training_seconds is None:
            return None
        return time.monotonic() + max(0.0, self.budget.training_seconds - self.seconds)

    def _remember_seconds(self) -> None:
        self.runner.store.remember({SPENT: repr(self.seconds)})


def _shorter(batch: Batch) -> Iterator[Batch]:
    """The batch, then ever fewer repeats of it, down to one."""
    for stop in range(batch.repeats.stop, batch.repeats.start, -1):
        yield replace(batch, repeats=range(batch.repeats.start, stop))


def looks_within(most: int | None) -> list[int]:
    """The repeats at which looks are taken, as far as there are repeats with splits of their own.

    Examples
    --------
    >>> looks_within(None), looks_within(3)
    ([2, 4, 8, 16, 32], [2, 3])
    """
    return sorted({look if most is None else min(look, most) for look in REPEATS_AT_LOOKS})


def check_budget(budget: Budget, plan: Plan) -> None:
    """Refuse a budget that cannot score every row once."""
    least = plan.folds * plan.plain.seeds
    if budget.networks is not None and budget.networks < least:
        raise ArgumentError(
            f"`budget` must be at least {least}n ({plan.folds} folds × {plan.plain.seeds} seeds), got {budget}.",
            advice=f"Try `{least}n`, or a time such as `60s`.",
        )
