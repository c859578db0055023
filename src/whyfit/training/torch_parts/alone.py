"""One member, alone, to its outcome."""

from __future__ import annotations

import time

from whyfit.evidence.dataset import Dataset
from whyfit.evidence.member import Member
from whyfit.evidence.outcome import Outcome
from whyfit.training.torch_parts.evaluate import Poll
from whyfit.training.torch_parts.member_run import MemberRun
from whyfit.training.torch_parts.outcome import Ending, Stamp, ending_of, outcome_of


def train_alone(member: Member, key: str, data: Dataset, poll: Poll, stamp: Stamp) -> Outcome:
    """Train one member; whatever its network does, an outcome comes back."""
    began, end = time.perf_counter(), Ending()
    run: MemberRun | None = None
    try:
        run = MemberRun.begin(member, data, poll, stamp.device)
        run.train()
    except Exception as error:  # noqa: BLE001  # user code may raise anything
        end = ending_of(error, before_the_start if run is None else run.place_of)
    left = None if run is None else run.left()
    return outcome_of(member, key, end, left, stamp, time.perf_counter() - began)


def before_the_start(*, earlier: bool = False) -> str:  # noqa: ARG001  # there is no earlier step
    """The place of what is raised while a network is made."""
    return "start"
