"""Row and refit against its slow, obvious twin, closed forms, planted spreads and every way to have too little."""

import math

import numpy as np
import pytest

from whyfit.errors import ArgumentError
from whyfit.study.statistics.quantiles import t_quantile
from whyfit.study.statistics.refit import row_and_refit


def folds_of(repeats, rows, k=5, seed=0):
    noise = np.random.default_rng(seed)
    return np.stack([noise.permutation(rows) % k for _ in range(repeats)])


def slow_twin(losses, folds):
    """STATISTICS 2 written as loops over rows and fits."""
    repeats, _, n = losses.shape
    k = folds.max() + 1
    d = [[losses[r, :, i].mean() for i in range(n)] for r in range(repeats)]
    over_repeats = [np.mean([d[r][i] for r in range(repeats)]) for i in range(n)]
    within = np.mean([np.var([d[r][i] for r in range(repeats)], ddof=1) for i in range(n)])
    v_row = max(0.0, np.var(over_repeats, ddof=1) / n - within / (repeats * n))
    means = [np.mean([d[r][i] for i in range(n) if folds[r, i] == f]) for r in range(repeats) for f in range(k)]
    return np.mean(over_repeats), k / (k - 1) * v_row, np.var(means, ddof=1) / len(means)


@pytest.mark.parametrize("repeats", [2, 3, 5])
@pytest.mark.parametrize("seeds", [1, 2])
@pytest.mark.parametrize("k", [2, 5, 10])
def test_equals_the_loops(repeats, seeds, k):
    losses = np.random.default_rng(repeats + seeds).exponential(size=(repeats, seeds, 43))
    losses += np.random.default_rng(9).normal(size=43)  # rows differ, so that the floor is not 0
    folds = folds_of(repeats, 43, k)
    spread = row_and_refit(losses, folds, training_rows=30)
    value, floor, nets = slow_twin(losses, folds)
    assert (spread.value, spread.rows_variance, spread.nets_variance) == pytest.approx((value, floor, nets), rel=1e-12)
    assert (spread.fits, spread.degrees, spread.rows) == (k * repeats, k * repeats - 1, 43)


def test_the_interval_is_t_standard_errors_wide():
    losses = np.random.default_rng(1).exponential(size=(3, 1, 60))
    spread = row_and_refit(losses, folds_of(3, 60), training_rows=48)
    half = t_quantile(0.975, 14) * math.sqrt(spread.rows_variance + spread.nets_variance)
    estimate = spread.estimate()
    assert (estimate.low, estimate.high) == pytest.approx((spread.value - half, spread.value + half))
    assert estimate.training_rows == 48


def test_rows_alone_make_the_floor_exactly():
    """Losses that depend on the row alone: no seed or split noise, so v_row is the plain variance of the mean."""
    rows = np.random.default_rng(2).normal(size=50)
    spread = row_and_refit(np.broadcast_to(rows, (4, 2, 50)), folds_of(4, 50), training_rows=40)
    assert spread.rows_variance == pytest.approx(5 / 4 * rows.var(ddof=1) / 50)


def test_fits_alone_make_no_floor():
    """Losses that depend on the fit alone, on average over many data sets: the floor is small beside V_nets."""
    noise = np.random.default_rng(3)
    ratios = []
    for seed in range(40):
        folds = folds_of(4, 100, seed=seed)
        fits = noise.normal(size=(4, 5))
        losses = np.take_along_axis(fits, folds, axis=1)[:, None, :]
        spread = row_and_refit(losses, folds, training_rows=80)
        ratios.append(spread.rows_variance / spread.nets_variance)
    assert np.mean(ratios) < 0.15


def test_seed_noise_does_not_enter_the_floor():
    """The same rows with and without seed noise have the same floor, on average."""
    noise = np.random.default_rng(4)
    rows = noise.normal(size=400)
    losses = rows + 3.0 * noise.normal(size=(8, 1, 400))
    spread = row_and_refit(losses, folds_of(8, 400), training_rows=320)
    assert spread.rows_variance == pytest.approx(5 / 4 * rows.var() / 400, rel=0.35)


def test_covers_a_planted_mean():
    """Rows of variance 1, seed noise 1 and fit noise 0.1² around 0: the interval holds 0 about 95 times in 100."""
    noise = np.random.default_rng(5)
    hits = 0
    for seed in range(300):
        folds = folds_of(3, 80, seed=seed)
        shifts = np.take_along_axis(0.1 * noise.normal(size=(3, 5)), folds, axis=1)
        losses = noise.normal(size=80) + shifts + noise.normal(size=(3, 80))
        estimate = row_and_refit(losses[:, None, :], folds, training_rows=64).estimate()
        hits += estimate.low <= 0.0 <= estimate.high
    assert 0.91 <= hits / 300 <= 0.995


