"""From a run to its outcome, whichever way it ended."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

import numpy as np

from whyfit.evidence.member import Member
from whyfit.evidence.outcome import OUTCOME_SCHEMA, Curves, Outcome, Status
from whyfit.nets.user_code import describe
from whyfit.training.torch_parts.evaluate import CancelledError
from whyfit.training.torch_parts.finite import DivergedError
from whyfit.training.torch_parts.member_run import MemberRun
from whyfit.training.torch_parts.platform import torch_platform
from whyfit.training.torch_parts.weights import weights_of

NONE = np.empty(0)


@dataclass(slots=True)
class Ending:
    """How a run ended.

    Attributes
    ----------
    status, reason
        As in `Outcome`.
    run
        The run; None where it could not begin.
    """

    status: Status = "done"
    reason: str | None = None
    run: MemberRun | None = None


@contextmanager
def ending() -> Iterator[Ending]:
    """Whatever a network does inside becomes an ending: a network that raises must not end the study."""
    end = Ending()
    try:
        yield end
    except CancelledError:
        end.status, end.reason = "cancelled", "cancelled"
    except DivergedError as error:
        run = end.run
        end.status, end.reason = "diverged", error.reason("" if run is None else run.place_of(earlier=error.earlier))
    except Exception as error:  # noqa: BLE001  # user code may raise anything
        place = "start" if end.run is None else end.run.place_of()
        end.status, end.reason = "failed", f"network_raised:{place}:{describe(error)}"


def outcome_of(member: Member, key: str, end: Ending, *, engine: str, why: str, device: str, seconds: float) -> Outcome:
    """What a member leaves behind."""
    bare = Outcome(
        key=key,
        status=end.status,
        reason=end.reason,
        curves=Curves(NONE, NONE, NONE, NONE),
        rows=member.split.score,
        engine=engine,
        why_engine=why,
        platform=torch_platform(device),
        seconds=seconds,
        schema=OUTCOME_SCHEMA,
    )
    return bare if end.run is None else _filled(bare, end.run)


def _filled(bare: Outcome, run: MemberRun) -> Outcome:
    keeps_weights = bare.status == "done" and run.member.collect.weights
    return replace(
        bare,
        curves=run.recorder.curves(),
        final=run.final,
        best_epoch=run.recorder.best_epoch,
        stopped_epoch=run.recorder.epochs,
        predictions=run.predictions,
        vitals=tuple(run.vitals),
        steps=run.taken,
        weights=weights_of(run.network.module) if keeps_weights else None,
    )
