"""Peeking is paid for: one budget of error over all looks at an arm.

The study looks at an arm after R = 2, 4, 8, 16, 32 repeats. Of an error of 0.05, 0.01 is spent on all early looks
together (each planned early look gets the same share) and 0.04 on the last. The union bound holds whatever the
correlation of the looks, and the correlation here is high and unknown: that is why it is chosen::

    p_j = 2·P(t(J − 1) > |θ|/√V) at look j
    p   = min over looks of min(1, (0.05/α_j)·p_j)          valid at every level

The interval printed at a look has level 1 − α_j (a repeated confidence interval, Jennison and Turnbull 1989).

**The last look** is the first at which V_nets ≤ 0.1·V_rows, or the one at the end of the budget. Neither depends on the
sign or size of the estimate; that is what keeps it honest, and it may use 0.04 whenever it comes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from whyfit.errors import ArgumentError
from whyfit.evidence.estimate import Estimate
from whyfit.study.statistics.spread import Spread

ERROR = 0.05
"""The error of the whole: the usual one."""

EARLY_PURSE = 0.01
"""Over all early looks together. Simulated against Bonferroni, Haybittle-Peto, Lan-DeMets and Pocock: the last interval
is 1.05 times as wide as without looks, and at an effect of 4 standard errors 22 to 77 % of the networks are trained."""

LAST_PURSE = 0.04
"""On the last look."""

REPEATS_AT_LOOKS = (2, 4, 8, 16, 32)
"""When looks are taken (chosen: each doubles the networks)."""

PLANNED_EARLY = len(REPEATS_AT_LOOKS) - 1
"""E, the early looks that share the early purse; fixed before the first one."""

ENOUGH_NETWORKS = 0.1
"""Where V_nets is at most this share of V_rows, unlimited further networks would narrow the interval by under 5 %."""

LEAST_REPEATS_OF_LAST = 3
"""A last look needs R ≥ 3: simulated coverage at R = 2 fell to 88.7 % in one cell, at R ≥ 3 it held."""

LEAST_FITS_OF_LAST = 15
"""And J ≥ 15, which with 5 folds is the same."""


@dataclass(frozen=True, slots=True)
class Look:
    """What one look at one arm saw, and the error it may spend.

    Attributes
    ----------
    spread
        The gain of the arm.
    alpha
        α_j: 0.04 for the last look, 0.0025 for one of four planned early ones.
    last
        Whether it is the last look: the arm gets no more networks.
    """

    spread: Spread
    alpha: float
    last: bool

    @property
    def p(self) -> float:
        """The p of this look brought to the common level: min(1, (0.05/α_j)·p_j)."""
        return min(1.0, ERROR / self.alpha * self.spread.p)

    @property
    def estimate(self) -> Estimate:
        """The gain with its interval at level 1 − α_j."""
        return self.spread.estimate(1.0 - self.alpha)


def enough_networks(spread: Spread) -> bool:
    """Whether more networks would hardly narrow the interval: V_nets ≤ 0.1·V_rows.

    Examples
    --------
    >>> enough_networks(Spread(value=0.1, rows_variance=1.0, nets_variance=0.05, fits=15, rows=90, training_rows=72,
    ...                        folds=5, repeats=3, method="row_and_refit"))
    True
    """
    return spread.why_none is None and spread.nets_variance <= ENOUGH_NETWORKS * spread.rows_variance


def may_be_last(spread: Spread) -> bool:
    """Whether there are fits enough for a last look."""
    return spread.repeats >= LEAST_REPEATS_OF_LAST and spread.fits >= LEAST_FITS_OF_LAST


def take_look(
    before: Sequence[Look], spread: Spread, *, end: bool = False, planned_early: int = PLANNED_EARLY
) -> tuple[Look, ...]:
    """The looks so far and one more: the last where variances say so, the budget ends, or all early ones were taken.

    Parameters
    ----------
    before
        The looks taken so far, in order.
    spread
        The gain of the arm now.
    end
        Whether the planned budget ends here. An interruption is no planned end: such a look stays early.
    planned_early
        E, the same at every look of a study.

    Raises
    ------
    ArgumentError
        After the last look, or where all planned early looks were taken and the fits do not allow a last one.

    Examples
    --------
    >>> spread = Spread(value=0.1, rows_variance=1e-3, nets_variance=1e-3, fits=10, rows=90, training_rows=72,
    ...                 folds=5, repeats=2, method="row_and_refit")
    >>> [look] = take_look((), spread)
    >>> look.alpha, look.last
    (0.0025, False)
    """
    if before and before[-1].last:
        raise ArgumentError("no look can be taken after the last one.", advice="Give a settled arm no more networks.")
    last = may_be_last(spread) and (end or enough_networks(spread) or len(before) >= planned_early)
    if not last and len(before) >= planned_early:
        raise ArgumentError(
            f"{planned_early} early looks were planned and taken; one more would spend error that is not there.",
            advice="Plan more early looks before the first one.",
        )
    alpha = LAST_PURSE if last else EARLY_PURSE / planned_early
    return (*before, Look(spread, alpha, last))


def combined_p(looks: Sequence[Look]) -> float:
    """The p of an arm over all its looks, valid at every level; 1 before the first look."""
    return min((look.p for look in looks), default=1.0)
