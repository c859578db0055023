"""Scores without repeated k-fold: one hold-out part, and blocks forward in time."""

from __future__ import annotations

import math

import numpy as np

from whyfit.errors import ArgumentError
from whyfit.evidence.estimate import Estimate
from whyfit.evidence.types import AnyArray
from whyfit.study.statistics.limits import on_log_scale
from whyfit.study.statistics.proportion import wilson
from whyfit.study.statistics.quantiles import critical_value

LEAST_BLOCKS = 5
"""Below five forward blocks no interval is given: four values of neighbouring times say little of the next one."""


def forward_blocks(means: AnyArray, *, rows: int, training_rows: int, level: float = 0.95) -> Estimate:
    """Mean over blocks forward in time ± t(blocks − 1)·sd/√blocks: approximate, as neighbouring blocks are dependent.

    Parameters
    ----------
    means
        (blocks,): mean loss of each scored block, or the difference of two arms' means on it.
    rows
        Scored rows in all blocks.
    training_rows
        Rows of the smallest training part, which in forward splits differ from block to block.

    Raises
    ------
    ArgumentError
        Where there is no block.

    Examples
    --------
    >>> forward_blocks(np.array([0.2, 0.3, 0.25, 0.2, 0.3]), rows=100, training_rows=20)
    Estimate(0.25 [0.1879, 0.3121], forward_blocks)
    """
    values = np.asarray(means, dtype=np.float64).ravel()
    if values.size == 0:
        raise ArgumentError("`means` must hold one number a block, got none.", advice="Score at least one block.")
    value, count, why = float(values.mean()), values.size, _why_none(values)
    half = math.nan if why else critical_value(level, count - 1) * float(values.std(ddof=1)) / math.sqrt(count)
    low, high = (None, None) if why else (value - half, value + half)
    return Estimate(value, low, high, level, "forward_blocks", count, rows, training_rows, why)


def _log_error(d: AnyArray) -> float:
    """The jackknife error of the log of a mean; infinite where one row is all there is to it."""
    left_out = (d.sum() - d) / (d.size - 1)
    if not (left_out > 0).all():
        return math.inf
    logs = np.log(left_out)
    return math.sqrt((d.size - 1) / d.size * float(((logs - logs.mean()) ** 2).sum()))


def _why_none(values: AnyArray) -> str | None:
    if not np.isfinite(values).all():
        return "diverged"
    return "too_few_blocks" if values.size < LEAST_BLOCKS else None


def holdout_estimate(losses: AnyArray, *, training_rows: int, zero_one: bool, level: float = 0.95) -> Estimate:
    """The score of the networks in hand on one hold-out part.

        0-1            Wilson's interval at n_eff = θ(1 − θ)/v rows, v = mean of (d − θ)² over rows, divided by n
        other losses   θ·exp(± t(n − 1)·e), e the jackknife error of log θ: a mean of squares is skewed

    For one network n_eff is the number of rows; several networks that err on different rows tell more. On 15 rows of
    squared errors mean ± t·sd/√n covered 89 %, the same on the log scale 91.5 %, with the jackknife 92 % (800 studies;
    docs/evidence/divided_once.json).

    It holds for these networks on rows like these. What another training sample would have given is not in it: for
    that, several splits are needed (`row_and_refit`).

    Parameters
    ----------
    losses
        (seeds, rows): several seeds are averaged on each row.
    zero_one
        Whether the losses are 0 and 1.

    Examples
    --------
    >>> holdout_estimate(np.array([[0, 0, 0, 1, 0, 0, 0, 0, 1, 0]]), training_rows=40, zero_one=True)
    Estimate(0.2 [0.05668, 0.5098], wilson)
    """
    d = np.asarray(losses, dtype=np.float64).mean(axis=0)  # (rows,)
    value, method = float(d.mean()), "wilson" if zero_one else "holdout"
    if not np.isfinite(d).all() or d.size < 2:
        why = "too_few_rows" if d.size < 2 else "diverged"
        return Estimate(value, None, None, level, method, 1, d.size, training_rows, why)
    if zero_one:
        variance = float(d.var()) / d.size
        low, high = wilson(value, value * (1 - value) / variance if variance > 0 else d.size, level=level)
    elif value > 0:
        low, high = on_log_scale(value, critical_value(level, d.size - 1) * _log_error(d))
    else:
        low, high = value, value
    return Estimate(value, low, high, level, method, int(np.shape(losses)[0]), d.size, training_rows)
