"""No constant has a smaller loss than the one that is given."""

import numpy as np
import pytest

from whyfit.study.statistics.constant import constant_loss
from whyfit.study.statistics.losses import row_losses


@pytest.mark.parametrize("loss", ["squared_error", "zero_one", "cross_entropy"])
def test_no_constant_answer_does_better(loss):
    noise = np.random.default_rng(0)
    target = noise.normal(size=(200, 2)) if loss == "squared_error" else noise.choice(3, p=[0.5, 0.3, 0.2], size=200)
    outputs = target.shape[1] if loss == "squared_error" else 3
    constants = noise.normal(size=(400, outputs))
    losses = [row_losses(np.tile(one, (200, 1)), target, loss).mean() for one in constants]
    best = constant_loss(target, loss)
    assert min(losses) >= best - 1e-12
    assert min(losses) == pytest.approx(best, rel=0.05)


def test_one_class_alone_leaves_nothing_to_learn():
    assert constant_loss(np.zeros(5, int), "zero_one") == constant_loss(np.zeros(5, int), "cross_entropy") == 0.0
