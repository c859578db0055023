"""Which term a remedy changed: the variance, or bias and noise.

Arms have one seed a fit, so their variance is not parted into sample and seed. What is seen of it is the spread of
networks of different repeats, which holds all of the seed part but only φ of the sample part. It is brought up by the
factor that plain's own decomposition needs::

    w = variance(plain) / spread(plain);   variance(arm) ≈ w·spread(arm)
    change of variance = w·(spread(arm) − spread(plain));   change of bias + noise = −gain − change of variance

which supposes that the arm's variance is made of sample and seed in about the same shares as plain's. An arm on other
training rows has another φ, and w is that of these shares at its φ. The mean prediction of M members keeps their sample
part and shares out their seed part, so an ensemble needs no w::

    change of variance = seed/M − seed

In 0-1 error variances do not add; there the two halves of the ensemble tell its seed part from its sample part
(simulated, normal margins, 400 rows, five repeats: −.053, −.010, −.091 on average for a truth of −.050, −.009, −.083,
always inside the interval; sharing out D_seed² alone gave −.066, −.013, −.110).

Negative is less. Intervals: `jackknife` over groups of rows and over repeats, all of it redone in each cut.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from whyfit.errors import ArgumentError
from whyfit.evidence.estimate import Estimate
from whyfit.evidence.types import AnyArray, FloatArray, IntArray
from whyfit.study.statistics.changed_arm import Ensembles, Networks, PlainParts, Voters
from whyfit.study.statistics.decomposition import TERMS, Decomposition
from whyfit.study.statistics.ensemble import mean_prediction
from whyfit.study.statistics.jackknife import (
    jackknife_variance,
    leave_groups_out,
    leave_repeats_out,
    row_groups,
)
from whyfit.study.statistics.losses import BOUNDED, Loss, row_losses
from whyfit.study.statistics.quantiles import critical_value
from whyfit.study.statistics.terms import finite_population
from whyfit.study.statistics.weighted import weighed

LEAST_MEMBERS = 4
"""Two halves of two: halves of one would be single networks."""


@dataclass(frozen=True, slots=True)
class TermChange:
    """What a remedy changed, arm less plain.

    Attributes
    ----------
    variance, bias_plus_noise
        The changes; their sum is minus the gain. Without intervals where the decomposition has none.
    factor
        w; NaN for an ensemble, which has its own shares.
    """

    variance: Estimate
    bias_plus_noise: Estimate
    factor: float


def term_change(
    plain: AnyArray,
    arm: AnyArray,
    target: AnyArray,
    folds: IntArray,
    *,
    decomposition: Decomposition,
    arm_training_rows: int | None = None,
    groups: IntArray | None = None,
    weights: AnyArray | None = None,
    level: float = 0.95,
) -> TermChange | None:
    """Which term an arm changed; None where a fit diverged, or plain shows no spread to compare with.

    Parameters
    ----------
    plain, arm
        (repeats, seeds, rows, outputs): out-of-fold raw outputs on the same splits; plain with the two seeds or more of
        its decomposition, of the arm the first seed counts.
    target, folds, groups, weights
        As in `decompose`.
    decomposition
        Of plain: its loss, its training rows, φ.
    arm_training_rows
        Where the arm trains on more or fewer rows than plain.

    Raises
    ------
    ArgumentError
        Where the two do not have the same repeats and rows, or plain has one seed.

    Examples
    --------
    >>> from whyfit.study.statistics.decomposition import decompose
    >>> noise = np.random.default_rng(0)
    >>> folds = np.stack([noise.permutation(500) % 5 for _ in range(4)])
    >>> plain, target = noise.normal(size=(4, 2, 500, 1)), np.zeros((500, 1))
    >>> terms = decompose(plain, target, folds, loss="squared_error", training_rows=400)
    >>> change = term_change(plain, 0.5 * plain[:, :1], target, folds, decomposition=terms)
    >>> change.variance.high < 0.0, change.bias_plus_noise.low < 0.0 < change.bias_plus_noise.high
    (True, True)
    """
    _check(plain, arm)
    rows = decomposition.training_rows if arm_training_rows is None else arm_training_rows
    alone = Networks(TERMS[decomposition.loss], np.asarray(arm)[:, :1], finite_population(rows, np.shape(arm)[2]))
    before, after = (row_losses(np.asarray(outputs)[:, 0], target, decomposition.loss) for outputs in (plain, arm))
    return _changed(_Pair(plain, alone, before, after, decomposition, groups, weights), folds, level)


def ensemble_change(
    members: AnyArray,
    target: AnyArray,
    folds: IntArray,
    *,
    decomposition: Decomposition,
    groups: IntArray | None = None,
    weights: AnyArray | None = None,
    level: float = 0.95,
) -> TermChange | None:
    """Which term the mean prediction of all members of a fit changed, against one of them; None as in `term_change`.

    Parameters
    ----------
    members
        (repeats, seeds, rows, outputs), four seeds or more; those of plain are the first of them.
    target, folds, decomposition, groups, weights
        As in `term_change`.

    Raises
    ------
    ArgumentError
        Where there are fewer members.

    Examples
    --------
    >>> from whyfit.study.statistics.decomposition import decompose
    >>> noise = np.random.default_rng(0)
    >>> folds = np.stack([noise.permutation(500) % 5 for _ in range(4)])
    >>> members, target = noise.normal(size=(4, 8, 500, 1)), np.zeros((500, 1))  # nothing but seed noise of variance 1
    >>> terms = decompose(members[:, :2], target, folds, loss="squared_error", training_rows=400)
    >>> change = ensemble_change(members, target, folds, decomposition=terms).variance
    >>> change.low < -7 / 8 < change.high < 0
    True
    """
    count, loss = np.shape(members)[1], decomposition.loss
    if count < LEAST_MEMBERS:
        raise ArgumentError(f"an ensemble needs at least {LEAST_MEMBERS} members, got {count}.", advice="Train more.")
    alone, whole = row_losses(members, target, loss).mean(axis=1), mean_prediction(members, loss)
    together = _voters(members, loss, decomposition.phi) if loss in BOUNDED else Ensembles(count)
    return _changed(
        _Pair(members, together, alone, row_losses(whole, target, loss), decomposition, groups, weights), folds, level
    )


def _voters(members: AnyArray, loss: Loss, phi: float) -> Voters:
    half, count = np.shape(members)[1] // 2, np.shape(members)[1]
    halves = [mean_prediction(np.asarray(members)[:, part], loss) for part in (slice(half), slice(half, 2 * half))]
    return Voters(TERMS[loss], np.stack(halves, axis=1), half / count, phi)


def _check(plain: AnyArray, arm: AnyArray) -> None:
    if np.shape(plain)[::2] != np.shape(arm)[::2] or min(np.shape(plain)[:2]) < 2:
        raise ArgumentError(
            f"`plain` (2 seeds) and `arm` need the same 2 or more repeats, got {np.shape(plain)}, {np.shape(arm)}.",
            advice="Compare arms that were trained on the same splits, plain with at least two seeds.",
        )


def _changed(pair: _Pair, folds: IntArray, level: float) -> TermChange | None:
    if not pair.usable():
        return None
    values = pair.changes(pair.averages().mean(axis=1))
    errors = pair.standard_errors(int(folds.max()) + 1) if pair.why_none is None else None
    variance, rest = (pair.estimate(values, errors, index, level) for index in (0, 1))
    return TermChange(variance, rest, float(values[2]))


class _Pair:
    """Plain and an arm, and the changes from any cut of them."""

    def __init__(
        self,
        plain: AnyArray,
        arm: Networks | Ensembles | Voters,
        before: FloatArray,
        after: FloatArray,
        decomposition: Decomposition,
        groups: IntArray | None,
        weights: AnyArray | None = None,
    ) -> None:
        self.weights = weights
        self.terms, self.phi = TERMS[decomposition.loss], decomposition.phi
        self.arm, self.plain_outputs, self.why_none = arm, plain, decomposition.why_none
        self.before, self.after = before, after  # (repeats, rows)
        self.repeats, self.rows = before.shape
        self.training_rows, self.cut = decomposition.training_rows, row_groups(self.rows, groups)

    def usable(self) -> bool:
        """Whether no fit diverged, and plain's networks differ at all."""
        finite = bool(np.isfinite(self.before).all() and np.isfinite(self.after).all())
        return finite and bool(self.terms.spread_rows(self.plain).any())

    @cached_property
    def plain(self) -> AnyArray:
        """What the terms of plain are made of."""
        return self.terms.prepare(self.plain_outputs)

    def averages(self, kept: IntArray | None = None) -> FloatArray:
        """(6, rows): loss of the arm less plain's, the two parts of the arm, plain's spread, seed and between parts."""
        cut = np.arange(self.repeats) if kept is None else kept
        plain, worse = self.plain[cut], (self.after - self.before)[cut].mean(axis=0)
        mine = (self.terms.spread_rows(plain), self.terms.seed_rows(plain).mean(axis=0), self.terms.between_rows(plain))
        parts = (np.broadcast_to(part, worse.shape) for part in self.arm.averages(cut))
        return np.stack([weighed(part, self.weights) for part in (worse, *parts, *mine)])

    def changes(self, averages: FloatArray) -> FloatArray:
        """(3, …): change of variance, of bias + noise, and w."""
        worse, *parts, spread, seed_part, between = averages
        sample, seed = self.terms.assemble(seed_part, between, self.phi)
        whole = np.maximum(0.0, sample + seed)
        plain = PlainParts(seed, sample, whole, whole / spread, self.phi)
        after, factor = self.arm.variance((parts[0], parts[1]), plain)
        return np.stack([after - whole, worse - (after - whole), factor])

    def standard_errors(self, k: int) -> FloatArray:
        """(3,): √(k/(k − 1)·V_g + V_r)."""
        by_rows = self.changes(leave_groups_out(self.averages(), self.cut))
        by_repeats = leave_repeats_out(lambda kept: self.changes(self.averages(kept).mean(axis=1)), self.repeats)
        errors: FloatArray = np.sqrt(k / (k - 1) * jackknife_variance(by_rows) + jackknife_variance(by_repeats))
        return errors

    def estimate(self, values: FloatArray, errors: FloatArray | None, index: int, level: float) -> Estimate:
        """One change with its interval, or why it has none."""
        value, facts = float(values[index]), (self.repeats, self.rows, self.training_rows)
        if errors is None:
            return Estimate(value, None, None, level, "", *facts, self.why_none)
        half = critical_value(level, int(self.cut.max())) * float(errors[index])
        return Estimate(value, value - half, value + half, level, "jackknife", *facts)
