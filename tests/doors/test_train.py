"""A population of recipes, trained from Python."""

import pickle
from functools import partial

import numpy as np
import pytest
import torch
from torch import nn

import whyfit
from doors.leaving import predicted_without_whyfit
from study.fakes import table
from whyfit.data.encode import features_of, fit_scaling
from whyfit.doors.train_arguments import within_budget
from whyfit.errors import ArgumentError, NetworkError, RecipeError
from whyfit.evidence.member import Collect
from whyfit.evidence.split import Split
from whyfit.nets.registry import register
from whyfit.training.torch_parts.weights import load_weights

QUICK = whyfit.Recipe(epochs=2, patience=None)


@pytest.fixture(scope="module")
def data():
    return table(rows=80, classes=2)


def test_every_recipe_split_and_seed_is_trained_recipes_outermost(data):
    splits = whyfit.splits.kfold(data, 4)
    outcomes = whyfit.train([QUICK, QUICK.but(dropout=0.5)], data, splits, seeds=[0, 1])
    assert len(outcomes) == 2 * 4 * 2
    assert [outcome.rows.tolist() for outcome in outcomes[:8:2]] == [split.score.tolist() for split in splits]
    assert {outcome.engine for outcome in outcomes} == {"kernel"}
    assert all(outcome.why_engine for outcome in outcomes)


def test_the_same_members_give_the_same_bits_whatever_their_company(data):
    (alone,) = whyfit.train(QUICK, data, seeds=5)
    together = whyfit.train([QUICK.but(learning_rate=0.01), QUICK], data, seeds=[4, 5], workers=1)
    np.testing.assert_array_equal(together[3].predictions, alone.predictions)
    assert together[3].key == alone.key


@pytest.mark.parametrize("workers", [2, 4])
def test_the_bits_do_not_depend_on_workers_or_order(data, workers):
    recipes = [QUICK, QUICK.but(dropout=0.3), QUICK.but(batch_norm="before", optimizer="adamw")]
    alone = whyfit.train(recipes, data, seeds=[0, 1], workers=1)
    many = whyfit.train(recipes[::-1], data, seeds=[1, 0], workers=workers)
    bits = [
        {one.key: (one.predictions.tobytes(), one.curves.train_loss.tobytes()) for one in outcomes}
        for outcomes in (alone, many)
    ]
    assert len(bits[0]) == 6
    assert bits[0] == bits[1]


def test_what_is_collected_is_kept(data):
    (outcome,) = whyfit.train(QUICK, data, collect=Collect(vitals=2, weights=True))
    assert outcome.vitals
    assert outcome.weights


def test_all_problems_of_all_recipes_are_said_before_anything_is_trained(data):
    wrong = [QUICK.but(learning_rate=-1.0), QUICK.but(optimizer="adamm", loss="hubber")]
    with pytest.raises(RecipeError) as caught:
        whyfit.train([QUICK, *wrong], data)
    said = str(caught.value)
    assert "recipe 1: `learning_rate`" in said
    assert "recipe 2: `optimizer`" in said
    assert "recipe 2: `loss`" in said
    assert "Nothing was trained." in said


def test_a_rate_that_diverges_is_an_outcome_not_an_error(data):
    (outcome,) = whyfit.train(QUICK.but(optimizer="sgd", learning_rate=1e30), data)
    assert outcome.status == "diverged"
    assert outcome.reason.startswith("not_finite:")


@pytest.mark.parametrize("rows", [[60, 80], [-1, 60], [10**9, 60]])
def test_rows_that_do_not_exist_are_refused_before_anything_reads_them(data, rows):
    split = Split(train=np.arange(50), stop=np.arange(50, 60), score=np.array(rows))
    with pytest.raises(ArgumentError, match=r"name rows from 0 to 79"):
        whyfit.train(QUICK, data, split)


def test_no_workers_is_refused_instead_of_waiting_for_them(data):
    with pytest.raises(ArgumentError, match="`workers` must be a whole number of at least 1, got -1"):
        whyfit.train(QUICK, data, workers=-1)


