"""Weighted rows in the statistics: against scikit-learn, against rows repeated, and coverage of a known truth."""

import numpy as np
import pytest
from sklearn.metrics import (
    balanced_accuracy_score,
    brier_score_loss,
    f1_score,
    mean_absolute_error,
    mean_squared_error,
    r2_score,
    roc_auc_score,
)

from whyfit.study.statistics.by_class import class_scores
from whyfit.study.statistics.constant import constant_loss
from whyfit.study.statistics.decomposition import decompose
from whyfit.study.statistics.ensemble import ensemble_gain
from whyfit.study.statistics.ensemble_curve import size_curve
from whyfit.study.statistics.interval import gain_spread
from whyfit.study.statistics.losses import row_losses
from whyfit.study.statistics.metrics import METRICS, fold_values, metric_spread
from whyfit.study.statistics.refit import row_and_refit
from whyfit.study.statistics.weighted import effective_size, weighed, weighted_mean

DRAW = np.random.default_rng(11)
ROWS = 120
WEIGHTS = DRAW.choice([1.0, 2.0, 6.0], ROWS)
FOLDS = np.stack([DRAW.permutation(ROWS) % 5 for _ in range(4)])
CLASSES = DRAW.integers(0, 3, ROWS)
LOGITS = 1.5 * np.eye(3)[CLASSES] + DRAW.normal(size=(4, 2, ROWS, 3))
VALUES = DRAW.normal(size=(ROWS, 2))
OUTPUTS = VALUES + 0.7 * DRAW.normal(size=(4, 2, ROWS, 2))


def test_the_plain_mean_is_the_weighted_one_whatever_the_centre():
    losses = row_losses(LOGITS, CLASSES, "cross_entropy")
    wanted = np.average(losses.mean(axis=(0, 1)), weights=WEIGHTS)
    for centre in (None, 0.0, 3.0):
        assert weighed(losses, WEIGHTS, centre).mean() == pytest.approx(wanted, rel=1e-12)
    assert weighted_mean(losses, WEIGHTS) == pytest.approx(wanted, rel=1e-12)
    assert weighed(losses, None) is not None
    assert weighed(losses, np.full(ROWS, 3.0)) == pytest.approx(losses, rel=1e-12)


def test_what_diverged_stays_so_and_leaves_the_rest_alone():
    losses = np.array([[1.0, np.nan, 3.0]])
    z = weighed(losses, np.array([1.0, 5.0, 3.0]))
    assert np.isnan(z).tolist() == [[False, True, False]]
    assert weighted_mean(losses, np.array([1.0, 5.0, 3.0])) == pytest.approx(2.5)


def test_equal_rows_that_tell_as_much_are_fewer_than_the_rows():
    assert effective_size(np.full(9, 4.0), 9) == pytest.approx(9)
    assert effective_size(np.array([1.0] + [0.0] * 8), 9) == pytest.approx(1)


def rows_of(kind, draw, rows):
    """Weights, and losses (repeats, seeds, rows) whose mean depends on the weight; the truth is E[w·l]/E[w]."""
    weights = draw.choice([1.0, 4.0], rows)
    mean = np.where(weights == 1.0, 1.0, 0.5) if kind == "loss falls with weight" else np.full(rows, 0.8)
    own = mean + draw.exponential(0.3, rows) - 0.3
    return weights, own + 0.1 * draw.normal(size=(3, 1, rows))


@pytest.mark.parametrize(
    ("kind", "truth"), [("loss falls with weight", (1.0 + 4 * 0.5) / 5), ("loss has nothing to do with it", 0.8)]
)
def test_intervals_of_weighted_scores_cover_a_known_truth(kind, truth):
    """300 samples of 150 rows, held as any score is: at most 1.5 oracles wide. Without weights the first is missed."""
    draw, covered, missed, studies, values, widths = np.random.default_rng(3), 0, 0, 300, [], []
    for _ in range(studies):
        weights, losses = rows_of(kind, draw, 150)
        folds = np.stack([draw.permutation(150) % 5 for _ in range(3)])
        seen = row_and_refit(weighed(losses, weights), folds, training_rows=120).estimate()
        bare = row_and_refit(losses, folds, training_rows=120).estimate()
        covered += seen.low <= truth <= seen.high
        missed += not bare.low <= truth <= bare.high
        values.append(seen.value)
        widths.append((seen.high - seen.low) / 2)
    assert covered / studies >= 0.92
    assert np.mean(widths) <= 1.5 * 1.96 * np.std(values)
    assert (missed / studies > 0.9) == (kind == "loss falls with weight")


