"""Room for predictions: those of score rows alone are kept, within a bound that is stated."""

from __future__ import annotations

from collections.abc import Iterable

from whyfit.evidence.dataset import Dataset, Told
from whyfit.evidence.member import Member
from whyfit.study.plan import Plan

PREDICTIONS_BYTES = 1 << 30
"""For the predictions of all networks of one call of `whyfit.train` together: 1 GiB, 134 networks of 100,000 score rows
and ten classes. Chosen: they stay in memory until the caller lets go of them, and no laptop should go down by a
default."""

STUDY_BYTES = 1 << 32
"""For those of a study: 4 GiB, 268 networks of a million rows and ten classes in five folds, hours of training. Chosen:
logits take half of it in the study file, or in memory where there is none; statistics read them arm by arm."""

NUMBER = 8
"""Bytes of a prediction at most: regression in float64, and the tables of the statistics; logits in float32 take half.
"""


def bytes_of(member: Member, data: Dataset) -> int:
    """Of the predictions that a network is to leave."""
    return member.split.score.size * data.outputs * NUMBER if member.collect.predictions else 0


def networks_within(members: Iterable[Member], data: Dataset, budget: int = STUDY_BYTES) -> int:
    """How many networks a study may train, when each leaves as much as the largest of these.

    By what is asked for alone, never by what is free: the same study always ends alike.
    """
    return budget // max(1, *(bytes_of(member, data) for member in members))


def first_repeat(plan: Plan) -> Iterable[Member]:
    """The plain networks that score every row once; all others are scored on the same rows."""
    return plan.members([plan.plain], range(1))


def room_told(most: int, *, full: bool) -> tuple[Told, ...]:
    """What the report says where a study ended because there was no room for more predictions."""
    return (Told("study.no_room", (("networks", most),)),) if full else ()
