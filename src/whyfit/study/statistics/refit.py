"""Row and refit: the spread of a mean loss over repeated k-fold.

A gain is a gain of *recipes* at m training rows, in expectation over training samples and seeds, not of one network in
hand (cross-validation does not estimate that: Bates, Hastie and Tibshirani 2024).

Notation: k folds, R repeats of the k-fold, each with its own shuffle; J = kR fits; S seeds a fit; n rows. With
d(r, i) the loss (or the difference of two arms' losses) on row i in repeat r, averaged over seeds, and d̄(i) its mean
over repeats::

    θ       = mean_i d̄(i)
    v_row   = max(0, Var_i[d̄(i)]/n − mean_i[Var_r d(r, i)]/(R·n))        rows, cleaned of split and seed noise
    s²      = variance of the J fold means of d(r, ·)
    V_rows  = k/(k − 1)·v_row                                            the floor
    V_nets  = s²/J
    interval: θ ± t(J − 1)·√(V_rows + V_nets)                            variances with divisor count − 1

The structure is Nadeau and Bengio's (2003): 1/J for the fits and an overlap term that never vanishes; here that term
is estimated from rows instead of fold means, so it has thousands of degrees of freedom and no seed noise in it. No
unbiased estimate of a k-fold variance exists (Bengio and Grandvalet 2004): this one is an approximation, held to its
coverage by simulation (docs/evidence). Intervals from rows alone are never given: they miss the refit part, which for
an ensemble or at large n is most of the variance.

Where it fails, and what stands in there: `interval`.
"""

from __future__ import annotations

import math

import numpy as np

from whyfit.errors import ArgumentError
from whyfit.evidence.types import AnyArray, FloatArray, IntArray
from whyfit.study.statistics.corrected import fold_means, overlap_spread
from whyfit.study.statistics.spread import Spread

LEAST_REPEATS = 2
"""Below two repeats split noise cannot be told from row noise (simulated: R = 2 covers 96.3 % on average)."""

LEAST_GROUPS_FOR_ROWS = 50
"""Below 50 groups a variance over groups is too uncertain to be the floor: Nadeau and Bengio's stands in, at t(k − 1),
as every repeat deals out the same few groups. Simulated coverage of a score at 10, 15, 20, 30, 40 groups: by groups 84,
85, 89, 91, 94 % (90 % where a lucky mean hid that the network was unproven), so 93, 95, 97, 96, 99 %."""

LEAST_GROUPS = 8
"""Below 8 groups no interval is given (chosen: a fold then holds one or two groups)."""

ROUNDING = 64 * float(np.finfo(np.float64).eps)
"""A standard error below this share of the largest difference is rounding, not spread."""


def row_and_refit(
    losses: AnyArray,
    folds: IntArray,
    *,
    training_rows: int,
    groups: IntArray | None = None,
    subset: AnyArray | None = None,
    cautious: bool = False,
) -> Spread:
    """Spread of a mean loss over repeated k-fold.

    Parameters
    ----------
    losses
        (repeats, seeds, rows): loss on each row by the network that did not train on it. A diverged fit leaves
        non-finite numbers, and the answer is then `diverged`: no mean of what is left is offered for it.
    folds
        (repeats, rows): the fold in which the row is scored in that repeat, 0 to k − 1.
    training_rows
        m, rows that each network was trained on.
    groups
        (rows,) group codes where rows come in groups; the folds must keep groups whole. Groups then stand for rows:
        sums of d over a group, divided by the mean group size. Under 50 groups Nadeau and Bengio's variance is used,
        under 8 there is no interval.
    subset
        (rows,) True for the rows that count, such as those of one class.
    cautious
        Take Nadeau and Bengio's variance instead, the wider one (`interval` says where it is due).

    Raises
    ------
    ArgumentError
        Where the shapes do not agree, or a group stands in two folds.

    Examples
    --------
    >>> noise = np.random.default_rng(0)
    >>> folds = np.stack([noise.permutation(100) % 5 for _ in range(3)])
    >>> row_and_refit(noise.exponential(size=(3, 2, 100)), folds, training_rows=80).estimate()
    Estimate(1.011 [0.8972, 1.126], row_and_refit)
    """
    _check(losses, folds, groups)
    count = int(folds.max()) + 1
    keep = np.ones(folds.shape[1], dtype=bool) if subset is None else np.asarray(subset, dtype=bool)
    d = np.asarray(losses, dtype=np.float64).mean(axis=1)[:, keep]  # (repeats, rows)
    codes = None if groups is None else np.unique(groups[keep], return_inverse=True)[1]
    means = fold_means(d, folds[:, keep], count)
    return _spread(d, means, codes, folds=count, training_rows=training_rows, cautious=cautious)


