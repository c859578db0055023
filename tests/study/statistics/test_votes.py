"""Domingos' identity is exact on every row; James's effects and the main vote are right for few networks."""

import math

import numpy as np
import pytest

from whyfit.errors import ArgumentError
from whyfit.study.statistics.votes import vote_effects


def outputs_of(answers, classes):
    return np.eye(classes)[answers][:, None]  # (networks, 1, rows, classes)


@pytest.mark.parametrize("classes", [2, 3, 5])
@pytest.mark.parametrize("networks", [4, 5, 10])
def test_the_identity_of_domingos_is_exact(classes, networks):
    noise = np.random.default_rng(classes)
    answers, target = noise.integers(0, classes, size=(networks, 80)), noise.integers(0, classes, size=80)
    effects = vote_effects(outputs_of(answers, classes), target)
    assert effects.error == pytest.approx((answers != target).mean())
    assert effects.error == pytest.approx(effects.main_error + effects.unbiased_variance - effects.biased_variance)


def test_equal_networks_have_no_variance():
    answers = np.tile(np.random.default_rng(0).integers(0, 3, size=50), (6, 1))
    effects = vote_effects(outputs_of(answers, 3), np.zeros(50, int))
    assert (effects.unbiased_variance, effects.biased_variance, effects.main_variance) == pytest.approx((0, 0, 0))
    assert effects.variance_effect == pytest.approx(0.0)


def test_the_main_variance_of_few_networks_is_about_that_of_many():
    """Each row has its own chance of answer 1: the main answer disagrees with min(q, 1 − q) of the networks."""
    noise = np.random.default_rng(0)
    chance = noise.beta(2.0, 2.0, size=20_000)
    answers = (noise.random((5, chance.size)) < chance).astype(int)
    effects = vote_effects(outputs_of(answers, 2), np.ones(chance.size, int))
    truth = np.minimum(chance, 1.0 - chance).mean()
    assert effects.main_variance == pytest.approx(truth, rel=0.08)
    naive = np.minimum(answers.mean(axis=0), 1.0 - answers.mean(axis=0)).mean()
    assert abs(effects.main_variance - truth) < abs(naive - truth)


def test_the_error_of_the_main_answer_is_extrapolated_towards_many_networks():
    noise = np.random.default_rng(1)
    chance = noise.beta(4.0, 2.0, size=20_000)  # of the right answer, 0
    answers = (noise.random((8, chance.size)) > chance).astype(int)
    effects = vote_effects(outputs_of(answers, 2), np.zeros(chance.size, int))
    truth = (chance < 0.5).mean()
    assert abs(effects.bias_and_noise_effect - truth) < abs(effects.main_error - truth)
    assert effects.variance_effect == pytest.approx(effects.error - effects.bias_and_noise_effect)


def test_a_diverged_network_votes_for_no_answer():
    outputs = outputs_of(np.zeros((4, 10), int), 2)
    outputs[0] = math.nan
    effects = vote_effects(outputs, np.zeros(10, int))
    assert effects.error == 0.25
    assert effects.main_error == 0.0


def test_three_networks_are_too_few():
    with pytest.raises(ArgumentError, match="at least 4 networks, got 3"):
        vote_effects(outputs_of(np.zeros((3, 10), int), 2), np.zeros(10, int))
