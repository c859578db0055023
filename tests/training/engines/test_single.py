"""The `single` engine beyond the contract: against the kernel, users' networks, threads, processes, and no traces."""

from dataclasses import replace
from functools import partial

import numpy as np
import pytest
import torch

from training import networks
from training.members import (
    ALL,
    classes_table,
    context_of,
    images,
    labels_table,
    member,
    numbers_table,
    shard_of,
    split_of,
    train,
    weighted,
)
from whyfit.evidence.member import Collect
from whyfit.evidence.network import NetworkInProcess, Perceptron
from whyfit.evidence.recipe import Recipe
from whyfit.evidence.vitals import LAYER_NUMBERS
from whyfit.nets.reference import network_file
from whyfit.nets.registry import register
from whyfit.rules.augmentations import augmentations
from whyfit.study.runner import train_shard
from whyfit.study.workers import make_executor
from whyfit.training.contract import CancelFlag, Context
from whyfit.training.engines.kernel import KernelEngine
from whyfit.training.engines.single import SingleEngine
from whyfit.training.torch_parts.build import build_network
from whyfit.training.torch_parts.rows import Rows
from whyfit.training.torch_parts.weights import load_weights

DATA, NUMBERS, LABELS, IMAGES = classes_table(), numbers_table(), labels_table(), images(rows=90)
SMALL = Recipe(network=Perceptron((16, 8)), epochs=3, patience=None, learning_rate=1e-2)
USERS = {"dense": (networks.dense, DATA), "convolution": (networks.convolutional, IMAGES)}

GRID = {
    "plain": {},
    "tanh": {"activation": "tanh"},
    "maxout": {"activation": "maxout"},
    "prelu": {"activation": "prelu"},
    "dropout": {"dropout": 0.3},
    "norm before": {"batch_norm": "before", "optimizer": "momentum"},
    "norm after": {"batch_norm": "after", "dropout": 0.2},
    "last batch of one row": {"batch_norm": "after", "batch_size": 13},
    "smoothing and class weights": {"label_smoothing": 0.1, "class_weights": "balanced"},
    "penalties and clipping": {"l1": 1e-3, "l2": 1e-3, "clip_norm": 0.5, "clip_value": 0.1},
    "adamw, cosine, warm-up": {"optimizer": "adamw", "schedule": "cosine", "warmup": 0.2},
    "nadam, step": {"optimizer": "nadam", "schedule": "step"},
    "full batch": {"batch_size": None},
    "binary cross-entropy": {"loss": "binary_cross_entropy"},
    "orthogonal": {"initializer": "orthogonal"},
}


@pytest.mark.parametrize("changes", GRID.values(), ids=GRID)
def test_a_perceptron_is_what_the_kernel_makes_of_it(changes):
    """Two engines that share nothing but streams and semantics: torch's loop and hand-written passes."""
    one = member(SMALL, collect=ALL, **changes)
    if reason := KernelEngine().fits(one).reason:
        pytest.fail(f"the kernel no longer trains this: {reason}")
    (kernel,), (single,) = train(KernelEngine(), DATA, one), train(SingleEngine(), DATA, one)
    assert single.curves.train_loss == pytest.approx(kernel.curves.train_loss, rel=1e-5, abs=1e-6)
    assert single.curves.stop_loss == pytest.approx(kernel.curves.stop_loss, rel=1e-4, abs=1e-5)
    assert single.predictions == pytest.approx(kernel.predictions, rel=1e-3, abs=1e-4)
    assert (single.best_epoch, single.steps) == (kernel.best_epoch, kernel.steps)
    for mine, theirs in zip(single.vitals, kernel.vitals, strict=True):
        for layer, same in zip(mine.layers, theirs.layers, strict=True):
            assert (layer.name, layer.kind, layer.activation, layer.units) == (
                same.name, same.kind, same.activation, same.units,
            )  # fmt: skip
            ours, others = ([getattr(v, name) for name in LAYER_NUMBERS] for v in (layer, same))
            assert ours == pytest.approx(others, rel=2e-3, abs=2e-3, nan_ok=True)


@pytest.mark.parametrize("name", augmentations)
def test_an_augmented_perceptron_is_what_the_kernel_makes_of_it(name):
    """`grid_sample` and its kin on one side, compiled loops on the other, from the same draws."""
    entry = augmentations[name]
    data = DATA if entry.fits == "tables" else IMAGES
    one = member(SMALL, rows=data.rows, augmentation=name, augmentation_strength=entry.strengths[-1])
    (kernel,), (single,) = train(KernelEngine(), data, one), train(SingleEngine(), data, one)
    assert single.curves.train_loss == pytest.approx(kernel.curves.train_loss, rel=1e-4, abs=1e-5)
    assert single.curves.train_error == pytest.approx(kernel.curves.train_error, abs=2 / data.rows)
    assert single.curves.stop_loss == pytest.approx(kernel.curves.stop_loss, rel=1e-3, abs=1e-4)
    assert single.predictions == pytest.approx(kernel.predictions, rel=1e-3, abs=1e-3)


