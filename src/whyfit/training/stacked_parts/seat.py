"""One member's place in a cohort: what is its own while it trains."""

from __future__ import annotations

from dataclasses import dataclass, field

import torch
from torch import Tensor

from whyfit.evidence.dataset import Dataset
from whyfit.evidence.member import Member
from whyfit.evidence.vitals import Vitals
from whyfit.nets.network import Network
from whyfit.training.embedding_start import features_for
from whyfit.training.schedule import sampled_epochs
from whyfit.training.stacked_parts.groups import Pace
from whyfit.training.stacked_parts.masks import Recorded, recorded
from whyfit.training.torch_parts.build import build_network
from whyfit.training.torch_parts.evaluate import Poll, evaluating
from whyfit.training.torch_parts.losses import Loss
from whyfit.training.torch_parts.randomness import Draws, draws_of
from whyfit.training.torch_parts.recorder import Recorder, restore, state_of
from whyfit.training.torch_parts.rows import Rows
from whyfit.training.torch_parts.step import rows_a_step, steps_an_epoch
from whyfit.training.torch_parts.vitals import Observer


class NotStackableError(Exception):
    """These members cannot be stacked; the message is a code with its facts."""


@dataclass(eq=False, slots=True)
class Seat:
    """A member of a cohort.

    Attributes
    ----------
    member, key
        What is trained.
    network
        Its own module: gives the start, and is lent to the observer at sampled epochs.
    rows, loss
        As the member has them alone.
    recorder, observer, vitals
        See there.
    first_loss
        Before the first step.
    """

    member: Member
    key: str
    network: Network
    rows: Rows
    loss: Loss
    recorder: Recorder
    observer: Observer
    sampled: frozenset[int]
    vitals: list[Vitals] = field(default_factory=list)
    first_loss: float = float("nan")

    @classmethod
    def of(cls, member: Member, key: str, data: Dataset, poll: Poll, device: str) -> Seat:
        """The member at its start.

        Raises
        ------
        NetworkError
            Its network cannot be made.
        """
        split, recipe = member.split, member.recipe
        network = build_network(member, data, device)
        rows = Rows.of(data, split.train, device, features_for(recipe, data))
        loss = Loss.of(recipe, data, split.train, device)
        train = torch.from_numpy(split.train.copy()).to(device)
        observer = Observer(network, rows, loss, train, poll)
        sampled = frozenset(sampled_epochs(member.collect.vitals, recipe.epochs).tolist())
        recorder = Recorder(recipe.patience if split.stop.size else None)
        return cls(member, key, network, rows, loss, recorder, observer, sampled)

    @property
    def pace(self) -> Pace:
        """What decides its rate."""
        recipe = self.member.recipe
        return Pace(recipe, recipe.epochs * steps_an_epoch(recipe, self.member.split.train.size))

    @property
    def done(self) -> bool:
        """Whether its patience or its epochs are over."""
        return self.recorder.finished or self.recorder.epochs >= self.member.recipe.epochs

    def sizes(self) -> tuple[int, ...]:
        """The sizes of its batches: the full one, and the last where it is short."""
        rows = self.member.split.train.size
        full = rows_a_step(self.member.recipe, rows)
        return (full, rows % full) if rows % full else (full,)

    def calls(self, rows: int) -> Recorded:
        """The calls of dropout in a training pass over a batch of that size.

        Raises
        ------
        NotStackableError
            It draws in evaluation, or from torch's own generator: such numbers cannot be each member's own.
        """
        batch = self.rows.features(self.observer.train[:rows])
        before = state_of(self.network.module)
        self.network.module.train()
        try:
            mode = recorded(lambda: self.network(batch))
        finally:
            restore(self.network.module, before)
        return mode

    def hold_quiet(self) -> None:
        """Refuse a network whose numbers could not be each member's own."""
        batch = self.rows.features(self.observer.train[:2])
        with evaluating(self.network.module):
            evaluation = draws_of(lambda: self.network(batch), self.member.seed)
        if evaluation.any:
            raise NotStackableError("draws_in_evaluation")
        before = state_of(self.network.module)
        self.network.module.train()
        try:
            training = draws_of(lambda: self.network(batch), self.member.seed) if batch.shape[0] > 1 else Draws()
        finally:
            restore(self.network.module, before)
        if training.other:
            raise NotStackableError("draws_from_torch")

    def __len__(self) -> int:
        return int(self.observer.train.numel())

    def order(self, places: Tensor) -> Tensor:
        """Its training rows in another order."""
        return self.observer.train[places]
