"""Whole trainings against the twin: curves, stopping epochs, kept weights, every rule, penalty and schedule."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from training.kernel.runs import parts_of, trained
from training.kernel.twin import OPTIMIZERS, Twin, train_twin
from training.members import classes_table, labels_table, member, numbers_table, weighted
from whyfit.evidence.network import Perceptron
from whyfit.evidence.recipe import Recipe
from whyfit.training.kernel.job import BEST_EPOCH, EPOCH, STATUS, STEPS

CLASSES, NUMBERS, LABELS = classes_table(), numbers_table(), labels_table()
SMALL = Recipe(network=Perceptron((16, 8)), epochs=6, patience=None, batch_size=32, learning_rate=1e-2)

WAYS = {
    "plain": SMALL,
    "linear": SMALL.but(network=Perceptron(())),
    "cosine": SMALL.but(schedule="cosine", warmup=0.2),
    "step": SMALL.but(schedule="step"),
    "l1_and_l2": SMALL.but(l1=1e-3, l2=1e-2),
    "decay": SMALL.but(weight_decay=0.1),
    "decay_on_biases": SMALL.but(weight_decay=0.1, l1=1e-3, decay_biases=True),
    "decay_on_norms": SMALL.but(weight_decay=0.1, l2=1e-3, decay_biases=True, batch_norm="after"),
    "clip_norm": SMALL.but(clip_norm=0.05, optimizer="sgd", learning_rate=0.5),
    "clip_value": SMALL.but(clip_value=1e-3, optimizer="sgd", learning_rate=0.5),
    "dropout": SMALL.but(dropout=0.3),
    "norm_before": SMALL.but(batch_norm="before"),
    "norm_after_and_dropout": SMALL.but(batch_norm="after", dropout=0.2),
    "prelu": SMALL.but(activation="prelu"),
    "maxout": SMALL.but(activation="maxout"),
    "balanced_and_smoothed": SMALL.but(class_weights="balanced", label_smoothing=0.1),
    "one_row_batches": SMALL.but(batch_size=1, epochs=2, learning_rate=1e-3),
    "full_batch": SMALL.but(batch_size=None, epochs=20),
    "regression": SMALL.but(loss="squared_error"),
    "huber": SMALL.but(loss="huber"),
    "labels": SMALL.but(loss="binary_cross_entropy"),
    "weighted": SMALL.but(dropout=0.2),
    "weighted_balanced": SMALL.but(class_weights="balanced", batch_size=1, epochs=2, learning_rate=1e-3),
    "weighted_regression": SMALL.but(loss="squared_error"),
}
ROUNDING = 1e-9
"""Relative; 30 steps of double precision multiply a last-bit difference by less than 1e6 here."""


def data_of(name):
    if name.startswith("weighted"):
        return weighted(NUMBERS if name == "weighted_regression" else CLASSES)
    if name == "labels":
        return LABELS
    return NUMBERS if name in {"regression", "huber"} else CLASSES


def compare(one, data, tolerance):
    packed, twin = trained(one, data), Twin(one, data)
    expected = train_twin(twin)
    epochs = len(expected.train_loss)
    assert packed.written.curves[:epochs, 0] == pytest.approx(expected.train_loss, rel=tolerance)
    assert packed.written.curves[:epochs, 2] == pytest.approx(expected.stop_loss, rel=tolerance)
    assert packed.written.predictions == pytest.approx(expected.predictions, rel=tolerance, abs=tolerance)
    assert list(packed.written.facts[[STATUS, BEST_EPOCH, EPOCH, STEPS]]) == [
        0,
        expected.best_epoch,
        epochs,
        expected.steps,
    ]
    weights = parts_of(packed, packed.vectors.parameters)
    for got, parameter in zip(weights, twin.parameters, strict=True):
        assert got == pytest.approx(parameter.detach().numpy(), rel=tolerance, abs=tolerance)


@pytest.mark.parametrize("name", WAYS)
def test_curves_and_weights_equal_the_twins(name):
    compare(member(WAYS[name]), data_of(name), ROUNDING)


@pytest.mark.parametrize("rule", OPTIMIZERS)
def test_every_rule_trains_as_torch_optim(rule):
    compare(member(SMALL.but(optimizer=rule, weight_decay=0.0, l2=0.0)), CLASSES, 1e-7)


@pytest.mark.parametrize("seed", range(4))
def test_training_stops_at_the_same_epoch_with_the_same_weights_kept(seed):
    compare(member(SMALL, seed=seed, epochs=60, patience=4, learning_rate=3e-2), CLASSES, 1e-5)


def test_a_hundred_steps_in_single_precision_stay_close():
    one = member(SMALL, epochs=20, learning_rate=1e-3)
    packed, twin = trained(one, CLASSES, np.float32), Twin(one, CLASSES, torch.float32)
    assert packed.written.facts[STEPS] == 100
    train_twin(twin)
    for got, parameter in zip(parts_of(packed, packed.vectors.parameters), twin.parameters, strict=True):
        expected = parameter.detach().numpy()
        assert np.linalg.norm(got - expected) < 1e-5 * max(np.linalg.norm(expected), 1.0)


def test_dropout_leaves_order_and_start_untouched():
    """At this rate every draw of dropout is made and 1 − rate is 1: only another stream could change anything."""
    plain, dropped = (trained(member(SMALL, dropout=rate), CLASSES) for rate in (0.0, 1e-17))
    assert np.array_equal(plain.vectors.parameters, dropped.vectors.parameters)
    assert np.array_equal(plain.written.order, dropped.written.order)


def test_missing_values_become_zeros_behind_the_scaling():
    """A column of missing values trains the network that a column of means would."""
    holed = np.array(CLASSES.numeric)
    holed[::3, 2] = np.nan
    data = replace(CLASSES, numeric=holed)
    compare(member(SMALL, epochs=3), data, ROUNDING)
