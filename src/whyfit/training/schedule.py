"""When things happen in training: the learning rate over a member's steps, and the epochs at which vitals are taken."""

from __future__ import annotations

import math

import numpy as np

from whyfit.evidence.types import IntArray
from whyfit.rules.jit import jit

SCHEDULES: dict[str, int] = {"constant": 0, "cosine": 1, "step": 2}
"""The codes under which compiled code knows them."""

DROP = 0.1
"""What `step` multiplies by at 1/2 and again at 3/4 of the steps: the milestones of He et al. 2016, section 4.2."""

MEASURED_ROWS = 128
"""Training rows whose gradients are measured at a sampled epoch, the first ones: chosen so that eight samples in 30
epochs stay well within 15 % of the training time (`benchmarks/options.py`: 12 %; with 256 they were 15, with 1,024
18 % alone)."""


def warmup_steps(share: float, steps: int) -> int:
    """How many of all steps the rate rises over."""
    return round(share * steps)


@jit
def rate_factor(schedule: int, warmup: int, steps: int, t: int) -> float:
    """What the rate is multiplied by at step t, counted from 1 to `steps` over all epochs.

    During warm-up it is t/warmup. Afterwards, with p the share of the remaining steps that were taken before this one:
    1 for `constant`; (1 + cos πp)/2 for `cosine` (Loshchilov & Hutter 2017, equation 5, without restarts); 1, 0.1, 0.01
    from p = 0, 1/2, 3/4 on for `step`.

    Examples
    --------
    >>> [rate_factor(0, 4, 100, t) for t in (1, 4, 5)]
    [0.25, 1.0, 1.0]
    >>> [round(rate_factor(2, 0, 8, t), 3) for t in (1, 4, 5, 7)]
    [1.0, 1.0, 0.1, 0.01]
    """
    if t <= warmup:
        return t / warmup
    progress = (t - 1 - warmup) / (steps - warmup)
    if schedule == 1:
        return 0.5 * (1.0 + math.cos(math.pi * progress))
    if schedule == 2:
        return 1.0 if progress < 0.5 else (DROP if progress < 0.75 else DROP * DROP)
    return 1.0


def sampled_epochs(vitals: int, epochs: int) -> IntArray:
    """The epochs at which every layer is measured, spread evenly; epoch 0 is before the first step.

    Examples
    --------
    >>> sampled_epochs(4, 30).tolist()
    [0, 10, 20, 30]
    """
    return np.unique(np.rint(np.linspace(0, epochs, vitals))).astype(np.int64)
