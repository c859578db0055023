"""Forward blocks and the hold-out against their closed forms, and their refusals."""

import math

import numpy as np
import pytest
from scipy import stats

from whyfit.errors import ArgumentError
from whyfit.study.statistics.blocks import forward_blocks, holdout_estimate


def test_forward_blocks_are_the_t_interval_of_the_block_means():
    means = np.random.default_rng(0).random(7)
    estimate = forward_blocks(means, rows=70, training_rows=10)
    expected = stats.t.interval(0.95, 6, loc=means.mean(), scale=stats.sem(means))
    assert (estimate.low, estimate.high) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("means", "why"), [([0.1, 0.2, 0.3, 0.4], "too_few_blocks"), ([0.1, math.nan, 0.2, 0.3, 0.4], "diverged")]
)
def test_forward_blocks_say_why_not(means, why):
    estimate = forward_blocks(np.array(means), rows=70, training_rows=10)
    assert (estimate.low, estimate.high, estimate.why_none) == (None, None, why)


def test_forward_blocks_need_a_block():
    with pytest.raises(ArgumentError, match="one number a block"):
        forward_blocks(np.array([]), rows=0, training_rows=10)


def test_a_holdout_counts_its_rows_once_whatever_the_number_of_seeds():
    wrong = (np.random.default_rng(0).random(200) < 0.2).astype(float)
    once = holdout_estimate(wrong[None], training_rows=800, zero_one=True)
    often = holdout_estimate(np.repeat(wrong[None], 9, axis=0), training_rows=800, zero_one=True)
    assert (once.low, once.high) == (often.low, often.high)
    assert (once.rows, often.fits) == (200, 9)


def test_networks_that_err_on_different_rows_tell_more_than_one():
    wrong = (np.random.default_rng(0).random((4, 200)) < 0.2).astype(float)
    alone, together = (holdout_estimate(one, training_rows=800, zero_one=True) for one in (wrong[:1], wrong))
    assert together.high - together.low < 0.6 * (alone.high - alone.low)


def test_a_holdout_of_other_losses_is_the_t_interval_of_rows_where_they_are_not_skewed():
    losses = 10 + np.random.default_rng(0).random(50)
    estimate = holdout_estimate(losses[None], training_rows=100, zero_one=False)
    expected = stats.t.interval(0.95, 49, loc=losses.mean(), scale=stats.sem(losses))
    assert (estimate.low, estimate.high) == pytest.approx(expected, rel=1e-4)


def test_a_holdout_of_squares_reaches_further_up_than_down_and_never_below_zero():
    losses = np.random.default_rng(0).normal(size=12) ** 2
    estimate = holdout_estimate(losses[None], training_rows=100, zero_one=False)
    assert 0 < estimate.low < estimate.value < estimate.high
    assert estimate.high - estimate.value > estimate.value - estimate.low


def test_a_holdout_of_one_lossy_row_has_no_upper_limit():
    assert holdout_estimate(np.array([[0.0, 0.0, 3.0]]), training_rows=9, zero_one=False).high == math.inf


@pytest.mark.parametrize(("losses", "why"), [([[0.5]], "too_few_rows"), ([[0.5, math.inf]], "diverged")])
def test_a_holdout_says_why_not(losses, why):
    estimate = holdout_estimate(np.array(losses), training_rows=5, zero_one=False)
    assert (estimate.low, estimate.why_none) == (None, why)
