"""Row losses against torch, and what a diverged network leaves."""

import math

import numpy as np
import pytest

from whyfit.study.statistics.losses import classes_of, log_softmax, row_losses


def test_cross_entropy_is_torchs():
    import torch

    noise = np.random.default_rng(0)
    logits, target = 5.0 * noise.normal(size=(2, 3, 40, 4)), noise.integers(0, 4, size=40)
    theirs = torch.nn.functional.cross_entropy(
        torch.tensor(logits).reshape(-1, 4), torch.tensor(np.tile(target, 6)), reduction="none"
    )
    assert row_losses(logits, target, "cross_entropy").ravel() == pytest.approx(theirs.numpy(), rel=1e-12)


def test_squared_error_is_the_mean_over_outputs():
    outputs = np.array([[1.0, 2.0], [0.0, 0.0]])
    assert row_losses(outputs, np.array([[0.0, 0.0], [0.0, 4.0]]), "squared_error").tolist() == [2.5, 8.0]


def test_certainty_is_never_clipped():
    assert row_losses(np.array([[2000.0, 0.0]]), np.array([1]), "cross_entropy")[0] == 2000.0


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_no_answer_is_a_wrong_answer_of_bounded_loss(bad):
    outputs, target = np.array([[bad, 0.0], [1.0, 0.0]]), np.array([0, 0])
    assert row_losses(outputs, target, "zero_one").tolist() == [1.0, 0.0]
    assert classes_of(outputs).tolist() == [-1, 0]
    assert np.isfinite(row_losses(outputs, target, "cross_entropy")[1])


def test_probabilities_add_to_one():
    logits = np.random.default_rng(0).normal(size=(7, 3), scale=30.0).astype(np.float32)
    assert np.exp(log_softmax(logits)).sum(axis=1) == pytest.approx(1.0)