def small(inputs, outputs):
    return nn.Sequential(nn.Linear(inputs, 8), nn.ReLU(), nn.Linear(8, outputs))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"recipes": {"epochs": 2}}, r"`recipes` must be recipes, got \{'epochs': 2\}\. Write `whyfit\.Recipe"),
        ({"splits": [([0], [1], [2])]}, r"`splits` must be splits, got \(\[0\]"),
        ({"seeds": [1.5]}, r"`seeds` must be whole numbers, got 1\.5"),
        ({"seeds": "0"}, "`seeds` must be whole numbers, got '0'"),
        ({"seeds": True}, "`seeds` must be whole numbers, got True"),
        ({"seeds": None}, "`seeds` must be whole numbers, got None"),
        ({"seeds": -1}, "`seeds` must each be a whole number of at least 0 and under 9.22337e.18, got -1"),
        ({"seeds": []}, "`seeds` must have at least one, got none"),
        ({"recipes": []}, "`recipes` must have at least one, got none"),
        ({"recipes": 3}, "`recipes` must be recipes, got 3"),
        ({"splits": []}, "`splits` must have at least one, got none"),
        ({"splits": 3}, "`splits` must be splits, got 3"),
        ({"collect": True}, r"`collect` must be a Collect, such as `whyfit.Collect\(weights=True\)`, got True"),
        ({"collect": Collect(vitals=-1)}, "`vitals` of `collect` must be a whole number of at least 0, got -1"),
        ({"collect": Collect(predictions="no")}, "`predictions` of `collect` must be True or False, got 'no'"),
        ({"collect": Collect(weights=1)}, "`weights` of `collect` must be True or False, got 1"),
        ({"workers": 1.5}, r"`workers` must be a whole number of at least 1, got 1\.5"),
        ({"model": nn.Linear(3, 2)}, "a function that returns a fresh network, got a Linear, which is one network"),
        ({"recipes": whyfit.Recipe(network=(8,)), "model": small}, "`model` and a recipe both name a network"),
        ({"model": 3}, "a function that returns a fresh network, got 3"),
    ],
)
def test_arguments_of_another_kind_are_refused_by_name(data, arguments, message):
    with pytest.raises(ArgumentError, match=message):
        whyfit.train(**({"data": data} | arguments))


def test_all_problems_of_the_arguments_are_said_together(data):
    with pytest.raises(ArgumentError) as caught:
        whyfit.train([], data, [], seeds=[], collect=True, workers=0)
    assert "5 problems" in str(caught.value)
    assert "Nothing was trained." in str(caught.value)


def test_predictions_beyond_the_budget_are_not_kept_and_that_is_said(data, monkeypatch):
    full = whyfit.train(QUICK, data, seeds=range(3))
    assert (full.without_predictions, full.why_without) == (0, None)
    size = full[0].rows.size * data.outputs * 8
    monkeypatch.setattr("whyfit.doors.train_door.within_budget", partial(within_budget, budget=2 * size))
    cut = whyfit.train(QUICK, data, seeds=range(3))
    assert [one.predictions is None for one in cut] == [False, False, True]
    assert (cut.without_predictions, cut.why_without) == (1, "predictions_over_budget")
    assert [one.final for one in cut] == [one.final for one in full]


def test_the_reasons_of_the_engines_that_refused_are_kept(data):
    outcomes = whyfit.train(QUICK.but(optimizer="muon"), data, seeds=[0, 1], model=small)
    assert {one.engine for one in outcomes} == {"single"}
    assert {one.engine: (one.reason, one.networks) for one in outcomes.refused} == {
        "kernel": ("not_a_perceptron", 2),
        "stacked": ("optimizer_not_stackable", 2),
    }


def test_equal_recipes_have_equal_digests():
    one = whyfit.Recipe(network=(8, 4), learning_rate=1, dropout=0, epochs=np.int64(3), settings={"eps": np.float32(1)})
    other = whyfit.Recipe(network=[8, 4], learning_rate=1.0, epochs=3, settings={"eps": 1})
    assert one == other == one.but(network=np.array([8, 4]))
    assert one.digest == other.digest


class Odd:
    """Compared with anything it gives what is neither true nor false, as columns of frames do."""

    __hash__ = None

    def __eq__(self, other):
        return np.array([True, False])

    def __ne__(self, other):
        return np.array([True, False])


def test_a_network_that_is_none_is_said_beside_the_other_problems(data):
    for network in ("mlp", np.array([[8], [4]]), Odd()):
        with pytest.raises(RecipeError) as caught:
            whyfit.train([whyfit.Recipe(network=network, epochs=0)], data)
        assert "2 problems" in str(caught.value)


def test_a_network_of_one_s_own_is_trained_by_the_engine_that_was_measured_fastest(data):
    outcomes = whyfit.train([QUICK, QUICK.but(learning_rate=0.01)], data, seeds=range(8), model=small, workers=1)
    assert {(outcome.status, outcome.engine) for outcome in outcomes} == {("done", "stacked")}
    assert {outcome.why_engine for outcome in outcomes} == {"fastest_of_measured"}


