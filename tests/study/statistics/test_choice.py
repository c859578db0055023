"""What is taken in each fit, what it is scored on, and that its gain is honest where the best one's is not."""

import math

import numpy as np
import pytest

from whyfit.errors import ArgumentError
from whyfit.study.statistics.choice import choose, chosen_losses


def test_equals_the_loop():
    noise = np.random.default_rng(0)
    stop, losses = noise.random((4, 3, 2, 5)), noise.random((4, 3, 2, 30))
    folds = np.stack([noise.permutation(30) % 5 for _ in range(3)])
    choice = choose(stop)
    chosen = chosen_losses(choice, losses, folds)
    for r in range(3):
        for i in range(30):
            best = min(range(4), key=lambda c, r=r, i=i: stop[c, r, :, folds[r, i]].mean())
            assert choice.picks[r, folds[r, i]] == best
            assert (chosen[r, :, i] == losses[best, r, :, i]).all()


def test_of_equals_the_first_is_taken():
    assert (choose(np.ones((3, 2, 1, 5))).picks == 0).all()


def test_a_diverged_candidate_is_not_taken():
    stop = np.array([math.nan, 0.5, math.inf]).reshape(3, 1, 1, 1)
    assert choose(stop).picks.item() == 1


def test_where_all_diverged_the_first_stands_and_its_losses_say_so():
    choice = choose(np.full((2, 1, 1, 1), math.nan))
    assert np.isnan(chosen_losses(choice, np.full((2, 1, 1, 3), math.nan), np.zeros((1, 3), int))).all()


def test_says_what_was_taken_most_often():
    stop = np.array([[0.1, 0.3, 0.3], [0.2, 0.2, 0.2]]).reshape(2, 1, 1, 3)
    choice = choose(stop)
    assert (choice.most_often, choice.share, choice.counts.tolist()) == (1, pytest.approx(2 / 3), [1, 2])
    assert repr(choice) == "Choice(1 in 67% of 3 fits)"


@pytest.mark.parametrize("shape", [(2, 3, 4), (0, 1, 1, 1)])
def test_refuses_another_shape(shape):
    with pytest.raises(ArgumentError, match="`stop_losses` must be"):
        choose(np.ones(shape))


def test_refuses_losses_of_other_repeats():
    with pytest.raises(ArgumentError, match="`losses` must be"):
        chosen_losses(choose(np.ones((2, 3, 1, 5))), np.ones((2, 2, 1, 30)), np.zeros((3, 30), int))


def test_the_gain_of_choosing_is_unbiased_on_pure_noise_and_that_of_the_best_is_not():
    """Six arms that differ by noise alone: picking the best scored gains 0.1 by luck, choosing on stop rows 0."""
    noise = np.random.default_rng(1)
    folds = np.stack([np.arange(60) % 5] * 2)
    luck, honest = [], []
    for _ in range(200):
        losses = noise.exponential(size=(6, 2, 1, 60))
        stop = noise.exponential(size=(6, 2, 1, 5, 12)).mean(axis=-1)
        luck.append(1.0 - losses.mean(axis=(1, 2, 3)).min())
        honest.append(1.0 - chosen_losses(choose(stop), losses, folds).mean())
    assert np.mean(luck) > 0.08
    assert abs(np.mean(honest)) < 3 * np.std(honest) / math.sqrt(200)


def test_raw_outputs_are_chosen_as_losses_are():
    noise = np.random.default_rng(0)
    stop, outputs = noise.random((3, 2, 1, 5)), noise.random((3, 2, 1, 30, 4))
    folds = np.stack([noise.permutation(30) % 5 for _ in range(2)])
    choice = choose(stop)
    chosen = chosen_losses(choice, outputs, folds)
    assert chosen.shape == (2, 1, 30, 4)
    assert (chosen[..., 2] == chosen_losses(choice, outputs[..., 2], folds)).all()
