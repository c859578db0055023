"""Cohorts of a shard to outcomes; what cannot be stacked is trained alone, and says so."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace

from whyfit.evidence.dataset import Dataset
from whyfit.evidence.member import Member
from whyfit.evidence.outcome import Outcome
from whyfit.training.stacked_parts.cohort import Cohort
from whyfit.training.stacked_parts.run import CohortRun
from whyfit.training.stacked_parts.seat import NotStackableError, Seat
from whyfit.training.torch_parts.alone import before_the_start, train_alone
from whyfit.training.torch_parts.evaluate import Poll
from whyfit.training.torch_parts.outcome import Stamp, ending_of, outcome_of

log = logging.getLogger(__name__)

ALONE = "single"
"""The engine that outcomes name where a member could not be stacked."""


def train_cohort(
    members: Sequence[Member], keys: Sequence[str], data: Dataset, poll: Poll, stamp: Stamp
) -> Iterator[Outcome]:
    """Train members of one structure as one program; each outcome as its member is done."""
    began, left = time.perf_counter(), dict(zip(keys, members, strict=True))
    seats = []
    for key, member in list(left.items()):
        seat = _seat(member, key, data, poll, stamp)
        if isinstance(seat, Outcome):
            del left[key]
            yield seat
        else:
            seats.append(seat)
    why = "cohort_raised"
    try:
        cohort = Cohort.begin(seats, data, poll, stamp.device) if seats else None
        run = CohortRun(cohort, poll, stamp, len(seats), began) if cohort is not None else None
        for outcome in run.outcomes() if run is not None else ():
            del left[outcome.key]
            yield outcome
    except NotStackableError as error:
        why = f"not_stackable:{error}"
    except Exception as error:  # noqa: BLE001  # user code may raise anything, and who raised is found out alone
        log.info("a cohort raised %r; its members are trained alone", error)
    alone = replace(stamp, engine=ALONE, why=why)
    yield from (train_alone(member, key, data, poll, alone) for key, member in left.items())


def _seat(member: Member, key: str, data: Dataset, poll: Poll, stamp: Stamp) -> Seat | Outcome:
    """A member at its start, or the outcome of one whose network cannot be made."""
    began = time.perf_counter()
    try:
        return Seat.of(member, key, data, poll, stamp.device)
    except Exception as error:  # noqa: BLE001  # user code may raise anything
        end = ending_of(error, before_the_start)
        return outcome_of(member, key, end, None, stamp, time.perf_counter() - began)