def predicted(outcomes):
    return {one.key: one.predictions for one in outcomes}


@pytest.mark.parametrize("workers", [2, 4])
def test_a_network_trained_alone_by_torch_has_the_same_bits_on_any_workers_in_any_order(data, workers):
    """Muon is not stacked, so the plain loop trains."""
    recipes = [QUICK.but(optimizer="muon"), QUICK.but(optimizer="muon", learning_rate=0.01)]
    one = predicted(whyfit.train(recipes, data, seeds=[0, 1], model=small, workers=1))
    many = predicted(whyfit.train(recipes[::-1], data, seeds=[1, 0], model=small, workers=workers))
    assert one.keys() == many.keys()
    assert all(one[key].tobytes() == many[key].tobytes() for key in one)


@pytest.mark.parametrize("workers", [2, 4])
def test_stacked_networks_agree_to_rounding_whatever_the_size_and_the_order_of_their_cohort(data, workers):
    """The number of workers decides how many share a cohort; sums in another order end in other last digits."""
    recipes = [QUICK, QUICK.but(learning_rate=0.01)]
    one = predicted(whyfit.train(recipes, data, seeds=range(4), model=small, workers=1))
    many = predicted(whyfit.train(recipes[::-1], data, seeds=[2, 0, 3, 1], model=small, workers=workers))
    assert one.keys() == many.keys()
    for key, values in one.items():
        np.testing.assert_allclose(many[key], values, rtol=1e-4, atol=1e-5)


def test_a_network_in_a_file_has_the_same_bits_in_worker_processes_as_in_this_one(data, tmp_path):
    lines = ["from torch import nn", "", "def small(inputs, outputs):"]
    lines += ["    return nn.Sequential(nn.Linear(inputs, 8), nn.ReLU(), nn.Linear(8, outputs))", ""]
    (tmp_path / "net.py").write_text("\n".join(lines))
    recipe = QUICK.but(optimizer="muon")
    here = whyfit.train(recipe, data, seeds=[0, 1], model=small)
    there = whyfit.train(recipe, data, seeds=[0, 1], model=f"{tmp_path / 'net.py'}:small", workers=2)
    assert [one.predictions.tobytes() for one in here] == [one.predictions.tobytes() for one in there]


class Tied(nn.Module):
    def __init__(self):
        super().__init__()
        self.first, self.one, self.two, self.last = nn.Linear(2, 6), nn.Linear(6, 6), nn.Linear(6, 6), nn.Linear(6, 2)
        self.two.weight = self.one.weight

    def forward(self, x):
        return self.last(self.two(self.one(self.first(x).tanh()).tanh()).tanh())


@pytest.mark.parametrize("initializer", ["orthogonal", "lsuv"])
def test_tied_weights_of_one_s_own_network_are_started_anew_and_stay_tied(data, initializer):
    """What is tied is kept once, under its first name: loaded into a fresh network it gives the same outputs."""
    recipe = QUICK.but(initializer=initializer)
    split = whyfit.splits.holdout(data)
    (outcome,) = whyfit.train(recipe, data, split, model=Tied, collect=Collect(weights=True))
    again = Tied()
    load_weights(again, outcome.weights)
    assert again.two.weight is again.one.weight
    features = features_of(data)
    inputs = fit_scaling(features, split.train).apply(features.values[outcome.rows])
    with torch.no_grad():
        outputs = again(torch.tensor(inputs, dtype=torch.float32)).numpy()
    np.testing.assert_allclose(outputs, outcome.predictions, rtol=1e-5, atol=1e-6)


def test_one_s_own_network_keeps_its_layers_where_a_recipe_does_not_name_others(data):
    recipe = whyfit.Recipe(epochs=2)
    (plain,) = whyfit.train(recipe, data, model=small)
    (again,) = whyfit.train(model=small, data=data)
    assert plain.final.first_loss == again.final.first_loss  # the same start: nothing was initialised anew
    (swapped,) = whyfit.train(recipe.but(activation="tanh"), data, model=small)
    assert swapped.final.first_loss != plain.final.first_loss


def test_two_kinds_of_network_are_trained_by_two_engines_in_one_call(data):
    own = whyfit.Recipe.for_data("classification", register(small), epochs=2)
    outcomes = whyfit.train([QUICK, own, QUICK.but(dropout=0.1)], data, seeds=[0, 1])
    assert [outcome.engine == "kernel" for outcome in outcomes] == [True, True, False, False, True, True]


