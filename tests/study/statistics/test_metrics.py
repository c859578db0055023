"""Every metric against scikit-learn or its definition, where it is not defined, and its interval."""

import math

import numpy as np
import pytest
from sklearn import metrics as theirs

from whyfit.errors import ArgumentError
from whyfit.study.statistics.metrics import METRICS, fold_values, metric_spread, own_metric, probabilities


def classified(classes, rows=120, seed=0):
    noise = np.random.default_rng(seed)
    target = noise.integers(0, classes, size=rows)
    return noise.normal(size=(rows, classes)) + 1.5 * np.eye(classes)[target], target


@pytest.mark.parametrize("classes", [2, 4])
class TestAgainstScikitLearn:
    def test_auc(self, classes):
        outputs, target = classified(classes)
        shares = probabilities(outputs)
        expected = theirs.roc_auc_score(target, shares[:, 1] if classes == 2 else shares, multi_class="ovr")
        assert METRICS["auc"].of(outputs, target) == pytest.approx(expected)

    def test_balanced_accuracy(self, classes):
        outputs, target = classified(classes)
        expected = theirs.balanced_accuracy_score(target, outputs.argmax(axis=1))
        assert METRICS["balanced_accuracy"].of(outputs, target) == pytest.approx(expected)

    def test_f1(self, classes):
        outputs, target = classified(classes)
        average = "binary" if classes == 2 else "macro"
        assert METRICS["f1"].of(outputs, target) == pytest.approx(
            theirs.f1_score(target, outputs.argmax(axis=1), average=average)
        )

    def test_brier(self, classes):
        outputs, target = classified(classes)
        expected = ((probabilities(outputs) - np.eye(classes)[target]) ** 2).sum(axis=1).mean()
        assert METRICS["brier"].of(outputs, target).mean() == pytest.approx(expected)
        if classes == 2:
            assert expected == pytest.approx(2 * theirs.brier_score_loss(target, probabilities(outputs)[:, 1]))


def test_regression_metrics_are_scikit_learns():
    noise = np.random.default_rng(0)
    target = noise.normal(size=(50, 2))
    outputs = target + 0.5 * noise.normal(size=(50, 2))
    assert METRICS["r2"].of(outputs, target) == pytest.approx(theirs.r2_score(target, outputs))
    assert METRICS["mae"].of(outputs, target).mean() == pytest.approx(theirs.mean_absolute_error(target, outputs))
    assert METRICS["rmse"].of(outputs, target) ** 2 == pytest.approx(theirs.mean_squared_error(target, outputs))


def test_a_calibrated_network_shows_no_gap_and_an_overconfident_one_does():
    noise = np.random.default_rng(0)
    chance = noise.uniform(0.5, 1.0, size=5000)
    target = (noise.random(5000) > chance).astype(int)  # class 0 with that chance
    logits = np.stack([np.log(chance / (1 - chance)), np.zeros(5000)], axis=1)
    assert METRICS["calibration"].of(logits, target) < 0.02
    assert METRICS["calibration"].of(4 * logits, target) > 0.1
    assert abs(METRICS["confidence_gap"].of(logits, target).mean()) < 0.02
    assert METRICS["confidence_gap"].of(4 * logits, target).mean() > 0.1


@pytest.mark.parametrize(
    ("name", "outputs", "target"),
    [
        ("auc", np.zeros((5, 2)), np.zeros(5, int)),
        ("auc", np.full((4, 2), math.nan), np.array([0, 1, 0, 1])),
        ("f1", np.eye(2)[[0, 0]], np.zeros(2, int)),
        ("calibration", np.zeros((19, 2)), np.zeros(19, int)),
        ("r2", np.zeros((5, 1)), np.ones((5, 1))),
    ],
)
def test_what_is_not_defined_is_nan(name, outputs, target):
    assert math.isnan(METRICS[name].of(outputs, target))


def test_a_metric_that_is_no_mean_is_taken_fold_by_fold():
    noise = np.random.default_rng(0)
    folds = np.stack([noise.permutation(60) % 5 for _ in range(2)])
    target = noise.normal(size=(60, 1))
    outputs = target + noise.normal(size=(2, 3, 60, 1))
    values = fold_values(METRICS["r2"], outputs, target, folds)
    by_hand = np.mean([theirs.r2_score(target[folds[1] == 3], outputs[1, s, folds[1] == 3]) for s in range(3)])
    assert values.shape == (2, 5)
    assert values[1, 3] == pytest.approx(by_hand)
    assert metric_spread(METRICS["r2"], outputs, target, folds, training_rows=48).method == "nadeau_bengio"
    assert metric_spread(METRICS["mae"], outputs, target, folds, training_rows=48).method == "row_and_refit"


def test_a_users_metric_is_a_fold_metric():
    metric = own_metric("within one", "regression", lambda o, t: (abs(o - t) < 1).mean(), higher=True)
    noise = np.random.default_rng(0)
    folds = np.stack([noise.permutation(60) % 5 for _ in range(2)])
    outputs, target = noise.normal(size=(2, 1, 60, 1)), np.zeros((60, 1))
    assert metric_spread(metric, outputs, target, folds, training_rows=48).value == pytest.approx(0.68, abs=0.1)


def test_a_users_metric_cannot_take_a_name_that_is_there():
    with pytest.raises(ArgumentError, match="`name` must be new"):
        own_metric("auc", "classification", lambda o, t: 0.0, higher=True)


def test_every_metric_stands_under_its_name():
    assert all(metric.name == name for name, metric in METRICS.items())
