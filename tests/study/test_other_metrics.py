"""Metrics beside the loss, each against scikit-learn's on the same rows, and what a user gives."""

import numpy as np
import pytest
from sklearn.metrics import balanced_accuracy_score, matthews_corrcoef, r2_score, roc_auc_score

import whyfit
from whyfit.errors import ArgumentError, DataError
from whyfit.study.other_metrics import own_metrics

DRAW = np.random.default_rng(8)
X = DRAW.normal(size=(160, 3))
CLASSES = (X[:, 0] + 0.7 * DRAW.normal(size=160) > 0.8).astype(int)
VALUES = X[:, 0] + 0.3 * DRAW.normal(size=160)


@pytest.fixture(scope="module")
def classified():
    return whyfit.checkup((X, CLASSES), budget="20n", metric=matthews_corrcoef)


def test_the_usual_metrics_of_a_classifier_stand_beside_its_error(classified):
    names = [one.name for one in classified.evidence.score.others]
    assert names[:6] == ["auc", "balanced_accuracy", "f1", "brier", "calibration", "confidence_gap"]
    assert all(one.estimate.low < one.estimate.value < one.estimate.high for one in classified.evidence.score.others)


def test_an_own_metric_stands_last_and_has_an_interval(classified):
    own = classified.evidence.score.others[-1]
    assert (own.name, own.better) == ("matthews_corrcoef", None)
    assert own.estimate.low < own.estimate.value < own.estimate.high < 1


def test_a_rare_class_says_how_many_rows_it_needs_and_a_common_one_has_an_interval(classified):
    scores = {one.name: one for one in classified.evidence.score.classes}
    assert sum(one.rows for one in scores.values()) == 160
    assert scores["0"].error.low < scores["0"].error.value < scores["0"].error.high
    few = whyfit.checkup((X, np.where(np.arange(160) < 6, 2, CLASSES)), budget="20n").evidence.score.classes[-1]
    assert (few.rows, few.error.low, few.error.why_none) == (6, None, "too_few_rows")
    assert few.needed >= 10


def test_they_stand_in_the_document(classified):
    score = classified.document.score
    assert score.others["auc"] == pytest.approx(classified.evidence.score.others[0].estimate.value)
    assert score.others_intervals["matthews_corrcoef"][0] < score.others["matthews_corrcoef"]
    assert score.per_class[0].low is not None


def test_values_have_rmse_mae_and_r2():
    report = whyfit.checkup(
        (X, VALUES), budget="20n", metric={"worst": lambda y, p: abs(y - p).max(), "r2_2": r2_score}
    )
    others = {one.name: one.estimate for one in report.evidence.score.others}
    assert list(others) == ["rmse", "mae", "r2", "worst", "r2_2"]
    assert others["r2"].value == pytest.approx(others["r2_2"].value)
    assert others["worst"].value > others["rmse"].value > others["mae"].value


def test_the_answers_that_an_own_metric_sees_are_codes_of_classes():
    (metric,) = own_metrics({"mine": balanced_accuracy_score}, "classification")
    outputs, target = DRAW.normal(size=(50, 3)), DRAW.integers(0, 3, size=50)
    assert metric.of(outputs, target) == balanced_accuracy_score(target, outputs.argmax(axis=1))


@pytest.mark.parametrize("given", ["accuracy", {}, {"a": 3}])
def test_what_is_no_metric_is_refused_before_anything_is_trained(given):
    with pytest.raises(ArgumentError, match="must be a function of"):
        whyfit.checkup((X, CLASSES), budget="10n", metric=given)


def test_a_metric_with_a_taken_name_is_refused():
    with pytest.raises(ArgumentError, match="taken"):
        own_metrics({"auc": roc_auc_score}, "classification")


def broken(target, answers):
    raise ValueError("no idea")


def test_a_metric_that_fails_is_refused_before_anything_is_trained():
    with pytest.raises(ArgumentError, match="`metric` 'broken' failed: ValueError: no idea"):
        whyfit.checkup((X, CLASSES), budget="10n", metric=broken)


def test_a_metric_that_fails_on_some_rows_is_not_defined_there():
    (metric,) = own_metrics(broken, "classification")
    assert np.isnan(metric.of(np.zeros((5, 2)), np.zeros(5, dtype=int)))


@pytest.mark.parametrize("name", ["weights", "sample_weight"])
def test_weights_that_are_none_are_refused(name):
    with pytest.raises(DataError, match="row 0, column 'weights': the weight is -1"):
        whyfit.checkup({"X": X, "y": CLASSES, name: -np.ones(160)}, budget="10n")
