"""A cohort gives what its members give alone: same streams, same steps, within float tolerance."""

from dataclasses import replace

import numpy as np
import pytest
from torch import nn

from training import networks
from training.members import ALL, classes_table, images, labels_table, member, numbers_table, train, weighted
from whyfit.evidence.member import Collect
from whyfit.evidence.network import Perceptron
from whyfit.evidence.recipe import Recipe
from whyfit.nets.registry import register
from whyfit.training.engines.single import SingleEngine
from whyfit.training.engines.stacked import StackedEngine

DATA, NUMBERS, IMAGES = classes_table(), numbers_table(), images(rows=90)
SMALL = Recipe(network=Perceptron((12, 8)), epochs=3, patience=None, learning_rate=1e-2)
WEIGHTS = Collect(weights=True)


def equal(stacked, alone, tolerance=2e-4):
    assert (stacked.status, stacked.reason) == (alone.status, alone.reason)
    assert (stacked.best_epoch, stacked.stopped_epoch, stacked.steps) == (
        alone.best_epoch, alone.stopped_epoch, alone.steps,
    )  # fmt: skip
    for name in ("train_loss", "stop_loss"):
        one, other = getattr(stacked.curves, name), getattr(alone.curves, name)
        assert one == pytest.approx(other, rel=tolerance, abs=tolerance, nan_ok=True), name
    # A last digit can move one row over the boundary between two classes.
    assert stacked.curves.train_error == pytest.approx(alone.curves.train_error, rel=tolerance, abs=2 / 90)
    scale = max(1.0, float(np.abs(alone.predictions).max()))
    assert stacked.predictions == pytest.approx(alone.predictions, abs=tolerance * scale)
    assert stacked.final.first_loss == pytest.approx(alone.final.first_loss, rel=1e-5)


def both(data, *members):
    stacked = train(StackedEngine(), data, *members)
    assert {outcome.engine for outcome in stacked} == {"stacked"}, [outcome.why_engine for outcome in stacked]
    return zip(stacked, train(SingleEngine(), data, *members), strict=True)


def users(make, data=DATA, **changes):
    """Three members of a user's network."""
    rows = data.rows
    recipe = Recipe.for_data(data.task, register(make), epochs=3, patience=None, learning_rate=5e-3)
    if data is IMAGES:
        # A bias in front of a batch norm gets a gradient of pure rounding error, which Adam makes as large as any.
        recipe = recipe.but(optimizer="momentum")
    return [member(recipe, rows=rows, seed=seed, **changes) for seed in (1, 2, 3)]


OPTIMIZERS = (
    "sgd", "momentum", "nesterov", "adagrad", "adadelta", "rmsprop", "adam", "adam_l2", "adamw", "nadam", "radam",
    "adamax", "asgd", "rprop", "amsgrad",
)  # fmt: skip


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_every_rule_of_torch_works_on_views_of_the_stack(optimizer):
    """Two rates are two groups: views of one stack, each with its own rate."""
    recipe = SMALL.but(optimizer=optimizer, epochs=2)
    members = [member(recipe, seed=seed, learning_rate=rate) for seed, rate in ((1, 1e-2), (2, 1e-3), (3, 1e-2))]
    for stacked, alone in both(DATA, *members):
        equal(stacked, alone)


CHANGES = {
    "dropout": {"dropout": 0.4},
    "batch norm before": {"batch_norm": "before", "optimizer": "sgd"},
    "batch norm after": {"batch_norm": "after"},
    "maxout": {"activation": "maxout"},
    "prelu": {"activation": "prelu"},
    "last batch of one row": {"batch_size": 13, "batch_norm": "after"},
    "full batch": {"batch_size": None},
    "one sample": {"batch_size": 1, "epochs": 1},
    "binary cross-entropy": {"loss": "binary_cross_entropy"},
    "squared error of shares": {"loss": "squared_error"},
}


@pytest.mark.parametrize("changes", CHANGES.values(), ids=CHANGES)
def test_what_all_members_share(changes):
    for stacked, alone in both(DATA, *(member(SMALL, seed=seed, **changes) for seed in (1, 2, 3))):
        equal(stacked, alone)


def test_what_members_have_each_of_their_own():
    """One cohort: rate, decay, penalties, clipping, smoothing, class weights, schedule, start, patience, epochs."""
    each = [
        {},
        {"learning_rate": 3e-3, "schedule": "cosine", "warmup": 0.2},
        {"l1": 1e-3},
        {"l2": 1e-2, "clip_norm": 0.3},
        {"weight_decay": 0.1, "schedule": "step"},
        {"clip_value": 0.01},
        {"label_smoothing": 0.2},
        {"class_weights": "balanced"},
        {"settings": {"beta1": 0.5}},
        {"initializer": "orthogonal"},
        {"epochs": 1},
        {"epochs": 9, "patience": 1, "learning_rate": 0.05},
    ]
    members = [member(SMALL, seed=seed, **changes) for seed, changes in enumerate(each)]
    for stacked, alone in both(DATA, *members):
        equal(stacked, alone)