@pytest.mark.parametrize("loss", ["squared_error", "absolute_error", "huber"])
def test_mixed_numbers_train_alike_in_both(loss):
    one = member(SMALL, loss=loss, augmentation="mixup", augmentation_strength=1.0)
    (kernel,), (single,) = train(KernelEngine(), NUMBERS, one), train(SingleEngine(), NUMBERS, one)
    assert single.curves.train_loss == pytest.approx(kernel.curves.train_loss, rel=1e-4)
    assert single.curves.train_error == pytest.approx(kernel.curves.train_error, rel=1e-3)
    assert single.predictions == pytest.approx(kernel.predictions, rel=1e-3)


WEIGHTED = {
    "classes": (weighted(DATA), {"class_weights": "balanced", "batch_size": 13}),
    "classes, batches of one row": (weighted(DATA), {"batch_size": 1, "learning_rate": 1e-3}),
    "numbers": (weighted(NUMBERS), {"loss": "squared_error"}),
    "labels": (LABELS, {"loss": "binary_cross_entropy"}),
    "weighted labels": (weighted(LABELS), {"loss": "binary_cross_entropy", "dropout": 0.2}),
    "mixed classes": (weighted(DATA), {"augmentation": "mixup", "augmentation_strength": 1.0}),
    "mixed numbers": (
        weighted(NUMBERS),
        {"loss": "squared_error", "augmentation": "mixup", "augmentation_strength": 1.0},
    ),
}


@pytest.mark.parametrize(("data", "changes"), WEIGHTED.values(), ids=WEIGHTED)
def test_weighted_rows_and_several_labels_train_alike_in_both(data, changes):
    one = member(SMALL, collect=ALL, **changes)
    (kernel,), (single,) = train(KernelEngine(), data, one), train(SingleEngine(), data, one)
    for name in ("train_loss", "stop_loss", "train_error", "stop_error"):
        ours, theirs = getattr(single.curves, name), getattr(kernel.curves, name)
        assert ours == pytest.approx(theirs, rel=1e-3, abs=1e-4), name
    for name in ("train_loss", "train_error", "score_loss", "score_error", "first_loss"):
        assert getattr(single.final, name) == pytest.approx(getattr(kernel.final, name), rel=1e-3, abs=1e-5), name
    assert single.predictions == pytest.approx(kernel.predictions, rel=1e-3, abs=1e-3)
    for mine, theirs in zip(single.vitals, kernel.vitals, strict=True):
        for layer, same in zip(mine.layers, theirs.layers, strict=True):
            assert layer.gradient_norm == pytest.approx(same.gradient_norm, rel=2e-3)


def test_a_regression_is_what_the_kernel_makes_of_it():
    one = member(SMALL, loss="squared_error")
    (kernel,), (single,) = train(KernelEngine(), NUMBERS, one), train(SingleEngine(), NUMBERS, one)
    assert single.final.score_error == pytest.approx(kernel.final.score_error, rel=1e-4)
    assert single.predictions == pytest.approx(kernel.predictions, rel=1e-4)


def users(make, data, **changes):
    recipe = Recipe.for_data(data.task, register(make), epochs=3, patience=None, learning_rate=5e-3)
    return member(recipe, rows=data.rows, **changes)


@pytest.mark.parametrize(("make", "data"), USERS.values(), ids=USERS)
def test_kept_weights_give_the_predictions_again(make, data):
    """Running statistics of batch norm belong to the weights: without them the outputs would be others."""
    one = users(make, data, collect=Collect(weights=True), epochs=60, patience=2, learning_rate=0.05)
    (outcome,) = train(SingleEngine(), data, one)
    assert outcome.best_epoch < outcome.stopped_epoch
    network = build_network(one, data)
    load_weights(network.module, outcome.weights)
    network.module.eval()
    with torch.no_grad():
        again = network(Rows.of(data, one.split.train).features(torch.from_numpy(one.split.score.copy())))
    assert again.numpy() == pytest.approx(outcome.predictions, abs=1e-6)


def test_a_network_that_raises_is_an_outcome_with_its_step():
    (outcome, healthy) = train(SingleEngine(), DATA, users(networks.RaisesLater, DATA), users(networks.dense, DATA))
    assert outcome.status == "failed"
    assert outcome.reason == "network_raised:epoch=3:step=1:RuntimeError: out of patience"
    assert outcome.curves.train_loss.size == 2
    assert (outcome.predictions, healthy.status) == (None, "done")


def test_a_network_that_cannot_be_made_is_an_outcome():
    def make():
        raise ValueError("no such size")

    (outcome,) = train(SingleEngine(), DATA, users(make, DATA))
    assert outcome.status == "failed"
    assert outcome.reason.startswith("network_raised:start:NetworkError")
    assert "no such size" in outcome.reason


def test_dropout_that_stays_on_in_evaluation_is_still_decided_by_the_member_alone():
    one = users(networks.AlwaysDrops, DATA)
    (first,), (second,) = train(SingleEngine(), DATA, one), train(SingleEngine(), DATA, one)
    assert first.predictions.tobytes() == second.predictions.tobytes()


