"""Noise at repeated inputs against planted noise, and the bounds of Cover and Hart against the labels' own chances."""

import numpy as np
import pytest

from whyfit.study.statistics.noise import bayes_bounds, input_codes, repeated_noise


def test_planted_noise_comes_out_whatever_the_signal():
    noise = np.random.default_rng(0)
    codes = np.repeat(np.arange(400), 3)
    signal = 10.0 * noise.normal(size=400)[codes]
    found = repeated_noise(codes, signal + 0.7 * noise.normal(size=1200))
    assert found.value == pytest.approx(0.49, rel=0.1)
    assert found.low < 0.49 < found.high
    assert (found.inputs, found.rows, found.all_rows) == (400, 1200, 1200)


def test_it_is_the_pooled_variance_within_groups():
    target = np.array([1.0, 3.0, 0.0, 0.0, 6.0, 99.0])
    found = repeated_noise(np.array([0, 0, 1, 1, 1, 2]), target)
    assert found.value == pytest.approx((2.0 + 24.0) / (5 - 2))


def test_several_outputs_are_averaged():
    codes = np.repeat(np.arange(30), 2)
    target = np.random.default_rng(0).normal(size=(60, 2))
    both, first, second = (repeated_noise(codes, t).value for t in (target, target[:, 0], target[:, 1]))
    assert both == pytest.approx((first + second) / 2)


def test_nothing_is_said_where_nothing_repeats():
    assert repeated_noise(np.arange(50), np.zeros(50)) is None


def test_few_repeated_inputs_give_no_interval():
    found = repeated_noise(np.repeat(np.arange(9), 2), np.random.default_rng(0).normal(size=18))
    assert found.value > 0
    assert (found.low, found.high) == (None, None)


@pytest.mark.parametrize("chance", [0.0, 0.1, 0.3, 0.5])
def test_the_bounds_hold_the_bayes_error_of_two_classes(chance):
    """Labels of class 1 with that chance everywhere: the Bayes error is the chance, and the lower bound is exact."""
    low, high = bayes_bounds(2 * chance * (1 - chance), 2)
    assert low == pytest.approx(chance)
    assert high >= chance


def test_the_bounds_of_more_classes_are_exact_for_uniform_noise():
    wrong = 0.2  # spread evenly over the four other classes
    disagree = 1 - (0.8**2 + 4 * (wrong / 4) ** 2)
    low, high = bayes_bounds(disagree, 5)
    assert low == pytest.approx(wrong)
    assert wrong < high


def test_more_disagreement_than_chance_is_chance():
    assert bayes_bounds(0.9, 2) == (0.5, 0.5)


def test_class_noise_at_repeated_inputs_lies_within_its_bounds():
    noise = np.random.default_rng(0)
    codes = np.repeat(np.arange(500), 2)
    clean = noise.integers(0, 2, size=500)[codes]
    target = np.where(noise.random(1000) < 0.15, 1 - clean, clean)
    found = repeated_noise(codes, target, classes=2)
    assert found.value is None
    assert found.bounds[0] == pytest.approx(0.15, abs=0.03)
    assert found.low < found.bounds[0] < found.bounds[1] < found.high


def test_rows_with_equal_inputs_share_a_code_also_where_values_are_missing():
    nan = float("nan")
    codes = input_codes(np.array([[1.0, nan], [1.0, nan], [1.0, 0.0], [nan, nan]]))
    assert codes[0] == codes[1]
    assert len(set(codes.tolist())) == 3


def test_inputs_that_agree_in_their_target_are_counted_as_likely_copies():
    target = np.random.default_rng(0).normal(size=40)
    target[1::2][:12] = target[0::2][:12]
    found = repeated_noise(np.repeat(np.arange(20), 2), target)
    assert (found.agreeing, found.inputs) == (12, 20)
    copies = repeated_noise(np.repeat(np.arange(20), 2), np.repeat(target[:20], 2))
    assert (copies.value, copies.low, copies.agreeing) == (0.0, None, 20)


def test_classes_that_always_agree_still_have_an_upper_limit():
    found = repeated_noise(np.repeat(np.arange(30), 2), np.repeat(np.arange(30) % 2, 2), classes=2)
    assert found.bounds == (0.0, 0.0)
    assert found.low == 0.0
    assert 0.05 < found.high < 0.2
