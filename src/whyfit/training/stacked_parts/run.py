"""A cohort from its start to its outcomes."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import torch
from torch import Tensor

from whyfit.evidence.outcome import Final, Outcome
from whyfit.training.stacked_parts.cohort import Cohort
from whyfit.training.stacked_parts.evaluate import Judge, Part
from whyfit.training.stacked_parts.passes import Batch, Passes
from whyfit.training.stacked_parts.seat import Seat
from whyfit.training.stacked_parts.stack import Stack, State, stack_of_states
from whyfit.training.stacked_parts.tally import CohortTally
from whyfit.training.stacked_parts.update import norms
from whyfit.training.torch_parts.evaluate import CancelledError, Mean, Poll
from whyfit.training.torch_parts.mixed import Mixed
from whyfit.training.torch_parts.outcome import Ending, Left, Stamp, outcome_of
from whyfit.training.torch_parts.step import rows_a_step
from whyfit.training.torch_parts.weights import weights_of

DONE = Ending()


@dataclass(eq=False, slots=True)
class CohortRun:
    """A cohort while it trains.

    Attributes
    ----------
    cohort
        The members that still train.
    poll
        Whether to stop; asked at every step.
    stamp
        See there.
    size
        Members at the beginning: the wall time is shared out among them.
    """

    cohort: Cohort
    poll: Poll
    stamp: Stamp
    size: int
    began: float = field(default_factory=time.perf_counter)
    epoch: int = 0
    taken: int = 0
    passes: Passes | None = None

    def outcomes(self) -> Iterator[Outcome]:
        """Train all; each outcome as its member is done, the diverged ones and the cancelled ones too."""
        try:
            yield from self._train()
        except CancelledError:
            end = Ending("cancelled", "cancelled")
            yield from (self._outcome(seat, end, self._left(seat)) for seat in self.cohort.seats)
            self.cohort.seats = []

    def _train(self) -> Iterator[Outcome]:
        self._look_before()
        self._observe()
        self.cohort.stack.network.module.train()
        while self.cohort.seats:
            self.epoch += 1
            means, bad = self.run_epoch()
            yield from self._leave_diverged(bad)
            means = [mean for place, mean in enumerate(means) if place not in bad]
            if not self.cohort.seats:
                return
            stop = self._stop()
            bad = {
                place: Ending("diverged", self._reason("loss"))
                for place, mean in enumerate(stop)
                if self._lost(place, mean)
            }
            self._note(means, stop, bad)
            yield from self._leave_diverged(bad)
            self._observe()
            yield from self._leave_done()

    def _look_before(self) -> None:
        cohort = self.cohort
        train = Part.of([seat.member.split.train for seat in cohort.seats], cohort.device)
        for seat, mean in zip(cohort.seats, cohort.judge.means(cohort.stack, train), strict=True):
            seat.first_loss = mean.loss

    def run_epoch(self) -> tuple[list[Mean], dict[int, Ending]]:
        """One pass of every member over its training rows; the means, and who diverged."""
        cohort, rows = self.cohort, self.cohort.judge.rows
        size = rows_a_step(cohort.seats[0].member.recipe, len(cohort.seats[0]))
        batches = torch.split(cohort.orders(self.epoch), size, dim=1)
        tally = CohortTally(rows, cohort.judge.loss)
        for step, index in enumerate(batches):
            if self.poll():
                raise CancelledError
            if step == len(batches) - 1:
                self._before_last_step()
            tally.add(index, *self.step(index, step, tally))
        bad = tally.first_not_finite(cohort.stack.trained)
        reasons = {place: Ending("diverged", self._reason(what, step)) for place, (what, step) in bad.items()}
        return tally.means(), reasons

    def step(
        self, index: Tensor, step: int, tally: CohortTally | None = None
    ) -> tuple[Tensor, Tensor, Tensor, Mixed | None]:
        """One step of every member on rows (members, rows): outputs, summed losses, what to divide them by, and who was
        mixed with whom.
        """
        cohort, rows = self.cohort, self.cohort.judge.rows
        inputs, mixed = cohort.augmenter.change(rows.features(index), self.epoch, step)
        masks, rates = cohort.dropped(self.epoch, step, index.shape[1])
        weights = rows.weights_of(index)
        own = () if weights is None else (weights,)
        taken = self._passes().take(Batch(inputs, rows.targets(index), tuple(masks), tuple(rates), own), mixed)
        self._update(taken.gradients, tally)
        return taken.outputs, taken.total, taken.weight, mixed

    def _passes(self) -> Passes:
        """Those of the stack as it stands: made anew when members have left."""
        cohort = self.cohort
        if self.passes is None or self.passes.stack is not cohort.stack:
            self.passes = Passes(cohort.stack, cohort.judge.loss, cohort.device)
        return self.passes

    def _update(self, gradients: State, tally: CohortTally | None) -> None:
        """Penalties, clipping, decay, the rule."""
        cohort, trained = self.cohort, self.cohort.stack.trained
        if cohort.amounts.changes_gradients:
            gradients = {
                name: g.clone() for name, g in gradients.items()
            }  # two may be one tensor, and it is written to
            if tally is not None:
                tally.note_gradients(norms(gradients))
            cohort.amounts.penalise(trained, gradients)
            cohort.amounts.clip(gradients)
        self.taken += 1
        cohort.amounts.shrink(trained, cohort.groups.rates(self.taken))
        cohort.groups.step([gradients.get(name) for name in trained], self.taken)

    def _stop(self) -> list[Mean]:
        return self.cohort.judge.means(self.cohort.stack, self.cohort.stop)

    def _lost(self, place: int, mean: Mean) -> bool:
        """Whether the loss on the stop rows is not finite, where there are any."""
        return bool(self.cohort.stop.sizes[place]) and mean.loss - mean.loss != 0.0

    def _note(self, train: Sequence[Mean], stop: Sequence[Mean], bad: Mapping[int, Ending]) -> None:
        """Write the epoch down for every member that is sound, and keep what is best so far."""
        seats, better = self.cohort.seats, []
        for place, (seat, mean, stopped) in enumerate(zip(seats, train, stop, strict=True)):
            if place not in bad and seat.recorder.note(mean, stopped):
                better.append(place)
        self.cohort.keep(better)

    def _before_last_step(self) -> None:
        for place, seat in enumerate(self.cohort.seats):
            if self.epoch in seat.sampled:
                self.cohort.stack.load(place, seat.network.module)
                seat.observer.before_last_step()

    def _observe(self) -> None:
        for place, seat in enumerate(self.cohort.seats):
            if self.epoch in seat.sampled:
                self.cohort.stack.load(place, seat.network.module)
                seat.vitals.append(seat.observer.take(self.epoch, self.taken))

    def _leave_diverged(self, bad: Mapping[int, Ending]) -> Iterator[Outcome]:
        seats = self.cohort.seats
        yield from (self._outcome(seats[place], end, self._left(seats[place])) for place, end in bad.items())
        self.cohort.without(list(bad))

    def _leave_done(self) -> Iterator[Outcome]:
        """Full passes with the kept weights of those who are done."""
        places = [place for place, seat in enumerate(self.cohort.seats) if seat.done]
        if not places:
            return
        cohort, seats = self.cohort, [self.cohort.seats[place] for place in places]
        stack = stack_of_states(cohort.stack, [cohort.kept_state(place) for place in places])
        judge = cohort.judge.kept(torch.tensor(places, device=cohort.device))
        yield from self._finished(seats, stack, judge)
        cohort.without(places)

    def _finished(self, seats: Sequence[Seat], stack: Stack, judge: Judge) -> Iterator[Outcome]:
        splits = [seat.member.split for seat in seats]
        parts = [Part.of([getattr(s, name) for s in splits], self.cohort.device) for name in ("train", "stop", "score")]
        means = [judge.means(stack, part) for part in parts]
        predictions = judge.predictions(stack, parts[2])
        for place, seat in enumerate(seats):
            train, stop, score = (mean[place] for mean in means)
            final = Final(train.loss, train.error, stop.loss, stop.error, score.loss, score.error, seat.first_loss)
            collect = seat.member.collect
            stack.load(place, seat.network.module)
            left = Left(
                seat.recorder,
                final,
                predictions[place] if collect.predictions else None,
                tuple(seat.vitals),
                self.taken,
                weights_of(seat.network.module) if collect.weights else None,
            )
            yield self._outcome(seat, DONE, left)

    def _left(self, seat: Seat) -> Left:
        """Of a member that did not finish."""
        return Left(seat.recorder, vitals=tuple(seat.vitals), steps=self.taken)

    def _outcome(self, seat: Seat, end: Ending, left: Left) -> Outcome:
        seconds = (time.perf_counter() - self.began) / self.size
        return outcome_of(seat.member, seat.key, end, left, self.stamp, seconds)

    def _reason(self, what: str, step: int | None = None) -> str:
        return f"not_finite:{what}:epoch={self.epoch}" + ("" if step is None else f":step={step}")
