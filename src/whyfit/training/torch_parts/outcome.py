"""From a run to its outcome, whichever way it ended."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from whyfit.evidence.member import Member
from whyfit.evidence.outcome import OUTCOME_SCHEMA, Curves, Final, Outcome, Status
from whyfit.evidence.types import AnyArray
from whyfit.evidence.vitals import Vitals
from whyfit.nets.user_code import describe
from whyfit.training.torch_parts.evaluate import CancelledError
from whyfit.training.torch_parts.finite import DivergedError
from whyfit.training.torch_parts.platform import torch_platform
from whyfit.training.torch_parts.recorder import Recorder

NONE, NO_FINAL = np.empty(0), Final()


@dataclass(frozen=True, eq=False, slots=True)
class Left:
    """What a run has left behind, whichever engine ran it.

    Attributes
    ----------
    recorder
        Curves and epochs.
    final, predictions, vitals, steps, weights
        As in `Outcome`.
    """

    recorder: Recorder
    final: Final = NO_FINAL
    predictions: AnyArray | None = None
    vitals: tuple[Vitals, ...] = ()
    steps: int = 0
    weights: bytes | None = None


@dataclass(frozen=True, slots=True)
class Ending:
    """How a run ended: `status` and `reason` as in `Outcome`."""

    status: Status = "done"
    reason: str | None = None


def ending_of(error: Exception, place: Callable[..., str]) -> Ending:
    """Whatever a network does becomes an ending: a network that raises must not end the study.

    Parameters
    ----------
    error
        What was raised.
    place
        `place(earlier=...)` names the step under way, or the one before it.
    """
    if isinstance(error, CancelledError):
        return Ending("cancelled", "cancelled")
    if isinstance(error, DivergedError):
        return Ending("diverged", error.reason(place(earlier=error.earlier)))
    return Ending("failed", f"network_raised:{place()}:{describe(error)}")


@dataclass(frozen=True, slots=True)
class Stamp:
    """What stands on every outcome of a shard.

    Attributes
    ----------
    engine, why, device
        What trained it, the code of the reason for that choice, and where.
    """

    engine: str
    why: str
    device: str


def outcome_of(member: Member, key: str, end: Ending, left: Left | None, stamp: Stamp, seconds: float) -> Outcome:
    """What a member leaves behind; nothing but the reason where its network could not be made."""
    bare = Outcome(
        key=key,
        status=end.status,
        reason=end.reason,
        curves=Curves(NONE, NONE, NONE, NONE),
        rows=member.split.score,
        engine=stamp.engine,
        why_engine=stamp.why,
        platform=torch_platform(stamp.device),
        seconds=seconds,
        schema=OUTCOME_SCHEMA,
    )
    return bare if left is None else _filled(bare, left)


def _filled(bare: Outcome, left: Left) -> Outcome:
    return replace(
        bare,
        curves=left.recorder.curves(),
        final=left.final,
        best_epoch=left.recorder.best_epoch,
        stopped_epoch=left.recorder.epochs,
        predictions=left.predictions,
        vitals=left.vitals,
        steps=left.steps,
        weights=left.weights,
    )
