"""What a cohort takes on this machine, from a few steps of each structure and size: measured once a process."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from whyfit.evidence.dataset import Dataset
from whyfit.evidence.digest import digest_of
from whyfit.evidence.member import Member
from whyfit.training.contract import Context, Cost
from whyfit.training.stacked_parts.cohort import Cohort
from whyfit.training.stacked_parts.evaluate import Part
from whyfit.training.stacked_parts.run import CohortRun
from whyfit.training.stacked_parts.seat import NotStackableError, Seat
from whyfit.training.stacked_parts.structure import COHORT, cohorts, structure_of
from whyfit.training.stacked_parts.tally import CohortTally
from whyfit.training.torch_parts.cost import (
    COPIES,
    FAR_IN_THE_RUN,
    TIMED_STEPS,
    WARM_STEPS,
    Pace,
    begun,
    evaluation_pace,
    seconds_of,
    timed,
)
from whyfit.training.torch_parts.cost import pace_of as pace_alone
from whyfit.training.torch_parts.evaluate import CHUNK_ROWS
from whyfit.training.torch_parts.outcome import Stamp
from whyfit.training.torch_parts.threads import one_torch_thread

_paces: dict[str, Pace] = {}


MORE_COPIES = 2
"""Copies beside those of a member alone: each member's own module, and its gradients laid out for the optimiser.
`benchmarks/scaling.py` holds the sum against the peak that Linux counts."""

MEMBER_COPIES = 1 + COPIES + MORE_COPIES
"""The constant of a cohort's memory, which grows in proportion to its members: each takes so many times its parameters'
bytes, plus the state of its rule (twice them for Adam), plus twice what its forward pass keeps for the backward one.
That is 1.5 to 2.0 times what a CNN, an LSTM and a transformer allocate at the peak (a test holds it above 1), and 1.0
to 1.1 times what dense networks take (`benchmarks/scaling.py`)."""

LONG_STEP = 5e-3
"""Seconds a step alone, from which on stacking on a CPU is not tried: it saves the 300 µs that torch spends on calling,
and costs the cache (measured: 512 units, 2.8 ms a step, gain 0.6 to 1.2)."""


def cost_of(members: Sequence[Member], context: Context, most: int = COHORT) -> Cost:
    """Seconds for all cohorts one after the other, if no member stops early, and the peak bytes of the largest.

    Raises
    ------
    NotStackableError
        Some of them cannot be stacked, or have nothing to gain by it.
    """
    data, seconds, most_bytes = context.open_data(), 0.0, 0
    for places in cohorts(members, most):
        cohort = [members[place] for place in places]
        pace = pace_of(cohort, data, context)
        seconds += sum(seconds_of(member, pace) for member in cohort)
        most_bytes = max(most_bytes, pace.bytes)
    return Cost(seconds, most_bytes)


def pace_of(members: Sequence[Member], data: Dataset, context: Context) -> Pace:
    """The pace of one member within its cohort, and the bytes of the whole cohort."""
    changes = sorted({member.recipe.augmentation for member in members})
    key = digest_of([data.fingerprint, context.device, structure_of(members[0]), len(members), changes])
    if key not in _paces:
        with one_torch_thread():
            _paces[key] = _measure(members, data, context)
    return _paces[key]


def _measure(members: Sequence[Member], data: Dataset, context: Context) -> Pace:
    if context.device == "cpu" and pace_alone(members[0], data, context).step > LONG_STEP:
        raise NotStackableError("steps_too_long_to_gain")
    poll, count = context.cancel.is_set, len(members)

    def begin() -> CohortRun:
        seats = [Seat.of(member, "", data, poll, context.device) for member in members]
        return CohortRun(Cohort.begin(seats, data, poll, context.device), poll, Stamp("", "", context.device), count)

    start, run = begun(begin, context.device)
    cohort, seats = run.cohort, run.cohort.seats
    cohort.stack.network.module.train()
    size = seats[0].sizes()[0]
    index = cohort.orders(FAR_IN_THE_RUN)
    tally, batch = CohortTally(cohort.judge.rows, cohort.judge.loss), index[:, :size]

    def step() -> None:
        tally.add(batch, *run.step(batch, 0, tally))

    def look(rows: int) -> None:
        part = Part.of([seat.member.split.train[:rows] for seat in seats], context.device)
        cohort.judge.means(cohort.stack, part)

    times = [timed(step, context.device) for _ in range(WARM_STEPS + TIMED_STEPS)]
    rows = min(len(seats[0]), max(1, CHUNK_ROWS // count))
    whole, row = evaluation_pace(look, rows, context.device)
    step_seconds = min(times[WARM_STEPS:])
    return Pace(start / count, step_seconds / count, whole / count, row / count, _bytes(cohort, batch))


def _bytes(cohort: Cohort, index: Tensor) -> int:
    """Weights, their copies, the optimiser, what one pass keeps for its backward pass, and as much again for what flows
    back.
    """
    parameters = sum(t.nbytes for t in cohort.stack.parameters.values())
    kept: list[int] = []

    def keep(tensor: Tensor) -> Tensor:
        kept.append(tensor.nbytes)
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(keep, lambda tensor: tensor):
        cohort.stack(cohort.judge.rows.features(index), *cohort.dropped(FAR_IN_THE_RUN, 0, index.shape[1]))
    return parameters * MEMBER_COPIES + cohort.groups.bytes + 2 * sum(kept)