def test_eight_rates_by_eight_dropout_rates_equal_the_same_64_alone():
    rates, drops = np.geomspace(1e-4, 3e-2, 8), np.linspace(0.05, 0.75, 8)
    grid = [
        member(SMALL, seed=8 * i + j, learning_rate=float(rate), dropout=float(drop))
        for i, rate in enumerate(rates)
        for j, drop in enumerate(drops)
    ]
    for stacked, alone in both(DATA, *grid):
        equal(stacked, alone)


def test_members_stop_each_at_their_own_epoch():
    """The cohort closes up behind those who are done, and what the optimiser remembers goes along."""
    recipe = SMALL.but(epochs=40, patience=2, learning_rate=0.03)
    pairs = list(both(DATA, *(member(recipe, seed=seed) for seed in range(6))))
    assert len({stacked.stopped_epoch for stacked, _ in pairs}) > 2
    for stacked, alone in pairs:
        equal(stacked, alone, tolerance=2e-3)


def test_splits_of_unequal_stop_and_score_parts_are_filled_up_and_not_counted():
    one, other = member(SMALL, seed=1), member(SMALL, seed=2)
    split = other.split
    other = replace(
        other, split=type(split)(split.train, split.stop[:17], np.concatenate([split.score, split.stop[17:]]))
    )
    for stacked, alone in both(DATA, one, other):
        equal(stacked, alone)


def test_without_stop_rows():
    one = member(SMALL)
    bare = replace(one, split=type(one.split)(one.split.train, one.split.stop[:0], one.split.score))
    for stacked, alone in both(DATA, bare):
        equal(stacked, alone)


@pytest.mark.parametrize("loss", ["squared_error", "absolute_error", "huber"])
def test_regression_in_each_member_s_own_units(loss):
    for stacked, alone in both(NUMBERS, *(member(SMALL, seed=seed, loss=loss) for seed in (1, 2))):
        equal(stacked, alone)


@pytest.mark.parametrize("name", ["classes", "numbers", "labels"])
@pytest.mark.parametrize("changes", [{}, {"augmentation": "mixup", "augmentation_strength": 1.0, "batch_size": 13}])
def test_weighted_rows_count_in_a_cohort_as_alone(name, changes):
    data = {"classes": DATA, "numbers": NUMBERS, "labels": labels_table()}[name]
    recipe = Recipe.for_data(data.task, SMALL.network, epochs=3, patience=None, learning_rate=1e-2, **changes)
    for stacked, alone in both(weighted(data), *(member(recipe, seed=seed) for seed in (1, 2))):
        equal(stacked, alone)
        for part in ("train_error", "stop_error", "score_error"):
            assert getattr(stacked.final, part) == pytest.approx(getattr(alone.final, part), rel=2e-4, abs=1e-4)


def test_a_member_that_diverges_leaves_the_others_as_they_are():
    members = [member(SMALL, seed=1, optimizer="sgd"), member(SMALL, seed=2, optimizer="sgd", learning_rate=1e30)]
    pairs = list(both(DATA, *members))
    equal(*pairs[0])
    stacked, alone = pairs[1]
    assert stacked.status == alone.status == "diverged"
    assert stacked.reason.startswith("not_finite:")


IMAGE_CHANGES = (
    ("affine", 0.1), ("affine", 0.3), ("none", 0.0), ("rotate", 0.2), ("cutout", 0.5), ("noise", 0.3), ("flip", 0.5),
    ("mixup", 1.0),
)  # fmt: skip
TABLE_CHANGES = (("none", 0.0), ("noise", 0.1), ("noise", 0.5), ("mixup", 0.2), ("mixup", 1.0), ("column_swap", 0.15))


def augmented(recipe, changes, rows=90):
    """A member for each, all in one cohort."""
    return [
        member(recipe, rows=rows, seed=seed, augmentation=name, augmentation_strength=strength)
        for seed, (name, strength) in enumerate(changes)
    ]


@pytest.mark.parametrize("changes", [{}, {"class_weights": "balanced", "label_smoothing": 0.1, "batch_size": 13}])
def test_each_member_has_its_own_augmentation_of_images(changes):
    for stacked, alone in both(IMAGES, *augmented(SMALL.but(**changes), IMAGE_CHANGES)):
        equal(stacked, alone)


@pytest.mark.parametrize("loss", ["cross_entropy", "binary_cross_entropy", "squared_error"])
def test_each_member_has_its_own_augmentation_of_a_table(loss):
    for stacked, alone in both(DATA, *augmented(SMALL.but(loss=loss), TABLE_CHANGES, DATA.rows)):
        equal(stacked, alone)


