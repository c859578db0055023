"""One member from its start to its outcome, by a plain torch loop."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Self

import numpy as np
import torch
from torch import Tensor

from whyfit.evidence.dataset import Dataset
from whyfit.evidence.member import Member
from whyfit.evidence.outcome import Final
from whyfit.evidence.types import AnyArray
from whyfit.evidence.vitals import Vitals
from whyfit.nets.network import Network
from whyfit.training.embedding_start import features_for
from whyfit.training.schedule import sampled_epochs
from whyfit.training.streams import Stream, permutation, stream_key
from whyfit.training.torch_parts.augmenter import Alone
from whyfit.training.torch_parts.build import build_network
from whyfit.training.torch_parts.evaluate import CancelledError, Mean, Poll, Tally, evaluating, mean_over, outputs_of
from whyfit.training.torch_parts.finite import DivergedError
from whyfit.training.torch_parts.losses import Loss
from whyfit.training.torch_parts.mixed import Mixed
from whyfit.training.torch_parts.outcome import Left
from whyfit.training.torch_parts.randomness import Draws, draws_of, evaluation_key, training_key
from whyfit.training.torch_parts.recorder import Recorder, State, restore, state_of
from whyfit.training.torch_parts.rows import Rows
from whyfit.training.torch_parts.step import Stepper, rows_a_step, steps_an_epoch
from whyfit.training.torch_parts.vitals import Observer
from whyfit.training.torch_parts.weights import weights_of

NO_KEY = np.uint64(0)
"""The key of a network that draws nothing."""

TRIAL_ROWS = 4
"""Rows of the pass that tells what a network draws."""


@dataclass(slots=True, eq=False)
class MemberRun:
    """A member while it trains; what is in it afterwards is its outcome.

    Attributes
    ----------
    member, network, rows, loss, augmenter, recorder
        See there.
    poll
        Whether to stop; asked at every step.
    observer, sampled
        Takes the vitals, at these epochs.
    """

    member: Member
    network: Network
    rows: Rows
    loss: Loss
    augmenter: Alone
    stepper: Stepper
    evaluation_draws: Draws
    poll: Poll
    recorder: Recorder
    observer: Observer
    sampled: frozenset[int]
    final: Final = field(default_factory=Final)
    predictions: AnyArray | None = None
    vitals: list[Vitals] = field(default_factory=list)
    taken: int = 0
    epoch: int = 0
    step: int = 0
    best: State | None = None
    finished: bool = False

    @classmethod
    def begin(cls, member: Member, data: Dataset, poll: Poll, device: str = "cpu") -> Self:
        """The member before its first step.

        Raises
        ------
        NetworkError
            Its network cannot be made.
        """
        split, recipe = member.split, member.recipe
        network = build_network(member, data, device)
        rows = Rows.of(data, split.train, device, features_for(recipe, data))
        loss = Loss.of(recipe, data, split.train, device)
        trial = rows.features(torch.from_numpy(split.train[:TRIAL_ROWS].copy()).to(device))
        training, evaluation = draws_in_both_modes(network, trial, member.seed)
        steps = recipe.epochs * steps_an_epoch(recipe, split.train.size)
        stepper = Stepper.of(network, recipe, loss, steps, training)
        recorder = Recorder(recipe.patience if split.stop.size else None)
        train = torch.from_numpy(split.train.copy()).to(device)
        observer = Observer(network, rows, loss, train, poll)
        sampled = frozenset(sampled_epochs(member.collect.vitals, recipe.epochs).tolist())
        augmenter = Alone.of(member, data, rows)
        return cls(member, network, rows, loss, augmenter, stepper, evaluation, poll, recorder, observer, sampled)

    def train(self) -> None:
        """All epochs, then the full passes with the kept weights.

        Raises
        ------
        CancelledError
            `poll` said so.
        DivergedError
            A number was not finite.
        """
        first = self._mean(self.member.split.train, 0)
        self._observe(0)
        self.network.module.train()
        for epoch in range(1, self.member.recipe.epochs + 1):
            train = self.run_epoch(epoch)
            stop = self._mean(self.member.split.stop, epoch)
            if self.member.split.stop.size and not _finite(stop.loss):
                raise DivergedError("loss")
            self._observe(epoch)
            if self.recorder.note(train, stop):
                self.best = state_of(self.network.module)
            if self.recorder.finished:
                break
        if self.best is not None:
            restore(self.network.module, self.best)
        self._finish(first.loss)

    def run_epoch(self, epoch: int) -> Mean:
        """One pass over the training rows in the order of the epoch; running means."""
        batches, tally = self._batches(epoch), Tally(self.rows, self.loss)
        for step, index in enumerate(batches):
            if self.poll():
                raise CancelledError
            self.epoch, self.step = epoch, step
            if epoch in self.sampled and step == len(batches) - 1:
                self.observer.before_last_step()
            key = training_key(self.member.seed, epoch, step) if self.stepper.draws.any else NO_KEY
            tally.add(index, *self.take_step(index, self.taken + 1, key))
            self.taken += 1
        self.stepper.hold_weights()
        return tally.mean()

    def take_step(self, index: Tensor, t: int, key: np.uint64) -> tuple[Tensor, float, float, Mixed | None]:
        """Step t on these rows, augmented: outputs, summed loss, what to divide it by, and who was mixed with whom."""
        rows, mixed = self.augmenter.change(self.rows.features(index), self.epoch, self.step)
        targets, own = self.rows.targets(index), self.rows.weights_of(index)
        return *self.stepper.take(rows, targets, t, key, mixed, own), mixed

    def _batches(self, epoch: int) -> tuple[Tensor, ...]:
        split = self.member.split
        order = split.train[permutation(stream_key(self.member.seed, Stream.ORDER, epoch), split.train.size)]
        size = rows_a_step(self.member.recipe, order.size)
        return torch.split(torch.from_numpy(order).to(self.rows.values.device), size)

    def place_of(self, *, earlier: bool = False) -> str:
        """The step under way, or the one before it."""
        return f"epoch={self.epoch}:step={self.step - earlier}"

    def _observe(self, epoch: int) -> None:
        if epoch in self.sampled:
            with self.evaluation_draws.keyed(evaluation_key(self.member.seed, epoch)):
                self.vitals.append(self.observer.take(epoch, self.taken))

    def _mean(self, part: AnyArray, epoch: int) -> Mean:
        with self.evaluation_draws.keyed(evaluation_key(self.member.seed, epoch)):
            return mean_over(self.network, self.rows, self.index(part), self.loss, self.poll)

    def _finish(self, first_loss: float) -> None:
        split, epoch = self.member.split, self.recorder.epochs + 1
        train, stop, score = (self._mean(part, epoch) for part in (split.train, split.stop, split.score))
        self.final = Final(train.loss, train.error, stop.loss, stop.error, score.loss, score.error, first_loss)
        if self.member.collect.predictions:
            self.predictions = self._predict(epoch)
        self.finished = True

    def _predict(self, epoch: int) -> AnyArray:
        """(score rows, outputs): logits in float32, or the target's own units in float64."""
        index = self.index(self.member.split.score)
        with self.evaluation_draws.keyed(evaluation_key(self.member.seed, epoch)):
            parts = [self.rows.own_units(out) for _, out in outputs_of(self.network, self.rows, index, self.poll)]
        outputs = torch.cat(parts) if parts else torch.empty(0, self.outputs)
        return (outputs.float() if self.loss.classes else outputs.double()).cpu().numpy()

    def left(self) -> Left:
        """What there is so far; the weights of a finished run, where they were asked for."""
        weights = weights_of(self.network.module) if self.finished and self.member.collect.weights else None
        return Left(self.recorder, self.final, self.predictions, tuple(self.vitals), self.taken, weights)

    @property
    def outputs(self) -> int:
        """Numbers that the network gives for one row."""
        return self.loss.classes or int(self.rows.target.shape[1])

    def index(self, part: AnyArray) -> Tensor:
        """Row numbers as a tensor on the device."""
        return torch.from_numpy(part.copy()).to(self.rows.values.device)


def draws_in_both_modes(network: Network, rows: Tensor, seed: int) -> tuple[Draws, Draws]:
    """What a network draws in training and in evaluation; the network is left as it was."""
    before = state_of(network.module)
    network.module.train()
    training = draws_of(lambda: network(rows), seed) if rows.shape[0] > 1 else Draws(dropout=True, other=True)
    restore(network.module, before)
    with evaluating(network.module):
        evaluation = draws_of(lambda: network(rows), seed)
    return training, evaluation


def _finite(value: float) -> bool:
    return value - value == 0.0
