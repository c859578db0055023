"""Less variance is told from less bias, beside a twin that changed nothing; the two changes make up the gain."""

import math

import numpy as np
import pytest

from whyfit.errors import ArgumentError
from whyfit.study.statistics.changes import term_change
from whyfit.study.statistics.decomposition import decompose

ROWS = 400
FOLDS = np.stack([np.random.default_rng(r).permutation(ROWS) % 5 for r in range(5)])


def networks(bias, spread, seed, seeds=2, loss="squared_error"):
    """Outputs around the truth of 0: a shift, and noise of every network's own."""
    outputs = bias + spread * np.random.default_rng(seed).normal(size=(5, seeds, ROWS, 1))
    return outputs if loss == "squared_error" else 2.0 * np.concatenate([-outputs, outputs], axis=-1)


def target_of(loss):
    noise = np.random.default_rng(9)
    return noise.normal(size=(ROWS, 1)) * 0.3 if loss == "squared_error" else (noise.random(ROWS) < 0.2).astype(int)


def change(plain, arm, loss="squared_error", repeats=5):
    target, folds = target_of(loss), FOLDS[:repeats]
    terms = decompose(plain[:repeats], target, folds, loss=loss, training_rows=320)
    return term_change(plain[:repeats], arm[:repeats], target, folds, decomposition=terms)


@pytest.mark.parametrize("loss", ["squared_error", "zero_one", "cross_entropy"])
def test_less_spread_is_less_variance(loss):
    found = change(networks(-1.0, 1.0, 0, loss=loss), networks(-1.0, 0.5, 1, seeds=1, loss=loss), loss)
    assert found.variance.high < 0.0


def test_less_shift_is_less_bias_and_no_less_variance():
    found = change(networks(1.0, 0.5, 0), networks(0.2, 0.5, 1, seeds=1))
    assert found.bias_plus_noise.value == pytest.approx(0.04 - 1.0, abs=0.1)
    assert found.bias_plus_noise.high < 0.0
    assert found.variance.low < 0.0 < found.variance.high


def test_an_arm_that_changes_nothing_changes_no_term():
    found = change(networks(0.5, 0.5, 0), networks(0.5, 0.5, 1, seeds=1))
    assert found.variance.low < 0.0 < found.variance.high
    assert found.bias_plus_noise.low < 0.0 < found.bias_plus_noise.high


def test_the_changes_make_up_the_gain():
    plain, arm = networks(0.5, 1.0, 0), networks(0.2, 0.7, 1, seeds=1)
    found, target = change(plain, arm), target_of("squared_error")
    gain = ((plain[:, :1] - target) ** 2 - (arm - target) ** 2).mean()
    assert found.variance.value + found.bias_plus_noise.value == pytest.approx(-gain)


def test_the_factor_restores_what_overlap_hides():
    """Nothing but sample variance, of which overlapping training sets show φ: w = 1/φ."""
    phi = 1 - 320 / 399
    noise = np.random.default_rng(0)
    shared = math.sqrt(phi) * noise.normal(size=(5, 1, ROWS, 1))
    plain = np.repeat(shared, 2, axis=1)
    found = change(plain, 0.5 * plain[:, :1])
    assert found.factor == pytest.approx(1 / phi, rel=0.02)
    assert found.variance.value == pytest.approx(-0.75, rel=0.1)


def test_under_four_repeats_there_are_changes_but_no_intervals():
    found = change(networks(0.5, 1.0, 0), networks(0.5, 0.5, 1, seeds=1), repeats=3)
    assert found.variance.value < 0.0
    assert (found.variance.low, found.variance.why_none) == (None, "too_few_repeats")


def test_nothing_is_said_of_a_diverged_arm_or_of_networks_without_spread():
    plain, arm = networks(0.5, 1.0, 0), networks(0.5, 0.5, 1, seeds=1)
    arm[0, 0, 0] = math.inf
    assert change(plain, arm) is None
    assert change(np.ones_like(plain), plain) is None


def test_other_repeats_are_refused():
    plain = networks(0.5, 1.0, 0)
    terms = decompose(plain, target_of("squared_error"), FOLDS, loss="squared_error", training_rows=320)
    with pytest.raises(ArgumentError, match="the same 2 or more repeats"):
        term_change(plain, plain[:4], target_of("squared_error"), FOLDS, decomposition=terms)