def test_intervals_of_weighted_gains_cover_a_known_truth():
    draw, covered, studies = np.random.default_rng(4), 0, 200
    for _ in range(studies):
        weights, plain = rows_of("loss falls with weight", draw, 150)
        gain = np.where(weights == 1.0, -0.1, 0.2)  # the remedy helps heavy rows and hurts light ones
        arm = plain - gain + 0.2 * draw.normal(size=plain.shape) + 0.2 * draw.normal(size=150)
        folds = np.stack([draw.permutation(150) % 5 for _ in range(3)])
        centre = weighted_mean(plain, weights)
        spread = gain_spread(
            weighed(plain, weights, centre), weighed(arm, weights, centre), folds, training_rows=120
        ).estimate()
        assert spread.value == pytest.approx(np.average((plain - arm).mean(axis=(0, 1)), weights=weights))
        covered += spread.low <= (4 * 0.2 - 0.1) / 5 <= spread.high
    assert covered / studies >= 0.91


def test_the_terms_of_the_error_are_those_of_the_rows_that_weigh():
    """Planted: seed noise of variance 1 on light rows and 0.25 on heavy ones; the identity holds with weights too."""
    draw = np.random.default_rng(5)
    weights, rows = np.repeat([1.0, 9.0], 300), 600
    folds = np.stack([draw.permutation(rows) % 5 for _ in range(4)])
    outputs = np.repeat([1.0, 0.5], 300)[:, None] * draw.normal(size=(4, 2, rows, 1))
    target = np.full((rows, 1), 0.5)
    terms = {
        name: decompose(outputs, target, folds, loss="squared_error", training_rows=480, weights=own)
        for name, own in (("weighted", weights), ("bare", None), ("equal", np.full(rows, 2.0)))
    }
    seen = terms["weighted"]
    assert seen.seed.low < (1 + 9 * 0.25) / 10 < seen.seed.high
    assert not terms["bare"].seed.low < (1 + 9 * 0.25) / 10 < terms["bare"].seed.high
    assert seen.error.value == pytest.approx(seen.bias_plus_noise.value + seen.variance.value)
    losses = row_losses(outputs, target, "squared_error").mean(axis=(0, 1))
    assert seen.error.value == pytest.approx(np.average(losses, weights=weights))
    assert terms["equal"].variance.low == pytest.approx(terms["bare"].variance.low)


@pytest.mark.parametrize("loss", ["zero_one", "cross_entropy"])
def test_every_loss_is_taken_apart_with_weights(loss):
    terms = decompose(LOGITS, CLASSES, FOLDS, loss=loss, training_rows=96, weights=WEIGHTS)
    wanted = np.average(row_losses(LOGITS, CLASSES, loss).mean(axis=(0, 1)), weights=WEIGHTS)
    assert terms.error.value == pytest.approx(wanted)
    assert terms.error.value == pytest.approx(terms.bias_plus_noise.value + terms.variance.value)
    assert terms.variance.low is not None


