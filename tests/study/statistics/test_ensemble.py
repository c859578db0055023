"""The gain of a mean prediction: its closed form in squared error, and Jensen's inequality elsewhere."""

import numpy as np
import pytest

from whyfit.errors import ArgumentError
from whyfit.study.statistics.ensemble import ensemble_gain, mean_prediction
from whyfit.study.statistics.losses import log_softmax

FOLDS = np.stack([np.random.default_rng(r).permutation(60) % 5 for r in range(3)])


def test_in_squared_error_it_is_the_spread_of_the_members():
    """Mean of squares − square of mean: the ambiguity of Krogh and Vedelsby (1995)."""
    outputs = np.random.default_rng(0).normal(size=(3, 4, 60, 2))
    target = np.random.default_rng(1).normal(size=(60, 2))
    spread = ensemble_gain(outputs, target, FOLDS, loss="squared_error", training_rows=48)
    assert spread.value == pytest.approx(outputs.var(axis=1).mean())
    assert spread.method == "nadeau_bengio"


def test_in_zero_one_error_a_majority_gains_over_one():
    noise = np.random.default_rng(0)
    target = noise.integers(0, 2, size=60)
    right = noise.random((3, 5, 60)) < 0.7
    answers = np.where(right, target, 1 - target)
    spread = ensemble_gain(np.eye(2)[answers], target, FOLDS, loss="zero_one", training_rows=48)
    assert spread.value > 0.05
    assert spread.method == "row_and_refit"


def test_in_cross_entropy_the_mean_of_probabilities_never_loses():
    outputs = np.random.default_rng(0).normal(size=(3, 4, 60, 3), scale=3.0)
    target = np.random.default_rng(1).integers(0, 3, size=60)
    assert ensemble_gain(outputs, target, FOLDS, loss="cross_entropy", training_rows=48).value > 0


def test_the_mean_of_probabilities_is_taken_without_underflow():
    outputs = np.array([[[[2000.0, 0.0]], [[1900.0, 0.0]]]])
    mean = mean_prediction(outputs, "cross_entropy")
    assert mean[0, 0].tolist() == [0.0, pytest.approx(-1900.0 - np.log(2.0))]
    small = np.random.default_rng(0).normal(size=(1, 3, 4, 2))
    assert np.exp(mean_prediction(small, "cross_entropy")) == pytest.approx(np.exp(log_softmax(small)).mean(axis=1))


def test_equal_members_make_no_difference():
    outputs = np.repeat(np.random.default_rng(0).normal(size=(3, 1, 60, 1)), 2, axis=1)
    spread = ensemble_gain(outputs, np.zeros((60, 1)), FOLDS, loss="squared_error", training_rows=48)
    assert spread.why_none == "no_difference"


def test_one_seed_is_no_ensemble():
    with pytest.raises(ArgumentError, match="at least 2 seeds"):
        ensemble_gain(np.ones((3, 1, 60, 1)), np.zeros((60, 1)), FOLDS, loss="squared_error", training_rows=48)
