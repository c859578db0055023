"""Where the error of the plain recipe comes from: bias² + noise, and variance in its two parts, sample and seed.

From R ≥ 4 repeats × k folds × S ≥ 2 seeds of one recipe, every seed distinct. Bias and noise are one number here: they
are told apart by repeated inputs only (`noise.py`), or by intervention. The identity

    error = bias² + noise + sample + seed

is exact, for terms that are not cut at 0; averages over rows may be negative by chance, and are cut where they are
printed only. How each loss is taken apart: `squared_terms`, `zero_one_terms`, `entropy_terms`; intervals: `jackknife`,
for the seed part Nadeau and Bengio's (its jackknife covers 79 to 90 % in simulation), for the error that of a score
(its jackknife covered 86 % where a network of 80 rows was no better than a constant).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from whyfit.errors import ArgumentError
from whyfit.evidence.estimate import Estimate
from whyfit.evidence.types import AnyArray, FloatArray, IntArray
from whyfit.study.statistics.constant import constant_loss
from whyfit.study.statistics.corrected import fold_means, nadeau_bengio
from whyfit.study.statistics.entropy_terms import ENTROPY_TERMS
from whyfit.study.statistics.interval import score_spread
from whyfit.study.statistics.jackknife import (
    jackknife_variance,
    leave_groups_out,
    leave_repeats_out,
    row_groups,
)
from whyfit.study.statistics.label_terms import BINARY_ENTROPY_TERMS, HAMMING_TERMS
from whyfit.study.statistics.limits import error_estimate
from whyfit.study.statistics.losses import BOUNDED, Loss, row_losses
from whyfit.study.statistics.quantiles import critical_value
from whyfit.study.statistics.refit import LEAST_GROUPS
from whyfit.study.statistics.squared_terms import SQUARED_TERMS
from whyfit.study.statistics.terms import LossTerms, finite_population
from whyfit.study.statistics.weighted import weighed
from whyfit.study.statistics.zero_one_terms import ZERO_ONE_TERMS

TERMS: dict[Loss, LossTerms] = {
    "squared_error": SQUARED_TERMS,
    "zero_one": ZERO_ONE_TERMS,
    "cross_entropy": ENTROPY_TERMS,
    "hamming": HAMMING_TERMS,
    "binary_cross_entropy": BINARY_ENTROPY_TERMS,
}

LEAST_REPEATS = 4
"""For intervals: with fewer the jackknife over repeats has two values or three (simulated at 4)."""

NAMES = ("error", "bias_plus_noise", "variance", "sample", "seed")
"""The terms, in the order in which they are computed."""

Largest: TypeAlias = Literal["variance", "bias_plus_noise"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decomposition:
    """The terms of one loss at m training rows, uncut, each with its interval.

    Attributes
    ----------
    loss
        Which.
    training_rows
        m.
    phi
        φ.
    error, bias_plus_noise, variance, sample, seed
        error = bias_plus_noise + variance and variance = sample + seed, exactly. Without intervals where `why_none`
        says so.
    why_none
        `too_few_repeats` (under 4), `too_few_groups` (under 8) or `diverged`.
    """

    loss: Loss
    training_rows: int
    phi: float
    error: Estimate
    bias_plus_noise: Estimate
    variance: Estimate
    sample: Estimate
    seed: Estimate
    why_none: str | None = None

    @property
    def largest(self) -> Largest | None:
        """Which part is the larger one beyond chance; None: cannot tell."""
        if _above(self.variance, self.bias_plus_noise):
            return "variance"
        return "bias_plus_noise" if _above(self.bias_plus_noise, self.variance) else None


def decompose(
    outputs: AnyArray,
    target: AnyArray,
    folds: IntArray,
    *,
    loss: Loss,
    training_rows: int,
    groups: IntArray | None = None,
    weights: AnyArray | None = None,
    level: float = 0.95,
) -> Decomposition:
    """Take the error of one recipe apart.

    Parameters
    ----------
    outputs
        (repeats, seeds, rows, outputs): out-of-fold raw outputs (logits for classification), every row once a repeat.
    target
        (rows,) class codes, or (rows, outputs) values.
    folds
        (repeats, rows): the fold in which the row is scored.
    training_rows
        m, the rows each network was trained on.
    groups
        (rows,) where rows come in groups: they are left out whole.
    weights
        (rows,) where rows do not count alike: every mean over rows is then a weighted one.

    Raises
    ------
    ArgumentError
        Under two repeats or two seeds, or where m is not below n − 1.

    Examples
    --------
    >>> noise = np.random.default_rng(0)
    >>> folds = np.stack([noise.permutation(100) % 5 for _ in range(4)])
    >>> outputs = 0.5 * noise.normal(size=(4, 2, 100, 1))  # nothing but seed noise of variance 0.25
    >>> terms = decompose(outputs, np.ones((100, 1)), folds, loss="squared_error", training_rows=80)
    >>> terms.seed
    Estimate(0.2432 [0.1389, 0.3474], nadeau_bengio)
    """
    _check(outputs, folds, training_rows)
    made = _Made(TERMS[loss], outputs, row_losses(outputs, target, loss), training_rows, weights)
    cut = row_groups(made.rows, groups)
    why = made.why_none or ("too_few_groups" if int(cut.max()) + 1 < LEAST_GROUPS else None)
    if why is None:
        baseline = None if loss in BOUNDED else constant_loss(target, loss, weights)
        counted = weighed(made.losses, weights)
        spread = score_spread(counted, folds, training_rows=training_rows, baseline=baseline, groups=groups)
        error = error_estimate(spread, bounded=loss in BOUNDED, level=level)
        estimates = made.with_intervals(folds, cut, level) | {"error": error}
    else:
        estimates = {name: made.estimate(value, why_none=why) for name, value in made.values().items()}
    return Decomposition(loss=loss, training_rows=training_rows, phi=made.phi, why_none=why, **estimates)


class _Made:
    """The prepared outputs of one recipe, and every term from any cut of them."""

    def __init__(
        self,
        terms: LossTerms,
        outputs: AnyArray,
        losses: FloatArray,
        training_rows: int,
        weights: AnyArray | None = None,
    ) -> None:
        self.weights = weights
        self.loss_terms, self.losses, self.training_rows = terms, losses, training_rows
        self.prepared = terms.prepare(outputs)
        self.repeats, self.seeds, self.rows = losses.shape
        self.phi = finite_population(training_rows, self.rows)

    @property
    def why_none(self) -> str | None:
        """Why there are no intervals."""
        if not np.isfinite(self.losses).all():
            return "diverged"
        return "too_few_repeats" if self.repeats < LEAST_REPEATS else None

    def values(self) -> dict[str, float]:
        """Every term; NaN where a fit diverged, in a loss without a bound."""
        if self.why_none == "diverged":
            return dict.fromkeys(NAMES, float("nan"))
        return dict(zip(NAMES, self.terms(self.averages().mean(axis=1)).tolist(), strict=True))

    def averages(self, repeats: IntArray | None = None) -> FloatArray:
        """(3, rows): error, seed part and between part of each row, from some of the repeats."""
        kept = slice(None) if repeats is None else repeats
        prepared, losses = self.prepared[kept], self.losses[kept]
        seed = self.loss_terms.seed_rows(prepared).mean(axis=0)
        parts = (losses.mean(axis=(0, 1)), seed, self.loss_terms.between_rows(prepared))
        return np.stack([weighed(part, self.weights) for part in parts])

    def terms(self, averages: FloatArray) -> FloatArray:
        """(5, …) in the order of NAMES, from (3, …) averages over rows."""
        error, seed_part, between = averages
        sample, seed = self.loss_terms.assemble(seed_part, between, self.phi)
        return np.stack([error, error - sample - seed, sample + seed, sample, seed])

    def with_intervals(self, folds: IntArray, cut: IntArray, level: float) -> dict[str, Estimate]:
        """Every term with its jackknife interval, but for the seed part, which has Nadeau and Bengio's."""
        k = int(folds.max()) + 1
        critical = critical_value(level, int(cut.max()))
        half = {name: critical * error for name, error in self._standard_errors(k, cut).items()}
        made = {name: self.estimate(value, half[name], level) for name, value in self.values().items()}
        means = fold_means(weighed(self.loss_terms.seed_rows(self.prepared), self.weights), folds, k)
        seed = nadeau_bengio(means, scored=self.rows / k, trained=self.training_rows, rows=self.rows)
        return made | {"seed": seed.estimate(level)}

    def estimate(
        self, value: float, half: float | None = None, level: float = 0.95, *, why_none: str | None = None
    ) -> Estimate:
        """One term ± half its interval."""
        low, high = (None, None) if half is None else (value - half, value + half)
        method, fits = ("" if half is None else "jackknife"), self.losses.shape[0] * self.seeds
        return Estimate(value, low, high, level, method, fits, self.rows, self.training_rows, why_none)

    def _standard_errors(self, k: int, cut: IntArray) -> dict[str, float]:
        """√(k/(k − 1)·V_g + V_r) of every term."""
        by_rows = self.terms(leave_groups_out(self.averages(), cut))
        by_repeats = leave_repeats_out(lambda kept: self.terms(self.averages(kept).mean(axis=1)), self.repeats)
        variance = k / (k - 1) * jackknife_variance(by_rows) + jackknife_variance(by_repeats)
        return dict(zip(NAMES, np.sqrt(variance).tolist(), strict=True))


def _above(one: Estimate, other: Estimate) -> bool:
    return one.low is not None and other.high is not None and one.low > other.high


def _check(outputs: AnyArray, folds: IntArray, training_rows: int) -> None:
    shape = np.shape(outputs)
    if len(shape) != 4 or shape[0] < 2 or shape[1] < 2 or shape[::2] != np.shape(folds):
        raise ArgumentError(
            f"`outputs` must be (repeats ≥ 2, seeds ≥ 2, rows, outputs), `folds` (repeats, rows); "
            f"got {shape} and {np.shape(folds)}.",
            advice="Train at least two seeds in each of at least two repeats (four for intervals).",
        )
    if not 0 < training_rows < shape[2] - 1:
        raise ArgumentError(
            f"`training_rows` must be from 1 to the rows less two ({shape[2] - 2}), got {training_rows}.",
            advice="Use fewer training rows: leaving one row out gives every network the same training set.",
        )