class TestGroups:
    def test_stand_for_rows(self):
        """Rows copied four times as a group say no more than the rows once."""
        rows = np.random.default_rng(0).exponential(size=(3, 1, 60))
        folds = folds_of(3, 60)
        once = row_and_refit(rows, folds, training_rows=48)
        groups = np.repeat(np.arange(60), 4)
        copied = row_and_refit(
            np.repeat(rows, 4, axis=2), np.repeat(folds, 4, axis=1), training_rows=192, groups=groups
        )
        assert copied.rows_variance == pytest.approx(once.rows_variance)
        assert copied.nets_variance == pytest.approx(once.nets_variance)
        assert copied.rows == 60

    def test_of_different_sizes_keep_the_mean_over_rows(self):
        sizes = np.arange(1, 26)
        groups = np.repeat(np.arange(25), sizes)
        losses = np.random.default_rng(1).exponential(size=(2, 1, groups.size))
        folds = folds_of(2, 25)[:, groups]
        spread = row_and_refit(losses, folds, training_rows=200, groups=groups)
        assert spread.value == pytest.approx(losses.mean())

    def test_in_two_folds_are_refused(self):
        with pytest.raises(ArgumentError, match="a group stands in two"):
            row_and_refit(np.ones((2, 1, 30)), folds_of(2, 30), training_rows=24, groups=np.arange(30) // 2)

    @pytest.mark.parametrize(("count", "method", "why"), [(50, "row_and_refit", None), (49, "nadeau_bengio", None)])
    def test_below_fifty_take_the_conservative_variance(self, count, method, why):
        groups = np.repeat(np.arange(count), 5)
        losses = np.random.default_rng(1).exponential(size=(2, 1, groups.size))
        spread = row_and_refit(losses, folds_of(2, count)[:, groups], training_rows=40, groups=groups)
        assert (spread.method, spread.why_none) == (method, why)
        assert spread.degrees == (9 if method == "row_and_refit" else 4)
        assert spread.value == pytest.approx(losses.mean())

    def test_below_eight_cannot_tell(self):
        groups = np.repeat(np.arange(7), 5)
        losses = np.random.default_rng(1).exponential(size=(2, 1, 35))
        spread = row_and_refit(losses, folds_of(2, 7)[:, groups], training_rows=28, groups=groups)
        assert spread.why_none == "too_few_groups"
        assert spread.estimate().low is None


class TestTooLittle:
    def test_one_repeat_gives_no_interval(self):
        spread = row_and_refit(np.random.default_rng(0).random((1, 1, 20)), folds_of(1, 20), training_rows=16)
        assert spread.why_none == "too_few_repeats"
        assert math.isnan(spread.variance)
        assert spread.p == 1.0

    def test_one_fold_gives_no_interval(self):
        losses = np.random.default_rng(0).random((2, 1, 20))
        assert row_and_refit(losses, np.zeros((2, 20), int), training_rows=16).why_none == "one_fold"

    @pytest.mark.parametrize("bad", [math.nan, math.inf])
    def test_a_diverged_fit_gives_no_interval_and_no_flattering_mean(self, bad):
        losses = np.random.default_rng(0).random((2, 1, 20))
        losses[1, 0, 3] = bad
        spread = row_and_refit(losses, folds_of(2, 20), training_rows=16)
        assert spread.why_none == "diverged"
        assert not math.isfinite(spread.value)

    def test_equal_losses_everywhere_have_no_spread(self):
        assert row_and_refit(np.full((2, 1, 20), 0.1), folds_of(2, 20), training_rows=16).why_none == "no_spread"

    def test_differences_that_cancel_in_every_fold_have_no_spread(self):
        """One row better and one worse in the same fold, the other way round in the next repeat."""
        d = np.zeros((2, 1, 20))
        d[:, 0, [0, 5]] = [[1.0, -1.0], [-1.0, 1.0]]
        spread = row_and_refit(d, np.stack([np.arange(20) % 5] * 2), training_rows=16)
        assert (spread.value, spread.why_none, spread.p) == (0.0, "no_spread", 1.0)
        assert spread.estimate().low is None

    def test_a_missing_axis_is_refused(self):
        with pytest.raises(ArgumentError, match="`losses` must be"):
            row_and_refit(np.ones((2, 20)), folds_of(2, 20), training_rows=16)


def test_a_subset_counts_its_own_rows_and_skips_empty_folds():
    losses = np.random.default_rng(0).random((2, 1, 40))
    folds = np.stack([np.arange(40) % 5, np.arange(40) // 8])
    keep = np.arange(40) < 8  # in the second repeat all of them are in fold 0
    spread = row_and_refit(losses, folds, training_rows=32, subset=keep)
    assert (spread.rows, spread.fits) == (8, 6)
    assert spread.value == pytest.approx(losses[..., :8].mean())
