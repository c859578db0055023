"""The numbers that augmentation draws: keyed by the step and the place, and of the distribution that they promise."""

import numpy as np
import pytest
from scipy import stats

from whyfit.training.draws import draws_of
from whyfit.training.streams import Stream, stream_key, uniform

BOTH = pytest.mark.parametrize("normal", [False, True], ids=["uniform", "normal"])


@BOTH
def test_a_row_draws_the_same_whatever_the_size_of_its_batch(normal):
    one, other = draws_of(7, 2, 3, (32, 5), normal=normal), draws_of(7, 2, 3, (9, 5), normal=normal)
    assert np.array_equal(one[:9], other)


@BOTH
@pytest.mark.parametrize("other", [(8, 2, 3), (7, 3, 3), (7, 2, 4)], ids=["seed", "epoch", "step"])
def test_another_seed_epoch_or_step_draws_other_numbers(normal, other):
    assert not np.intersect1d(draws_of(7, 2, 3, (32, 5), normal=normal), draws_of(*other, (32, 5), normal=normal)).size


@pytest.mark.parametrize("features", [1, 2, 5, 64])
def test_normal_numbers_are_normal_and_no_two_places_are_alike(features):
    draws = draws_of(1, 1, 0, (2000, features), normal=True)
    assert stats.kstest(draws.ravel(), "norm").pvalue > 0.01
    assert np.unique(draws).size == draws.size
    if features > 1:
        apart = np.corrcoef(draws.T) - np.eye(features)
        assert np.abs(apart).max() < 5 / np.sqrt(2000)  # five standard errors of no correlation


def test_uniform_numbers_are_those_of_the_stream():
    expected = uniform(stream_key(5, Stream.AUGMENTATION, 3, 2), 12).reshape(4, 3)
    assert np.array_equal(draws_of(5, 3, 2, (4, 3), normal=False), expected)
