"""How fast a network learns: the steps until its stop loss comes near what the plain recipe reaches."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np

from whyfit.evidence.outcome import Outcome
from whyfit.study.results import ArmResults

NEAR = 1.1
"""The target: a stop loss within a tenth of the plain recipe's median best (chosen)."""


def steps_to_target(outcomes: Iterable[Outcome], plain: ArmResults) -> float | None:
    """Median of the steps over networks; None where most never came near, no row stopped them, or plain diverged."""
    best = plain.by_fit("stop_loss")
    known = best[~np.isnan(best)]
    if not known.size:
        return None
    target = NEAR * float(np.median(known))
    middle = float(np.median([_steps(outcome, target) for outcome in outcomes]))
    return middle if math.isfinite(middle) else None


def _steps(outcome: Outcome, target: float) -> float:
    near = np.flatnonzero(outcome.curves.stop_loss <= target)
    if not near.size or not outcome.stopped_epoch:
        return math.inf
    return float((near[0] + 1) * outcome.steps / outcome.stopped_epoch)
