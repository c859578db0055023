"""Several labels a row in the statistics: against scikit-learn, against single labels, and a planted decomposition."""

import numpy as np
import pytest
from sklearn.metrics import accuracy_score, f1_score, hamming_loss, log_loss, roc_auc_score

from whyfit.study.statistics.constant import constant_loss
from whyfit.study.statistics.decomposition import decompose
from whyfit.study.statistics.ensemble import ensemble_gain, mean_prediction
from whyfit.study.statistics.ensemble_curve import size_curve
from whyfit.study.statistics.losses import answers_of, log_sigmoid, row_losses
from whyfit.study.statistics.metrics import METRICS, fold_values

DRAW = np.random.default_rng(12)
ROWS = 150
TARGET = (DRAW.random((ROWS, 3)) < [0.5, 0.3, 0.2]).astype(float)
Z = 2.0 * (TARGET - 0.5) + DRAW.normal(size=(4, 2, ROWS, 3))
FOLDS = np.stack([DRAW.permutation(ROWS) % 5 for _ in range(4)])
WEIGHTS = DRAW.uniform(0.2, 5.0, ROWS)


def test_losses_of_labels_equal_scikit_learn_s():
    one = Z[0, 0]
    assert row_losses(one, TARGET, "hamming").mean() == pytest.approx(hamming_loss(TARGET, one > 0))
    theirs = np.mean([log_loss(TARGET[:, k], 1 / (1 + np.exp(-one[:, k]))) for k in range(3)])
    assert row_losses(one, TARGET, "binary_cross_entropy").mean() == pytest.approx(theirs)


def test_a_network_that_gives_no_answer_is_wrong_in_every_label():
    broken = np.full((2, 3), np.nan)
    assert row_losses(broken, TARGET[:2], "hamming").tolist() == [1.0, 1.0]
    assert np.isnan(row_losses(broken, TARGET[:2], "binary_cross_entropy")).all()
    assert np.isfinite(log_sigmoid(np.array([-1e4, 1e4]))).all()


@pytest.mark.parametrize(
    ("name", "theirs"),
    [
        ("macro_auc", lambda y, z, w: roc_auc_score(y, z, average="macro", sample_weight=w)),
        ("macro_f1", lambda y, z, w: f1_score(y, z > 0, average="macro", sample_weight=w)),
    ],
)
@pytest.mark.parametrize("weights", [None, WEIGHTS], ids=["plain", "weighted"])
def test_metrics_of_labels_equal_scikit_learn_s(name, theirs, weights):
    ours = fold_values(METRICS[name], Z, TARGET, FOLDS, weights)
    for fold in range(5):
        rows = FOLDS[2] == fold
        own = None if weights is None else weights[rows]
        assert ours[2, fold] == pytest.approx(np.mean([theirs(TARGET[rows], z[rows], own) for z in Z[2]]))


def test_subset_accuracy_counts_rows_that_are_right_in_every_label():
    rows = METRICS["subset_accuracy"].of(Z, TARGET)
    assert rows[1, 1].mean() == pytest.approx(accuracy_score(TARGET, Z[1, 1] > 0))


def test_a_label_that_is_never_there_has_no_area():
    assert np.isnan(METRICS["macro_auc"].of(Z[0, 0], np.zeros((ROWS, 3))))


def test_the_best_constant_is_that_of_each_label():
    shares = TARGET.mean(axis=0)
    assert constant_loss(TARGET, "hamming") == pytest.approx(np.minimum(shares, 1 - shares).mean())
    entropy = -(shares * np.log(shares) + (1 - shares) * np.log(1 - shares)).mean()
    assert constant_loss(TARGET, "binary_cross_entropy") == pytest.approx(entropy)


@pytest.mark.parametrize(("loss", "single"), [("hamming", "zero_one"), ("binary_cross_entropy", "cross_entropy")])
def test_one_label_is_taken_apart_as_two_classes_are(loss, single):
    """A label with output z is a class with logits 0 and z."""
    two = np.concatenate([np.zeros_like(Z[..., :1]), Z[..., :1]], axis=-1)
    ours = decompose(Z[..., :1], TARGET[:, :1], FOLDS, loss=loss, training_rows=120)
    theirs = decompose(two, TARGET[:, 0].astype(int), FOLDS, loss=single, training_rows=120)
    for term in ("error", "bias_plus_noise", "variance", "sample", "seed"):
        mine, other = getattr(ours, term), getattr(theirs, term)
        assert (mine.value, mine.low) == pytest.approx((other.value, other.low)), term


@pytest.mark.parametrize("loss", ["hamming", "binary_cross_entropy"])
@pytest.mark.parametrize("weights", [None, WEIGHTS], ids=["plain", "weighted"])
def test_the_terms_of_several_labels_add_up(loss, weights):
    terms = decompose(Z, TARGET, FOLDS, loss=loss, training_rows=120, weights=weights)
    losses = row_losses(Z, TARGET, loss).mean(axis=(0, 1))
    assert terms.error.value == pytest.approx(np.average(losses, weights=weights))
    assert terms.error.value == pytest.approx(terms.bias_plus_noise.value + terms.sample.value + terms.seed.value)
    assert terms.seed.low < terms.seed.value < terms.seed.high


def test_noise_planted_in_one_label_alone_is_variance_of_a_third_of_it():
    """Two labels are said alike by all networks, the third by the toss of a coin: half its pairs disagree."""
    z = np.where(TARGET > 0, 4.0, -4.0) * np.ones((4, 2, 1, 1))
    z[..., 2] = DRAW.normal(size=z.shape[:3])
    terms = decompose(z, TARGET, FOLDS, loss="hamming", training_rows=120)
    assert terms.seed.low < 0.25 / 3 < terms.seed.high
    steady = decompose(np.where(TARGET > 0, 4.0, -4.0) * np.ones((4, 2, 1, 1)), TARGET, FOLDS, loss="hamming",
                       training_rows=120)  # fmt: skip
    assert steady.variance.value == pytest.approx(0.0)


def test_the_mean_prediction_is_that_of_the_probabilities():
    mean = mean_prediction(Z, "binary_cross_entropy")
    shares = (1 / (1 + np.exp(-Z))).mean(axis=1)
    assert 1 / (1 + np.exp(-mean)) == pytest.approx(shares)
    for loss in ("hamming", "binary_cross_entropy"):
        gain = ensemble_gain(Z, TARGET, FOLDS, loss=loss, training_rows=120)
        wanted = (row_losses(Z, TARGET, loss).mean(axis=1) - row_losses(mean, TARGET, loss)).mean()
        assert gain.value == pytest.approx(wanted)
        curve = size_curve(Z, TARGET, loss=loss)
        assert curve[0] == pytest.approx(row_losses(Z, TARGET, loss).mean())
        assert curve[-1] < curve[0]


def test_answers_are_yes_above_zero():
    assert answers_of(np.array([0.0, 1e-9, -1.0, np.inf])).tolist() == [0, 1, 0, -1]
