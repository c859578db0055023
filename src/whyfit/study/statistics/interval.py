"""The intervals of scores and gains of recipes: paired differences, and where the wider interval is due.

    gain(m) = E over training samples of m rows, and over seeds, of [risk(plain) − risk(arm)]

Positive means less error. It is printed with m, holds for rows like these, and says nothing of another population.

Row and refit fails for a network that is no better than the best constant answer, in a loss without bound: it is ruled
by the accidents of its training sample, which all fits of one data set share, so neither rows nor refits show them.
Simulated at 60 to 200 rows (a ridge on random features near the point of interpolation), it covered 78 to 85 % where
the squared error was above that of a constant, and 86 to 96 % below; what is given, with the limits of `limits`, covers
92 to 97 % (docs/evidence/unproven_networks.json). In 0-1 error, which is bounded, and for trained networks at 100 rows,
coverage held.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from whyfit.errors import ArgumentError
from whyfit.evidence.types import AnyArray, IntArray
from whyfit.study.statistics.corrected import fold_means, nadeau_bengio
from whyfit.study.statistics.limits import log_scaled
from whyfit.study.statistics.refit import row_and_refit
from whyfit.study.statistics.spread import Spread

__all__ = ["gain_spread", "row_and_refit", "score_spread", "unproven"]

NO_DIFFERENCE: dict[str, Any] = {"rows_variance": 0.0, "nets_variance": 0.0, "why_none": "no_difference"}
"""What stands in the spread of a gain where both arms predicted alike everywhere: 0, and nothing is tested."""


def score_spread(
    losses: AnyArray,
    folds: IntArray,
    *,
    training_rows: int,
    baseline: float | None,
    groups: IntArray | None = None,
    subset: AnyArray | None = None,
) -> Spread:
    """Spread of a score: row and refit, or Nadeau and Bengio where the network is not shown to beat a constant.

    Parameters
    ----------
    losses, folds, training_rows, groups, subset
        As in `row_and_refit`.
    baseline
        The mean loss of the best constant answer; None for 0-1 error.

    Examples
    --------
    >>> noise = np.random.default_rng(0)
    >>> folds = np.stack([noise.permutation(100) % 5 for _ in range(3)])
    >>> losses = noise.exponential(size=(3, 2, 100))
    >>> score_spread(losses, folds, training_rows=80, baseline=2.0).method
    'row_and_refit'
    >>> score_spread(losses, folds, training_rows=80, baseline=0.5).method
    'nadeau_bengio'
    """
    cautious = unproven(losses, folds, baseline, training_rows=training_rows)
    return row_and_refit(losses, folds, training_rows=training_rows, groups=groups, subset=subset, cautious=cautious)


def gain_spread(
    plain: AnyArray,
    arm: AnyArray,
    folds: IntArray,
    *,
    training_rows: int,
    baseline: float | None = None,
    groups: IntArray | None = None,
) -> Spread:
    """Spread of the gain of an arm over plain.

    Parameters
    ----------
    plain, arm
        (repeats, seeds, rows), on the same splits and the same seeds. Plain may have more seeds than the arm: its first
        ones are those of the arm.
    baseline
        The mean loss of the best constant answer: where either arm is not shown to beat it, Nadeau and Bengio's
        variance is used. None for 0-1 error.
    folds, training_rows, groups
        As in `row_and_refit`.

    Raises
    ------
    ArgumentError
        Where the shapes do not agree.

    Examples
    --------
    >>> noise = np.random.default_rng(0)
    >>> folds = np.stack([noise.permutation(100) % 5 for _ in range(3)])
    >>> plain = noise.exponential(size=(3, 1, 100))
    >>> gain_spread(plain, plain, folds, training_rows=80).why_none
    'no_difference'
    """
    plain, arm = np.asarray(plain, dtype=np.float64), np.asarray(arm, dtype=np.float64)
    if plain.ndim != 3 or arm.ndim != 3 or plain.shape[::2] != arm.shape[::2] or plain.shape[1] < arm.shape[1]:
        raise ArgumentError(
            f"`plain` and `arm` must be (repeats, seeds, rows) on the same splits, got {plain.shape}, {arm.shape}.",
            advice="Pair each fit of the arm with the fit of plain that has the same split and seed.",
        )
    with np.errstate(invalid="ignore"):  # inf − inf where both diverged: NaN says it
        d = plain[:, : arm.shape[1]] - arm
    cautious = any(unproven(losses, folds, baseline, training_rows=training_rows) for losses in (plain, arm))
    spread = row_and_refit(d, folds, training_rows=training_rows, groups=groups, cautious=cautious)
    return replace(spread, **NO_DIFFERENCE) if not d.any() else spread


def unproven(losses: AnyArray, folds: IntArray, baseline: float | None, *, training_rows: int) -> bool:
    """Whether the network is not shown to beat a constant: the upper limit of its loss, by Nadeau and Bengio, is above.

    By the limit and not by the mean: a lucky mean would take the narrow interval exactly where it misses.

    Examples
    --------
    >>> folds = np.array([[0, 0, 1, 1, 2, 2]])
    >>> losses = np.array([[[0.4, 0.5, 0.4, 0.4, 0.5, 0.4]]])
    >>> [unproven(losses, folds, baseline, training_rows=4) for baseline in (0.5, 0.9, None)]
    [True, False, False]
    """
    if baseline is None or not np.isfinite(losses).all():
        return False
    count = int(folds.max()) + 1
    means = fold_means(np.mean(losses, axis=1, dtype=np.float64), folds, count)
    high = log_scaled(nadeau_bengio(means, scored=folds.shape[1] / count, trained=training_rows).estimate()).high
    return bool((float(np.mean(losses)) if high is None else high) > baseline)