def _spread(
    d: FloatArray, means: FloatArray, codes: IntArray | None, *, folds: int, training_rows: int, cautious: bool
) -> Spread:
    units = d if codes is None else _by_group(d, codes)  # (repeats, rows or groups)
    why = _why_unusable(d) or _why_too_little(units, folds, grouped=codes is not None)
    few_groups = codes is not None and units.shape[1] < LEAST_GROUPS_FOR_ROWS
    if why is None and (cautious or few_groups):
        scored = d.shape[1] / folds
        return overlap_spread(
            means,
            scored=scored,
            trained=training_rows,
            rows=units.shape[1],
            value=float(d.mean()),
            most_degrees=folds - 1 if few_groups else None,
        )
    fits = int((~np.isnan(means)).sum())
    rows_variance = math.nan if why else folds / (folds - 1) * row_variance(units)
    nets_variance = math.nan if why else float(np.nanvar(means, ddof=1)) / fits
    if rows_variance + nets_variance == 0.0:  # a few differences that cancel in every fold
        why, rows_variance, nets_variance = "no_spread", math.nan, math.nan
    return Spread(
        value=float(d.mean()),
        rows_variance=rows_variance,
        nets_variance=nets_variance,
        fits=fits,
        rows=units.shape[1],
        training_rows=training_rows,
        folds=folds,
        repeats=d.shape[0],
        method="row_and_refit",
        why_none=why,
    )


def row_variance(units: FloatArray) -> float:
    """v_row of (repeats, rows): the variance of the mean over rows, cleaned of split and seed noise.

    Examples
    --------
    >>> row_variance(np.array([[0.0, 1.0, 2.0], [0.0, 1.0, 2.0]]))
    0.3333333333333333
    """
    repeats, n = units.shape
    between = units.mean(axis=0).var(ddof=1) / n
    within = units.var(axis=0, ddof=1).mean() / (repeats * n)
    return max(0.0, float(between - within))


def _by_group(d: FloatArray, codes: IntArray) -> FloatArray:
    count = int(codes.max()) + 1
    sums: FloatArray = np.stack([np.bincount(codes, weights=row, minlength=count) for row in d])
    sums /= d.shape[1] / count  # sums over the mean group size, so that their mean is θ
    return sums


def _why_unusable(d: FloatArray) -> str | None:
    if not np.isfinite(d).all():
        return "diverged"
    return "no_spread" if np.ptp(d) <= ROUNDING * np.abs(d).max() else None


def _why_too_little(units: FloatArray, folds: int, *, grouped: bool) -> str | None:
    if units.shape[0] < LEAST_REPEATS:
        return "too_few_repeats"
    if folds < 2:
        return "one_fold"
    if grouped and units.shape[1] < LEAST_GROUPS:
        return "too_few_groups"
    return "too_few_rows" if units.shape[1] < 2 else None


def _check(losses: AnyArray, folds: IntArray, groups: IntArray | None) -> None:
    shape, rows = np.shape(losses), np.shape(folds)
    if len(shape) != 3 or len(rows) != 2 or shape[::2] != rows or 0 in shape:
        raise ArgumentError(
            f"`losses` must be (repeats, seeds, rows) and `folds` (repeats, rows), got {shape} and {rows}.",
            advice="Give every repeat the losses of all rows, each scored once.",
        )
    if groups is not None and _split_groups(folds, np.asarray(groups)):
        raise ArgumentError(
            "`folds` must keep every group in one fold, but a group stands in two.",
            advice="Split by group; otherwise the interval would count one group as many rows.",
        )


def _split_groups(folds: IntArray, groups: IntArray) -> bool:
    distinct = np.unique(groups).size
    return any(np.unique(np.stack([groups, fold]), axis=1).shape[1] > distinct for fold in folds)
