"""Less variance is told from less bias, beside a twin that changed nothing; the two changes make up the gain."""

import math

import numpy as np
import pytest

from whyfit.errors import ArgumentError
from whyfit.study.statistics.changes import ensemble_change, term_change
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


def two_level(sample, seed, seeds, phi, number, bias=0.5):
    """Outputs whose spread is known: a sample part, of which overlap shows φ, and a seed part."""
    noise = np.random.default_rng(number)
    fits = math.sqrt(phi) * sample * noise.normal(size=(5, 1, ROWS, 1))
    return bias + fits + seed * noise.normal(size=(5, seeds, ROWS, 1))


@pytest.mark.parametrize(("sample", "seed"), [(0.2, 1.0), (1.0, 0.5)])
def test_an_ensemble_takes_seven_eighths_of_the_seed_part_and_nothing_else(sample, seed):
    members = two_level(sample, seed, 8, 1 - 320 / 399, 3)
    target = np.zeros((ROWS, 1))
    terms = decompose(members[:, :2], target, FOLDS, loss="squared_error", training_rows=320)
    found = ensemble_change(members, target, FOLDS, decomposition=terms)
    assert found.variance.low < -7 / 8 * seed**2 < found.variance.high
    assert found.bias_plus_noise.low < 0.0 < found.bias_plus_noise.high


def test_an_ensemble_of_equal_networks_changes_nothing():
    """Seeds that do not differ: the whole is what one member is."""
    members = np.repeat(two_level(0.5, 0.0, 1, 0.5, 4), 8, axis=1)
    target = np.zeros((ROWS, 1))
    terms = decompose(members[:, :2], target, FOLDS, loss="squared_error", training_rows=320)
    found = ensemble_change(members, target, FOLDS, decomposition=terms)
    assert found.variance.value == pytest.approx(0.0, abs=1e-9)
    assert found.bias_plus_noise.value == pytest.approx(0.0, abs=1e-9)


def disagreement(margins, other):
    return ((margins > 0) != (other > 0)).mean() / 2


@pytest.mark.parametrize(("sample", "seed"), [(0.3, 0.6), (0.6, 0.3)])
def test_the_variance_of_an_ensemble_of_classifiers_is_that_of_its_disagreement(sample, seed):
    """Truth by brute force: fresh training samples and seeds, half of the share of rows on which two disagree."""
    noise = np.random.default_rng(1)
    truth = noise.normal(size=200_000)  # margins of rows

    def margins(members):
        return truth + sample * noise.normal(size=truth.size) + seed * noise.normal(size=truth.size) / members**0.5

    expected = disagreement(margins(8), margins(8)) - disagreement(margins(1), margins(1))
    phi, rows = 1 - 320 / 399, np.random.default_rng(2).normal(size=(1, 1, ROWS, 1))
    draw = np.random.default_rng(3)
    fits = math.sqrt(phi) * sample * draw.normal(size=(5, 1, ROWS, 1))
    members = rows + fits + seed * draw.normal(size=(5, 8, ROWS, 1))
    logits, target = np.concatenate([-members, members], axis=-1), np.zeros(ROWS, dtype=int)
    terms = decompose(logits[:, :2], target, FOLDS, loss="zero_one", training_rows=320)
    found = ensemble_change(logits, target, FOLDS, decomposition=terms)
    assert found.variance.low < expected < found.variance.high
    assert found.variance.value == pytest.approx(expected, rel=0.5)


def test_an_arm_on_half_the_rows_is_judged_at_its_own_overlap():
    """The same variance on half the rows: its spread shows more of it, for its training sets overlap less."""
    plain, half = two_level(1.0, 0.5, 2, 1 - 320 / 399, 5), two_level(1.0, 0.5, 1, 1 - 160 / 399, 6)
    target = np.zeros((ROWS, 1))
    terms = decompose(plain, target, FOLDS, loss="squared_error", training_rows=320)
    found = term_change(plain, half, target, FOLDS, decomposition=terms, arm_training_rows=160)
    blind = term_change(plain, half, target, FOLDS, decomposition=terms)
    assert found.variance.low < 0.0 < found.variance.high
    assert blind.variance.low > 0.0


def test_two_members_are_no_ensemble_of_two_halves():
    members = networks(0.5, 1.0, 0, seeds=2)
    terms = decompose(members, target_of("squared_error"), FOLDS, loss="squared_error", training_rows=320)
    with pytest.raises(ArgumentError, match="at least 4 members"):
        ensemble_change(members, target_of("squared_error"), FOLDS, decomposition=terms)
