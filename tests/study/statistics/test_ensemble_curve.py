"""The curve falls as theory says, and its ends are the networks alone and all of them together."""

import numpy as np
import pytest

from whyfit.study.statistics.ensemble import mean_prediction
from whyfit.study.statistics.ensemble_curve import size_curve
from whyfit.study.statistics.losses import row_losses


def test_the_size_curve_of_independent_networks_falls_as_one_over_the_size():
    outputs = np.random.default_rng(0).normal(size=(3, 2, 4000, 1))
    curve = size_curve(outputs, np.zeros((4000, 1)), loss="squared_error")
    assert curve == pytest.approx(1.0 / np.arange(1, 7), rel=0.05)


def test_the_size_curve_starts_at_the_mean_loss_and_ends_at_the_whole_ensemble():
    outputs = np.random.default_rng(0).normal(size=(3, 2, 50, 3))
    target = np.random.default_rng(1).integers(0, 3, size=50)
    curve = size_curve(outputs, target, loss="cross_entropy")
    assert curve[0] == pytest.approx(row_losses(outputs, target, "cross_entropy").mean())
    every = mean_prediction(outputs.reshape(1, 6, 50, 3), "cross_entropy")
    assert curve[-1] == pytest.approx(row_losses(every, target, "cross_entropy").mean())


@pytest.mark.parametrize("loss", ["squared_error", "cross_entropy", "zero_one"])
def test_the_running_sums_are_the_runs_around_the_circle_one_by_one(loss):
    """The slow, obvious twin: each run of neighbours averaged anew."""
    outputs = np.random.default_rng(2).normal(size=(2, 2, 40, 3))
    target = outputs[0, 0] * 0.5 if loss == "squared_error" else np.random.default_rng(3).integers(0, 3, size=40)
    circle = np.concatenate([outputs[:, 0], outputs[:, 1]])

    def slow(size):
        runs = [np.roll(circle, -start, axis=0)[:size] for start in range(4)]
        return np.mean([row_losses(mean_prediction(run[None], loss), target, loss).mean() for run in runs])

    assert size_curve(outputs, target, loss=loss) == pytest.approx([slow(size) for size in (1, 2, 3, 4)])
