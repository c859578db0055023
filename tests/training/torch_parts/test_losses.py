"""The torch side's losses against torch's own and against the catalogue."""

import numpy as np
import pytest
import torch
from torch.nn import functional

from training.members import classes_table, numbers_table
from whyfit.evidence.recipe import Recipe
from whyfit.rules.losses import losses
from whyfit.training.torch_parts.losses import Loss, balanced, error_of

DATA, NUMBERS = classes_table(), numbers_table()
TRAIN = np.arange(100)
OUTPUTS = torch.randn(20, 3, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
TARGETS = torch.arange(20) % 3


def loss_of(data=DATA, train=TRAIN, **changes):
    return Loss.of(Recipe(**changes), data, train)


@pytest.mark.parametrize("smoothing", [0.0, 0.2])
@pytest.mark.parametrize("name", ["cross_entropy", "binary_cross_entropy", "squared_error"])
def test_losses_of_classes_are_those_of_the_catalogue(name, smoothing):
    wanted = np.eye(3)[TARGETS] * (1 - smoothing) + smoothing / 3
    ours = loss_of(loss=name, label_smoothing=smoothing).of_rows(OUTPUTS, TARGETS)
    assert ours.numpy() == pytest.approx(losses[name].value(OUTPUTS.numpy(), wanted), rel=1e-6)


@pytest.mark.parametrize("name", ["squared_error", "absolute_error", "huber"])
def test_losses_of_numbers_are_those_of_the_catalogue(name):
    targets = torch.randn(20, 3, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    ours = loss_of(NUMBERS, loss=name).of_rows(OUTPUTS, targets)
    assert ours.numpy() == pytest.approx(losses[name].value(OUTPUTS.numpy(), targets.numpy()), rel=1e-6)


def test_balanced_weights_are_torch_s_weighted_mean():
    unequal = np.concatenate([np.flatnonzero(DATA.target == 0), np.flatnonzero(DATA.target == 1)[:10], [2]])
    loss = loss_of(train=unequal, class_weights="balanced")
    theirs = functional.cross_entropy(OUTPUTS, TARGETS, weight=loss.class_weights.double())
    assert float(loss(OUTPUTS, TARGETS)) == pytest.approx(float(theirs), rel=1e-6)


def test_balanced_weights_make_every_class_count_alike_and_average_to_one():
    codes = torch.tensor([0] * 6 + [1] * 3 + [2])
    weights = balanced(codes, 4)
    assert [float(weights[c] * (codes == c).sum()) for c in range(3)] == pytest.approx([10 / 3] * 3)
    assert float(weights[codes].mean()) == pytest.approx(1.0)
    assert weights[3] == 0.0  # a class that has no training row


def test_sums_over_chunks_are_the_sum_over_all():
    loss = loss_of(class_weights="balanced", label_smoothing=0.1)
    whole, weight = loss.total(OUTPUTS, TARGETS)
    parts = [loss.total(OUTPUTS[a:b], TARGETS[a:b]) for a, b in ((0, 7), (7, 20))]
    assert float(whole) == pytest.approx(sum(float(total) for total, _ in parts))
    assert float(weight) == pytest.approx(sum(float(share) for _, share in parts))


def test_errors_are_counts_of_wrong_classes_or_squares_over_outputs():
    logits = torch.tensor([[2.0, 1.0], [0.0, 1.0]])
    assert error_of(logits, torch.tensor([0, 0]), classes=2).tolist() == [0.0, 1.0]
    assert error_of(logits, torch.tensor([[0.0, 1.0], [0.0, 1.0]]), classes=0).tolist() == [2.0, 0.0]