@pytest.mark.parametrize("loss", ["squared_error", "absolute_error", "huber"])
def test_mixed_numbers_and_plain_ones_in_one_cohort(loss):
    for stacked, alone in both(NUMBERS, *augmented(SMALL.but(loss=loss), TABLE_CHANGES, NUMBERS.rows)):
        equal(stacked, alone)


def test_augmentation_goes_with_its_member_when_others_leave():
    recipe = SMALL.but(epochs=25, patience=2, learning_rate=0.03)
    pairs = list(both(IMAGES, *augmented(recipe, IMAGE_CHANGES)))
    assert len({stacked.stopped_epoch for stacked, _ in pairs}) > 1
    for stacked, alone in pairs:
        equal(stacked, alone, tolerance=2e-3)


def test_augmented_images_in_a_convolution():
    members = users(networks.convolutional, IMAGES)
    kinds = IMAGE_CHANGES[:3]
    members = [
        replace(m, recipe=m.recipe.but(augmentation=name, augmentation_strength=strength))
        for m, (name, strength) in zip(members, kinds, strict=True)
    ]
    for stacked, alone in both(IMAGES, *members):
        equal(stacked, alone, tolerance=1e-3)


USERS = {
    "dense with dropout": (networks.dense, DATA),
    "convolution, batch norm, dropped channels": (networks.convolutional, IMAGES),
    "LSTM with dropout inside": (networks.Recurrent, DATA),
    "GRU both ways": (lambda: networks.Recurrent(nn.GRU, both_ways=True), DATA),
    "RNN": (lambda: networks.Recurrent(nn.RNN, nonlinearity="relu"), DATA),
    "LSTM without biases": (lambda: networks.Recurrent(nn.LSTM, bias=False), DATA),
    "transformer": (networks.Transformer, DATA),
    "embedding": (networks.Embedded, DATA),
    "tied weights": (networks.Tied, DATA),
    "functions, a frozen layer, alpha dropout": (networks.Functional, DATA),
}  # fmt: skip


@pytest.mark.parametrize(("make", "data"), USERS.values(), ids=USERS)
def test_users_modules_unchanged(make, data):
    for stacked, alone in both(data, *users(make, data, collect=WEIGHTS)):
        equal(stacked, alone, tolerance=1e-3)


def test_users_modules_at_several_dropout_rates():
    changes = [{"dropout": rate} for rate in (0.1, 0.4, 0.7)]
    members = [replace(m, recipe=m.recipe.but(**c)) for m, c in zip(users(networks.Transformer), changes, strict=True)]
    for stacked, alone in both(DATA, *members):
        equal(stacked, alone, tolerance=1e-3)


def test_a_class_stated_inside_the_function_is_stacked():
    """Each call makes a class of its own; `torch.func.stack_module_state` would refuse them."""
    for stacked, alone in both(DATA, *users(networks.stated_inside)):
        equal(stacked, alone)


def test_vitals_are_those_of_the_member_alone():
    members = [member(SMALL, seed=seed, dropout=0.2, collect=ALL) for seed in (1, 2)]
    for stacked, alone in both(DATA, *members):
        for one, other in zip(stacked.vitals, alone.vitals, strict=True):
            assert (one.epoch, one.step) == (other.epoch, other.step)
            for layer, same in zip(one.layers, other.layers, strict=True):
                assert (layer.name, layer.activation, layer.units) == (same.name, same.activation, same.units)
                assert layer.pre_std == pytest.approx(same.pre_std, rel=1e-3)
                assert layer.gradient_norm == pytest.approx(same.gradient_norm, rel=1e-2)
                assert layer.update_ratio == pytest.approx(same.update_ratio, rel=1e-2, nan_ok=True)


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (networks.DrawsInForward, "not_stackable:draws_from_torch"),
        (networks.AlwaysDrops, "not_stackable:draws_in_evaluation"),
    ],
)
def test_what_cannot_be_stacked_is_trained_alone_and_says_so(make, why):
    members = users(make)
    outcomes = train(StackedEngine(), DATA, *members)
    assert {(outcome.engine, outcome.why_engine, outcome.status) for outcome in outcomes} == {("single", why, "done")}
    for outcome, alone in zip(outcomes, train(SingleEngine(), DATA, *members), strict=True):
        assert outcome.predictions.tobytes() == alone.predictions.tobytes()


def test_a_network_that_raises_late_is_found_out_alone():
    outcomes = train(StackedEngine(), DATA, *users(networks.RaisesLater))
    assert {outcome.status for outcome in outcomes} == {"failed"}
    assert all(outcome.reason.endswith("RuntimeError: out of patience") for outcome in outcomes)
