"""The members of a cohort side by side: everything of theirs that is stacked, always in one order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
import torch
from torch import Tensor

from whyfit.evidence.dataset import Dataset
from whyfit.training.stacked_parts.evaluate import Judge, Part
from whyfit.training.stacked_parts.groups import Groups, in_groups
from whyfit.training.stacked_parts.losses import CohortLoss
from whyfit.training.stacked_parts.masks import Masks, Recorded
from whyfit.training.stacked_parts.seat import NotStackableError, Seat
from whyfit.training.stacked_parts.stack import Stack, State
from whyfit.training.stacked_parts.update import Amounts
from whyfit.training.streams import Stream, permutation, stream_key
from whyfit.training.torch_parts.augmenter import Augmenter
from whyfit.training.torch_parts.evaluate import Poll
from whyfit.training.torch_parts.recorder import restore, state_of
from whyfit.training.torch_parts.rows import Rows


@dataclass(eq=False, slots=True)
class Cohort:
    """The members that still train.

    Attributes
    ----------
    seats
        What is each member's own.
    stack
        Their networks.
    best
        Name → (members, …): the weights of each member's best epoch.
    judge, stop
        Evaluation, and the stop rows.
    amounts, groups, masks, augmenter
        Penalties and clipping, the optimiser, dropout, augmentation.
    device
        Where it all is.
    """

    seats: list[Seat]
    stack: Stack
    best: State
    judge: Judge
    stop: Part
    amounts: Amounts
    groups: Groups
    masks: Masks
    augmenter: Augmenter
    device: str

    @classmethod
    def begin(cls, seats: Sequence[Seat], data: Dataset, poll: Poll, device: str) -> Self:
        """Members before their first step, in the order of the optimiser's groups.

        Raises
        ------
        NotStackableError
            They differ in more than numbers, or cannot run as one program.
        """
        seats = [seats[place] for place in in_groups([seat.pace for seat in seats])]
        for seat in seats:
            seat.hold_quiet()
        masks = _masks(seats, device)
        _hold_one_structure(seats)
        stack = Stack.of([seat.network for seat in seats])
        _hold_stackable(stack, seats, masks)
        rows, recipes = Rows.stacked([seat.rows for seat in seats]), [seat.member.recipe for seat in seats]
        judge = Judge(rows, CohortLoss.of([seat.loss for seat in seats], device), poll)
        return cls(
            seats=seats,
            stack=stack,
            best=_copy(stack),
            judge=judge,
            stop=Part.of([seat.member.split.stop for seat in seats], device),
            amounts=Amounts.of(recipes, stack.network.module, device),
            groups=Groups([seat.pace for seat in seats], stack.trained),
            masks=masks,
            augmenter=Augmenter.of([seat.member for seat in seats], data, rows),
            device=device,
        )

    def orders(self, epoch: int) -> Tensor:
        """(members, rows) row numbers: each member's training rows in its own order of the epoch."""
        keys = [stream_key(seat.member.seed, Stream.ORDER, epoch) for seat in self.seats]
        trains = [seat.member.split.train for seat in self.seats]
        orders = [train[permutation(key, train.size)] for train, key in zip(trains, keys, strict=True)]
        return torch.from_numpy(np.stack(orders)).to(self.device)

    def dropped(self, epoch: int, step: int, rows: int) -> tuple[list[Tensor], list[Tensor]]:
        """Masks and rates of one step, as the stack takes them; nothing where nothing is dropped."""
        if not self.masks:
            return [], []
        return self.masks.at(Stream.DROPOUT, epoch, step, rows), self.masks.rate_tensors()

    @torch.no_grad()
    def keep(self, places: Sequence[int]) -> None:
        """Remember the weights of these members as their best."""
        if not places:
            return
        index = torch.tensor(places, device=self.device)
        for name, tensor in (self.stack.parameters | self.stack.buffers).items():
            self.best[name][index] = tensor.detach()[index]

    def kept_state(self, place: int) -> State:
        """The weights that a member ends with: of its best epoch, or the last ones where it does not stop early."""
        if self.seats[place].recorder.patience is None:
            return self.stack.state_of(place)
        return {name: tensor[place].clone() for name, tensor in self.best.items()}

    def without(self, leaving: Sequence[int]) -> None:
        """Let some members go; the others close up."""
        gone = set(leaving)
        places = [place for place in range(len(self.seats)) if place not in gone]
        if not gone or not places:
            self.seats = [self.seats[place] for place in places]
            return
        index = torch.tensor(places, device=self.device)
        self.seats = [self.seats[place] for place in places]
        self.stack, self.best = self.stack.kept(index), {name: t[index] for name, t in self.best.items()}
        self.judge, self.stop, self.amounts = self.judge.kept(index), self.stop.kept(places), self.amounts.kept(index)
        self.groups, self.masks = self.groups.kept(places, self.stack.trained), self.masks.kept(places)
        self.augmenter = self.augmenter.kept(places)


def _copy(stack: Stack) -> State:
    return {name: tensor.detach().clone() for name, tensor in (stack.parameters | stack.buffers).items()}


def _masks(seats: Sequence[Seat], device: str) -> Masks:
    """The calls of dropout, which must be the same for all but for their rates."""
    sizes = seats[0].sizes()
    by_size: dict[int, list[Recorded]] = {size: [seat.calls(size) for seat in seats] for size in sizes}
    shapes = {size: calls[0].shapes for size, calls in by_size.items()}
    if any(one.shapes != shapes[size] for size, calls in by_size.items() for one in calls):
        raise NotStackableError("other_dropout")
    rates = np.array([calls.rates for calls in by_size[sizes[0]]], dtype=np.float64).T
    return Masks(shapes, rates.reshape(len(shapes[sizes[0]]), len(seats)), tuple(s.member.seed for s in seats), device)


def _hold_one_structure(seats: Sequence[Seat]) -> None:
    """Stacking needs the same names, shapes and types; the same function gives another network for another split."""
    first = _described(seats[0])
    if any(_described(seat) != first for seat in seats):
        raise NotStackableError("other_structure")


def _described(seat: Seat) -> list[tuple[str, tuple[int, ...], torch.dtype, bool]]:
    module = seat.network.module
    tensors = [*module.named_parameters(), *module.named_buffers()]
    return [(name, tuple(t.shape), t.dtype, t.requires_grad) for name, t in tensors]


def _hold_stackable(stack: Stack, seats: Sequence[Seat], masks: Masks) -> None:
    """Take one step's gradient of two members as one program, and compare it with what they give alone."""
    size, pair = seats[0].sizes()[0], list(range(min(2, len(seats))))
    two, rates = stack.kept(torch.tensor(pair, device=masks.device)), masks.kept(pair)
    rows = torch.stack([seats[place].rows.features(seats[place].observer.train[:size]) for place in pair])
    module, before = stack.network.module, state_of(stack.network.module)
    module.train()
    try:
        given = (rates.at(Stream.DROPOUT, 1, 0, size), rates.rate_tensors()) if rates else ()
        outputs = two(rows, *given)
        torch.autograd.grad(outputs.sum(), list(two.trained.values()), allow_unused=True)
    except Exception as error:
        first_line = str(error).strip().partition("\n")[0]
        raise NotStackableError(f"vmap:{type(error).__name__}:{first_line}") from error
    finally:
        restore(module, before)
