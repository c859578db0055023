"""Paired gains, their refusals, and the wider interval where a network is not shown to beat a constant."""

import math

import numpy as np
import pytest

from whyfit.errors import ArgumentError
from whyfit.study.statistics.interval import gain_spread, score_spread, unproven


def folds_of(repeats, rows, k=5, seed=0):
    noise = np.random.default_rng(seed)
    return np.stack([noise.permutation(rows) % k for _ in range(repeats)])


def test_a_gain_is_positive_when_the_arm_errs_less():
    plain = np.random.default_rng(0).exponential(size=(2, 1, 30)) + 1.0
    assert gain_spread(plain, 0.5 * plain, folds_of(2, 30), training_rows=24).value > 0


def test_a_gain_pairs_the_first_seeds_of_plain():
    plain = np.random.default_rng(0).exponential(size=(2, 3, 30))
    arm = plain[:, :1] ** 2
    spread = gain_spread(plain, arm, folds_of(2, 30), training_rows=24)
    assert spread.value == pytest.approx((plain[:, :1] - arm).mean())


def test_the_gain_of_an_arm_equal_to_plain_is_zero_and_not_tested():
    plain = np.random.default_rng(0).exponential(size=(2, 1, 30))
    spread = gain_spread(plain, plain.copy(), folds_of(2, 30), training_rows=24)
    estimate = spread.estimate()
    assert (spread.why_none, spread.p, estimate.value, estimate.low, estimate.high) == ("no_difference", 1, 0, 0, 0)


def test_a_gain_refuses_an_arm_with_more_seeds_than_plain():
    with pytest.raises(ArgumentError, match=r"`plain` and `arm` must be \(repeats, seeds, rows\)"):
        gain_spread(np.ones((2, 1, 30)), np.ones((2, 2, 30)), folds_of(2, 30), training_rows=24)


class TestUnproven:
    losses = np.random.default_rng(0).exponential(size=(3, 1, 60))

    def test_a_score_takes_the_wider_interval(self):
        better, worse, close = (
            score_spread(self.losses, folds_of(3, 60), training_rows=48, baseline=baseline)
            for baseline in (9.0, 0.1, 1.05 * self.losses.mean())
        )
        assert (better.method, worse.method, close.method) == ("row_and_refit", "nadeau_bengio", "nadeau_bengio")
        assert better.value == worse.value

    @pytest.mark.parametrize(("plain", "arm"), [(2.0, 0.5), (0.5, 2.0)])
    def test_one_bad_arm_is_enough(self, plain, arm):
        spread = gain_spread(plain * self.losses, arm * self.losses, folds_of(3, 60), training_rows=48, baseline=1.5)
        assert spread.method == "nadeau_bengio"

    def test_two_good_arms_keep_row_and_refit(self):
        spread = gain_spread(self.losses, 0.5 * self.losses, folds_of(3, 60), training_rows=48, baseline=2.0)
        assert spread.method == "row_and_refit"

    def test_zero_one_error_has_no_baseline(self):
        assert score_spread(self.losses, folds_of(3, 60), training_rows=48, baseline=None).method == "row_and_refit"

    def test_a_diverged_fit_stays_diverged(self):
        losses = self.losses.copy()
        losses[0, 0, 0] = math.inf
        assert score_spread(losses, folds_of(3, 60), training_rows=48, baseline=1.5).why_none == "diverged"

    def test_equal_losses_are_judged_by_their_mean(self):
        equal = np.ones((3, 1, 60))
        assert unproven(equal, folds_of(3, 60), 0.5, training_rows=48)
        assert not unproven(equal, folds_of(3, 60), 1.5, training_rows=48)