def shares(outputs):
    e = np.exp(outputs - outputs.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


THEIRS = {
    "auc": lambda o, t, w: np.mean([roc_auc_score(t == c, shares(o)[:, c], sample_weight=w) for c in range(3)]),
    "balanced_accuracy": lambda o, t, w: balanced_accuracy_score(t, o.argmax(axis=1), sample_weight=w),
    "f1": lambda o, t, w: f1_score(t, o.argmax(axis=1), average="macro", sample_weight=w),
    "rmse": lambda o, t, w: np.sqrt(mean_squared_error(t, o, sample_weight=w)),
    "r2": lambda o, t, w: r2_score(t, o, sample_weight=w),
}  # fmt: skip


@pytest.mark.parametrize("name", THEIRS)
@pytest.mark.parametrize("weights", [None, WEIGHTS], ids=["plain", "weighted"])
def test_metrics_of_a_fold_equal_scikit_learn_s(name, weights):
    metric = METRICS[name]
    outputs, target = (LOGITS, CLASSES) if metric.task == "classification" else (OUTPUTS, VALUES)
    ours = fold_values(metric, outputs, target, FOLDS, weights)
    for fold in range(5):
        rows = FOLDS[1] == fold
        own = None if weights is None else weights[rows]
        theirs = np.mean([THEIRS[name](seed[rows], target[rows], own) for seed in outputs[1]])
        assert ours[1, fold] == pytest.approx(theirs)


def test_metrics_of_rows_equal_scikit_learn_s():
    mae = metric_spread(METRICS["mae"], OUTPUTS, VALUES, FOLDS, training_rows=96, weights=WEIGHTS)
    every = OUTPUTS.reshape(-1, ROWS, 2)
    theirs = np.mean([mean_absolute_error(VALUES, one, sample_weight=WEIGHTS) for one in every])
    assert mae.value == pytest.approx(theirs)
    brier = metric_spread(METRICS["brier"], LOGITS, CLASSES, FOLDS, training_rows=96, weights=WEIGHTS)
    theirs = np.mean(
        [
            sum(brier_score_loss(c == CLASSES, shares(one)[:, c], sample_weight=WEIGHTS) for c in range(3))
            for one in LOGITS.reshape(-1, ROWS, 3)
        ]
    )
    assert brier.value == pytest.approx(theirs)


def test_calibration_by_weights_is_that_of_equal_rows_where_they_are_equal_and_sees_heavy_rows():
    """Planted: light rows are sure and wrong, heavy rows sure and right."""
    draw = np.random.default_rng(6)
    target, heavy = draw.integers(0, 2, 400), np.arange(400) % 2 == 0
    outputs = np.where(heavy[:, None], 6.0, -6.0) * np.eye(2)[target] + 0.01 * draw.normal(size=(400, 2))
    of = METRICS["calibration"].of
    assert of(outputs, target, np.full(400, 5.0)) == pytest.approx(of(outputs, target))
    assert of(outputs, target, np.where(heavy, 1.0, 1e-6)) < 0.02 < of(outputs, target)


def test_classes_have_their_weighted_error():
    losses = row_losses(LOGITS, CLASSES, "zero_one")
    scores = class_scores(losses, CLASSES, FOLDS, training_rows=96, weights=WEIGHTS)
    for score in scores:
        its = score.code == CLASSES
        wanted = np.average(losses[..., its].mean(axis=(0, 1)), weights=WEIGHTS[its])
        assert score.error.value == pytest.approx(wanted)
        assert score.error.low < wanted < score.error.high


def test_the_best_constant_and_ensembles_go_by_weights():
    shares_of = np.bincount(CLASSES, weights=WEIGHTS) / WEIGHTS.sum()
    assert constant_loss(CLASSES, "zero_one", WEIGHTS) == pytest.approx(1 - shares_of.max())
    assert constant_loss(CLASSES, "cross_entropy", WEIGHTS) == pytest.approx(-(shares_of * np.log(shares_of)).sum())
    mean = np.average(VALUES, axis=0, weights=WEIGHTS)
    wanted = np.average((VALUES - mean) ** 2, axis=0, weights=WEIGHTS).mean()
    assert constant_loss(VALUES, "squared_error", WEIGHTS) == pytest.approx(wanted)
    gain = ensemble_gain(OUTPUTS, VALUES, FOLDS, loss="squared_error", training_rows=96, weights=WEIGHTS)
    one, both = (row_losses(o, VALUES, "squared_error") for o in (OUTPUTS, OUTPUTS.mean(axis=1)))
    wanted = np.average((one.mean(axis=1) - both).mean(axis=0), weights=WEIGHTS)
    assert gain.value == pytest.approx(wanted)
    curve = size_curve(OUTPUTS, VALUES, loss="squared_error", weights=WEIGHTS)
    assert curve[0] == pytest.approx(np.average(one.mean(axis=(0, 1)), weights=WEIGHTS))