def test_problems_of_recipes_and_of_networks_are_said_together(data):
    def narrow():
        return nn.Linear(data.numeric.shape[1], 1 + 2)

    with pytest.raises(RecipeError) as caught:
        whyfit.train(whyfit.Recipe(learning_rate=0.0, loss="huber"), data, model=narrow)
    said = str(caught.value)
    assert "3 problems" in said
    for part in ("`learning_rate` must be", "`loss` must fit classification", "its output has the shape (4, 3)"):
        assert part in said


def test_all_that_is_wrong_with_a_network_is_said_before_anything_is_trained(data):
    with pytest.raises(NetworkError) as caught:
        whyfit.train(QUICK, data, model=lambda: nn.ConstantPad1d(1, 0.0))
    said = str(caught.value)
    assert "2 problems" in said
    assert "it has no parameter that could be trained" in said
    assert "its output has the shape" in said


def test_a_network_that_ends_its_process_ends_nothing_else(data, tmp_path):
    path = tmp_path / "mine.py"
    path.write_text(
        "import os\nfrom torch import nn\n"
        "class Net(nn.Linear):\n    def forward(self, x): os._exit(0)\n"
        "def make(inputs, outputs):\n    return Net(inputs, outputs)\n"
    )
    with pytest.raises(NetworkError, match=r"mine\.py: it ended its process while it was tried"):
        whyfit.train(QUICK, data, model=f"{path}:make", workers=1)


def test_a_device_that_is_not_there_is_refused(data, monkeypatch):
    import torch

    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(ArgumentError, match="`device` 'cuda' was asked for"):
        whyfit.train(QUICK, data, device="cuda")


def test_a_trained_network_leaves_whyfit_and_predicts_the_same(data, tmp_path):
    outcomes = whyfit.train([QUICK, QUICK.but(activation="tanh", batch_norm="after")], data, seeds=[0, 1])
    written = outcomes.export(tmp_path / "out", 3)
    assert {path.name for path in written} == {"predict.py", "weights.safetensors", "recipe.toml"}
    columns = {column.name: data.numeric[outcomes[3].rows, i].tolist() for i, column in enumerate(data.columns)}
    again = predicted_without_whyfit(tmp_path / "out", columns)
    np.testing.assert_allclose(again, outcomes[3].predictions, rtol=1e-4, atol=1e-5)
    other = outcomes[2].predictions
    assert np.abs(again - other).max() > 1e-2  # its twin of another seed predicts otherwise


def test_weights_that_were_collected_are_the_ones_that_are_written(data, tmp_path, monkeypatch):
    outcomes = whyfit.train(QUICK, data, collect=Collect(weights=True))
    monkeypatch.setattr("whyfit.doors.train_door.train_with_weights", None)  # nothing is trained again
    outcomes.export(tmp_path / "out")
    assert (tmp_path / "out" / "weights.safetensors").stat().st_size > len(outcomes[0].weights)


@pytest.mark.parametrize(
    ("folder", "place", "message"),
    [
        ("out", "1", "`place` must name one of 1 outcomes, got '1'"),
        ("out", 0.0, r"`place` must name one of 1 outcomes, got 0\.0"),
        ("out", True, "`place` must name one of 1 outcomes, got True"),
        ("out", 1, "`place` must name one of 1 outcomes, got 1"),
        ("out", -2, "`place` must name one of 1 outcomes, got -2"),
        (None, 0, "`folder` must be a path, got None"),
    ],
)
def test_a_place_or_folder_that_is_none_is_refused(data, folder, place, message):
    outcomes = whyfit.train(QUICK.but(epochs=1), data)
    with pytest.raises(ArgumentError, match=message):
        outcomes.export(folder, place)


def test_what_cannot_leave_is_said(data, tmp_path):
    outcomes = whyfit.train([QUICK, QUICK.but(optimizer="sgd", learning_rate=1e30)], data)
    with pytest.raises(ArgumentError, match="`place` must name one of 2 outcomes, got 2"):
        outcomes.export(tmp_path / "out", 2)
    with pytest.raises(ArgumentError, match=r"not trained: diverged \(not_finite"):
        outcomes.export(tmp_path / "out", 1)
    outcomes.export(tmp_path / "out")
    with pytest.raises(ArgumentError, match=r"holds predict\.py, .* already\. Give a new folder"):
        outcomes.export(tmp_path / "out")
    own = whyfit.train(QUICK, data, model=small)
    with pytest.raises(RecipeError, match="a function of this process"):
        own.export(tmp_path / "other")


def test_outcomes_travel_between_processes_as_plain_ones(data):
    outcomes = whyfit.train(QUICK, data)
    (again,) = pickle.loads(pickle.dumps(outcomes))
    assert again.key == outcomes[0].key
