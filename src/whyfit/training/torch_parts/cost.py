"""What training alone takes on this machine, from a few steps of each structure: measured once a process."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

import torch
from torch import Tensor
from torch.autograd.graph import saved_tensors_hooks

from whyfit.evidence.dataset import Dataset
from whyfit.evidence.digest import digest_of
from whyfit.evidence.member import Member
from whyfit.training.contract import Context, Cost
from whyfit.training.torch_parts.evaluate import CHUNK_ROWS, Tally, mean_over
from whyfit.training.torch_parts.member_run import MemberRun
from whyfit.training.torch_parts.randomness import training_key
from whyfit.training.torch_parts.step import rows_a_step, steps_an_epoch
from whyfit.training.torch_parts.threads import one_torch_thread

WARM_STEPS, TIMED_STEPS = 2, 5
"""Steps before and under the clock: the first ones allocate; chosen so that a small network answers within 10 ms."""

TIMED_LOOKS, FEWER = 3, 16
"""Evaluations under the clock of each of two sizes, the fastest counts; the smaller size is such a part (chosen)."""

FAR_IN_THE_RUN = 1 << 20
"""The epoch under which trial steps draw: no real one has this number."""

PASSES_AROUND = 5
"""Evaluations beside those after the epochs: of the training rows before and after, of the stop and the score rows, and
for the predictions."""

COPIES = 2
"""Copies of the parameters beside the weights and the optimiser's state: gradients, and the best weights."""


Begun = TypeVar("Begun")


@dataclass(frozen=True, slots=True)
class Pace:
    """What one structure takes.

    Attributes
    ----------
    start, step, whole, row
        Seconds until the first step; a step; of an evaluation, what it takes whatever its size, and a row.
    bytes
        At the peak of a step.
    """

    start: float
    step: float
    whole: float
    row: float
    bytes: int


_paces: dict[str, Pace] = {}


def cost_of(members: Sequence[Member], context: Context) -> Cost:
    """Seconds for all members one after the other, if none stops early, and the peak bytes of the largest."""
    data = context.open_data()
    costs = [seconds_of(member, pace_of(member, data, context)) for member in members]
    return Cost(sum(costs), max((pace_of(member, data, context).bytes for member in members), default=0))


def seconds_of(member: Member, pace: Pace) -> float:
    """All epochs, the stop rows after each, and the passes before and after."""
    split, recipe = member.split, member.recipe
    steps = recipe.epochs * steps_an_epoch(recipe, split.train.size)
    rows = recipe.epochs * split.stop.size + 2 * split.train.size + split.stop.size + 2 * split.score.size
    return pace.start + steps * pace.step + (recipe.epochs + PASSES_AROUND) * pace.whole + rows * pace.row


def pace_of(member: Member, data: Dataset, context: Context) -> Pace:
    """The pace of a member's structure; measured at its first member."""
    key = structure_of(member, data, context.device)
    if key not in _paces:
        with one_torch_thread():
            _paces[key] = _measure(member, data, context)
    return _paces[key]


def structure_of(member: Member, data: Dataset, device: str) -> str:
    """What makes two members take the same time: the network, what a step does, and the data; no rate, no seed."""
    plain = {**member.recipe.plain(), "learning_rate": 0, "epochs": 0, "patience": 0, "label_smoothing": 0}
    plain |= {"augmentation_strength": 0}
    rows = rows_a_step(member.recipe, member.split.train.size)
    return digest_of([data.fingerprint, device, rows], plain)


def _measure(member: Member, data: Dataset, context: Context) -> Pace:
    start, run = begun(lambda: MemberRun.begin(member, data, context.cancel.is_set, context.device), context.device)
    run.network.module.train()
    split, rows = member.split, rows_a_step(member.recipe, member.split.train.size)
    index = run.index(split.train[:rows])
    saved = _saved_bytes(run, index)
    tally = Tally(run.rows, run.loss)
    times = [timed(partial(_step, run, index, n, tally), context.device) for n in range(WARM_STEPS + TIMED_STEPS)]

    def look(rows: int) -> None:
        mean_over(run.network, run.rows, run.index(split.train[:rows]), run.loss, run.poll)

    whole, row = evaluation_pace(look, min(CHUNK_ROWS, split.train.size), context.device)
    return Pace(start, min(times[WARM_STEPS:]), whole, row, _parameter_bytes(run) + saved)


def begun(begin: Callable[[], Begun], device: str) -> tuple[float, Begun]:
    """Seconds of a second beginning, and what it began: the first one loads what is loaded once, and is let go."""
    begin()
    kept: list[Begun] = []
    seconds = timed(lambda: kept.append(begin()), device)
    return seconds, kept[0]


def evaluation_pace(look: Callable[[int], None], rows: int, device: str) -> tuple[float, float]:
    """Seconds of an evaluation whatever its size, and of a row, from evaluations of few rows and of so many."""
    few = max(1, rows // FEWER)
    short, long = (min(timed(partial(look, size), device) for _ in range(TIMED_LOOKS)) for size in (few, rows))
    row = max(0.0, long - short) / max(1, rows - few)
    return max(0.0, short - few * row), row


def _step(run: MemberRun, index: Tensor, step: int, tally: Tally | None = None) -> None:
    key = training_key(run.member.seed, FAR_IN_THE_RUN, step)
    taken = run.take_step(index, 1, key)
    if tally is not None:
        tally.add(index, *taken)


def timed(work: Callable[[], Any], device: str) -> float:
    """Seconds of some work: of this thread alone on a CPU, so that what else runs there does not decide; else wall."""
    if device == "cpu":
        began = time.thread_time()
        work()
        return time.thread_time() - began
    began = time.perf_counter()
    work()
    torch.cuda.synchronize()
    return time.perf_counter() - began


def _saved_bytes(run: MemberRun, index: Tensor) -> int:
    """Bytes that a forward pass keeps for the backward pass."""
    kept: list[int] = []

    def keep(tensor: Tensor) -> Tensor:
        kept.append(tensor.nbytes)
        return tensor

    with saved_tensors_hooks(keep, lambda tensor: tensor):
        _step(run, index, 0)
    return sum(kept)


def _parameter_bytes(run: MemberRun) -> int:
    size = sum(p.nbytes for p in run.network.module.parameters())
    state = sum(t.nbytes for one in run.stepper.optimizer.state.values() for t in one.values() if isinstance(t, Tensor))
    return size * (1 + COPIES) + state
