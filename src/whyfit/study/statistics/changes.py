"""Which term a remedy changed: the variance, or bias and noise.

Arms have one seed a fit, so their variance is not parted into sample and seed. What is seen of it is the spread of
networks of different repeats, which holds all of the seed part but only φ of the sample part. It is brought up by the
factor that plain's own decomposition needs::

    w = variance(plain) / spread(plain);   variance(arm) ≈ w·spread(arm)
    change of variance = w·(spread(arm) − spread(plain));   change of bias + noise = −gain − change of variance

which supposes that the arm's variance is made of sample and seed in about the same shares as plain's. Negative is less.
Intervals: `jackknife` over groups of rows and over repeats, w redone in each cut.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from whyfit.errors import ArgumentError
from whyfit.evidence.estimate import Estimate
from whyfit.evidence.types import AnyArray, FloatArray, IntArray
from whyfit.study.statistics.decomposition import TERMS, Decomposition
from whyfit.study.statistics.jackknife import (
    jackknife_variance,
    leave_groups_out,
    leave_repeats_out,
    row_groups,
)
from whyfit.study.statistics.losses import row_losses
from whyfit.study.statistics.quantiles import critical_value


@dataclass(frozen=True, slots=True)
class TermChange:
    """What a remedy changed, arm less plain.

    Attributes
    ----------
    variance, bias_plus_noise
        The changes; their sum is minus the gain. Without intervals where the decomposition has none.
    factor
        w.
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
    groups: IntArray | None = None,
    level: float = 0.95,
) -> TermChange | None:
    """Which term an arm changed; None where a fit diverged, or plain shows no spread to compare with.

    Parameters
    ----------
    plain, arm
        (repeats, seeds, rows, outputs): out-of-fold raw outputs on the same splits; plain with the two seeds or more of
        its decomposition, of the arm the first seed counts.
    target, folds, groups
        As in `decompose`.
    decomposition
        Of plain: its loss, its training rows, φ.

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
    if np.shape(plain)[::2] != np.shape(arm)[::2] or min(np.shape(plain)[:2]) < 2:
        raise ArgumentError(
            f"`plain` (2 seeds) and `arm` need the same 2 or more repeats, got {np.shape(plain)}, {np.shape(arm)}.",
            advice="Compare arms that were trained on the same splits, plain with at least two seeds.",
        )
    pair = _Pair(plain, arm, target, decomposition, groups)
    if not pair.usable:
        return None
    values = pair.changes(pair.averages().mean(axis=1))
    errors = pair.standard_errors(int(folds.max()) + 1) if decomposition.why_none is None else None
    variance, rest = (pair.estimate(values, errors, index, level) for index in (0, 1))
    return TermChange(variance, rest, float(values[2]))


class _Pair:
    """Plain and an arm, and the changes from any cut of them."""

    def __init__(
        self,
        plain: AnyArray,
        arm: AnyArray,
        target: AnyArray,
        decomposition: Decomposition,
        groups: IntArray | None,
    ) -> None:
        self.terms, self.phi, loss = TERMS[decomposition.loss], decomposition.phi, decomposition.loss
        self.why_none = decomposition.why_none
        first = [np.asarray(outputs)[:, :1] for outputs in (plain, arm)]
        plain_loss, arm_loss = (row_losses(outputs, target, loss)[:, 0] for outputs in first)  # (repeats, rows)
        self.usable = bool(np.isfinite(plain_loss).all() and np.isfinite(arm_loss).all())
        self.repeats, self.rows = plain_loss.shape
        self.training_rows, self.cut = decomposition.training_rows, row_groups(self.rows, groups)
        if self.usable:
            self.worse = arm_loss - plain_loss
            self.plain, self.arm = self.terms.prepare(plain), self.terms.prepare(first[1])
            self.usable = bool(self.terms.spread_rows(self.plain).any())

    def averages(self, kept: IntArray | None = None) -> FloatArray:
        """(5, rows): loss of the arm less plain's, the spreads of arm and plain, plain's seed and between parts."""
        cut = np.arange(self.repeats) if kept is None else kept
        plain, terms = self.plain[cut], self.terms
        spreads = [terms.spread_rows(prepared) for prepared in (self.arm[cut], plain)]
        return np.stack(
            [self.worse[cut].mean(axis=0), *spreads, terms.seed_rows(plain).mean(axis=0), terms.between_rows(plain)]
        )

    def changes(self, averages: FloatArray) -> FloatArray:
        """(3, …): change of variance, of bias + noise, and w."""
        worse, arm, plain, seed_part, between = averages
        sample, seed = self.terms.assemble(seed_part, between, self.phi)
        factor = np.maximum(0.0, sample + seed) / plain
        variance = factor * (arm - plain)
        return np.stack([variance, worse - variance, factor])

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