@pytest.mark.parametrize("make", [networks.dense, networks.DrawsInForward, networks.Transformer])
def test_training_leaves_the_user_s_random_state_and_threads_alone(make):
    torch.manual_seed(5)
    before, threads = torch.get_rng_state(), torch.get_num_threads()
    train(SingleEngine(), DATA, users(make, DATA))
    assert torch.equal(before, torch.get_rng_state())
    assert torch.get_num_threads() == threads


@pytest.mark.parametrize("make", [networks.dense, networks.DrawsInForward])
def test_members_in_threads_do_not_draw_from_each_other(make):
    members = [users(make, DATA, seed=seed) for seed in range(4)]
    alone = [train(SingleEngine(), DATA, one)[0] for one in members]
    with make_executor(threads=True, workers=4) as pool:
        together = list(pool.map(lambda one: train(SingleEngine(), DATA, one)[0], members))
    for one, other in zip(alone, together, strict=True):
        assert one.predictions.tobytes() == other.predictions.tobytes()


def test_a_network_file_travels_to_other_processes(tmp_path):
    """Members travel as a path and a digest; the same bits come back from another process."""
    path = tmp_path / "net.py"
    path.write_text(
        "import torch\n"
        "def make(inputs, outputs):\n"
        "    return torch.nn.Sequential(torch.nn.Linear(inputs, 8), torch.nn.ReLU(), torch.nn.Linear(8, outputs))\n"
    )
    recipe = Recipe.for_data("classification", network_file(f"{path}:make"), epochs=2, patience=None)
    shard = shard_of(DATA, member(recipe, seed=1))
    (here,) = train(SingleEngine(), DATA, *shard.members)
    executor = make_executor(threads=False, workers=1)
    with CancelFlag.create() as flag:
        context = Context(partial(classes_table), flag)
        (there,) = executor.submit(train_shard, SingleEngine(), shard, context).result()
    executor.shutdown()
    assert there.predictions.tobytes() == here.predictions.tobytes()
    assert there.platform == here.platform


def test_a_function_of_another_process_is_refused():
    verdict = SingleEngine().fits(member(SMALL, network=NetworkInProcess("make#0")))
    assert verdict.reason == "network_of_another_process"


@pytest.mark.parametrize(
    ("changes", "activation"), [({"activation": "elu"}, "elu"), ({"activation": "maxout"}, "maxout")], ids=str
)
def test_a_recipe_swaps_what_it_asks_for_in_a_user_s_network(changes, activation):
    plain, swapped = users(networks.dense, DATA, collect=ALL), users(networks.dense, DATA, collect=ALL, **changes)
    before, after = train(SingleEngine(), DATA, plain, swapped)
    assert [layer.activation for layer in before.vitals[0].layers] == ["relu", "tanh", "identity"]
    assert [layer.activation for layer in after.vitals[0].layers] == [activation, activation, "identity"]


def test_a_user_s_copy_of_the_default_network_starts_and_trains_like_it():
    def copy(inputs, outputs):
        nn = torch.nn
        return nn.Sequential(nn.Linear(inputs, 16), nn.ReLU(), nn.Linear(16, 8), nn.ReLU(), nn.Linear(8, outputs))

    recipe = SMALL.but(network=register(copy), activation="own", batch_norm="own", dropout="own")
    (ours,), (theirs,) = train(SingleEngine(), DATA, member(SMALL)), train(SingleEngine(), DATA, member(recipe))
    assert theirs.predictions.tobytes() == ours.predictions.tobytes()


def test_a_change_that_reaches_nothing_is_said():
    (outcome,) = train(SingleEngine(), DATA, users(networks.AlwaysDrops, DATA, activation="elu"))
    assert outcome.status == "failed"
    assert "nothing in it could be changed by `activation`" in outcome.reason


def test_lsuv_starts_the_default_network_by_its_training_rows():
    one = member(SMALL, initializer="lsuv", collect=ALL)
    (outcome,) = train(SingleEngine(), DATA, one)
    assert [layer.pre_std for layer in outcome.vitals[0].layers] == pytest.approx([1.0] * 3, abs=0.1)


def test_missing_values_reach_the_network_as_zeros():
    values = DATA.numeric.copy()
    values[::3, 0] = np.nan
    holed = replace(DATA, numeric=values)
    rows = Rows.of(holed, split_of().train).features(torch.arange(6))
    assert rows[[0, 3], 0].tolist() == [0.0, 0.0]
    assert train(SingleEngine(), holed, member(SMALL))[0].status == "done"


def test_a_long_evaluation_is_cancelled_between_two_chunks():
    """The flag is set before the first pass over the training rows."""
    with context_of(DATA) as context:
        one = shard_of(DATA, member(SMALL))
        engine = SingleEngine()
        outcomes = []
        original = context.cancel.is_set
        calls = iter([False])
        context.cancel.is_set = lambda: next(calls, True)  # not set when the member is begun, set ever after
        outcomes = list(engine.train(one, context))
        context.cancel.is_set = original
    assert [outcome.status for outcome in outcomes] == ["cancelled"]
    assert outcomes[0].steps == 0
