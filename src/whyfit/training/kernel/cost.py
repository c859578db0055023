"""What training in the kernel takes on this machine, from a short run of each structure: measured once a process."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from whyfit.evidence.dataset import Dataset
from whyfit.evidence.digest import digest_of
from whyfit.evidence.member import Collect, Member
from whyfit.evidence.split import Split
from whyfit.training.contract import Cost
from whyfit.training.kernel.compiled import run
from whyfit.training.kernel.pack import Packed, pack

TRIAL_STEPS = 20
"""Steps of a trial run: 1 ms for the default network, and the clock's own error stays under a percent. Chosen."""

EVALUATION_SHARE = 0.3
"""A row evaluated over a row trained: 29 % of an epoch for a full pass over its rows, measured (64-128-128-10)."""

MEMBERS_A_SHARD = 4
"""At most: what a lost worker costs. Chosen."""


@dataclass(frozen=True, slots=True)
class Pace:
    """What one structure takes: seconds a trained row, and bytes."""

    row: float
    bytes: int


_paces: dict[str, Pace] = {}


def cost_of(members: Sequence[Member], data: Dataset) -> Cost:
    """Seconds for all members one after the other, if none stops early, and the bytes of the largest."""
    paces = [_pace(member, data) for member in members]
    seconds = sum(_seconds(member, pace) for member, pace in zip(members, paces, strict=True))
    return Cost(seconds, max((pace.bytes for pace in paces), default=0))


def in_shards(members: Sequence[Member], limit: Cost) -> Iterator[tuple[Member, ...]]:
    """Groups that each stay within the limit; a member of unknown cost goes alone."""
    group: list[Member] = []
    seconds = 0.0
    for member in members:
        pace = _paces.get(_structure(member))
        own = _seconds(member, pace) if pace else math.inf
        if group and (seconds + own > limit.seconds or len(group) == MEMBERS_A_SHARD):
            yield tuple(group)
            group, seconds = [], 0.0
        group.append(member)
        seconds += own
    if group:
        yield tuple(group)


def _seconds(member: Member, pace: Pace) -> float:
    split, epochs = member.split, member.recipe.epochs
    passes = (epochs + 1) * split.stop.size + 2 * split.train.size + split.score.size
    return pace.row * (epochs * split.train.size + EVALUATION_SHARE * passes)


def _structure(member: Member) -> str:
    """What makes two members take the same time: no rate, no seed."""
    plain = {**member.recipe.plain(), "learning_rate": 0, "epochs": 0, "patience": 0, "augmentation_strength": 0}
    return digest_of(plain, [member.split.train.size // 2, member.collect.vitals])


def _pace(member: Member, data: Dataset) -> Pace:
    key = _structure(member)
    if key not in _paces:
        _paces[key] = _measure(member, data)
    return _paces[key]


def _measure(member: Member, data: Dataset) -> Pace:
    """The better of two short runs, less the passes around the steps by their known share."""
    train = member.split.train
    rows = train[: TRIAL_STEPS * min(member.recipe.batch_size or train.size, train.size)]
    nothing = np.empty(0, np.int64)
    trial = replace(
        member,
        recipe=member.recipe.but(epochs=1, patience=None),
        split=Split(train=rows, stop=nothing, score=nothing),
        collect=Collect(predictions=False),
    )
    packed = pack(trial, data, np.zeros(1, np.uint8))
    run(packed.args)
    seconds = min(_timed(pack(trial, data, np.zeros(1, np.uint8))) for _ in range(2))
    return Pace(seconds / (rows.size * (1 + 2 * EVALUATION_SHARE)), _bytes(packed))


def _timed(packed: Packed) -> float:
    start = time.perf_counter()
    run(packed.args)
    return time.perf_counter() - start


def _bytes(packed: Packed) -> int:
    return sum(vector.nbytes for vector in packed.vectors) + packed.data.changes.draws.nbytes
