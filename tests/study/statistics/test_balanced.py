"""Every class counts alike: the mean of class means, its weights, and an interval that holds it."""

import numpy as np
import pytest

from whyfit.study.statistics.balanced import balanced, class_weights, too_few_of_a_class
from whyfit.study.statistics.metrics import balanced_accuracy
from whyfit.study.statistics.refit import row_and_refit
from whyfit.study.statistics.weighted import weighted_mean


def drawn(seed, rows=60):
    noise = np.random.default_rng(seed)
    return noise.random((3, 2, rows)), noise.choice(3, size=rows, p=[0.6, 0.3, 0.1]), noise.gamma(2.0, size=rows)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("weighted", [False, True])
def test_the_mean_is_that_of_the_class_means(seed, weighted):
    losses, target, weights = drawn(seed)
    own = weights if weighted else np.ones(target.size)
    means = [np.average(losses[..., target == c], weights=own[target == c], axis=-1).mean() for c in np.unique(target)]
    assert balanced(losses, target, own if weighted else None).mean() == pytest.approx(np.mean(means))


def test_in_zero_one_error_it_is_what_balanced_accuracy_lacks():
    noise = np.random.default_rng(0)
    target, outputs = noise.choice(3, size=90, p=[0.6, 0.3, 0.1]), noise.normal(size=(90, 3))
    wrong = (outputs.argmax(axis=1) != target).astype(float)
    assert balanced(wrong, target).mean() == pytest.approx(1.0 - balanced_accuracy(outputs, target))


def test_the_weights_have_mean_one_and_give_the_same_mean():
    losses, target, weights = drawn(1)
    own = class_weights(target, weights)
    assert own.mean() == pytest.approx(1.0)
    assert weighted_mean(losses, own) == pytest.approx(balanced(losses, target, weights).mean())


def test_a_class_without_rows_is_none():
    assert class_weights(np.array([0, 2, 2])).tolist() == [1.5, 0.75, 0.75]
    assert balanced(np.array([1.0, 0.0, 0.0]), np.array([0, 2, 2])).mean() == pytest.approx(0.5)


def test_what_diverged_stays_so():
    z = balanced(np.array([[np.nan, 1.0, 0.0, 1.0]]), np.array([0, 0, 1, 1]))
    assert np.isnan(z[0, 0])
    assert np.isfinite(z[0, 1:]).all()


def test_under_ten_rows_of_a_class_are_too_few():
    assert too_few_of_a_class(np.repeat([0, 1], [90, 9]))
    assert not too_few_of_a_class(np.repeat([0, 1], [90, 10]))


def test_the_interval_holds_the_mean_of_the_class_errors_nineteen_times_in_twenty():
    """Errors of 5 % in a common class, 60 % in a rare one; every fit errs on rows of its own besides."""
    noise, truth, held = np.random.default_rng(5), (0.05 + 0.60) / 2, 0
    for _ in range(400):
        target = (noise.random(300) < 0.15).astype(int)
        rate = np.where(target == 1, 0.60, 0.05)
        hard = noise.random(300)  # a row is hard for all fits alike
        losses = np.stack([(np.where(noise.random(300) < 0.2, noise.random(300), hard) < rate) for _ in range(4)])
        folds = np.stack([noise.permutation(300) % 5 for _ in range(4)])
        z = balanced(losses[:, None].astype(float), target)
        estimate = row_and_refit(z, folds, training_rows=240).estimate()
        held += estimate.low <= truth <= estimate.high
    assert 0.92 <= held / 400 <= 0.99
