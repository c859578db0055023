"""Kept networks looked at again: planted sensitivities and planted parts of the seen gap, beside twins without."""

import numpy as np
import pytest

import whyfit
from whyfit.data.load import load
from whyfit.evidence.member import BlockId, Collect, Member
from whyfit.evidence.network import Perceptron
from whyfit.evidence.recipe import Recipe
from whyfit.study.plan import Arm
from whyfit.study.results import ArmResults
from whyfit.study.revisit import keeps_weights, sensitivity, training_mode_loss
from whyfit.study.seen_gap import seen_gap

NOISE = np.random.default_rng(3)
X = NOISE.normal(size=(200, 4))
DATA = load((X, (X[:, 0] + 0.5 * NOISE.normal(size=200) > 0).astype(int)))
SMALL = Recipe(network=Perceptron((16,)), epochs=8, patience=None, learning_rate=0.01)
KEPT = Collect(weights=True)


def trained(recipe, data=DATA, repeats=1, folds=5):
    """One arm of a study: k networks a repeat, with their weights."""
    splits = [s for repeat in range(repeats) for s in whyfit.splits.kfold(data, folds, seed=repeat, stop=0.2)]
    outcomes = whyfit.train([recipe], data, splits, collect=KEPT, workers=1)
    members = [
        Member(recipe=recipe, split=split, seed=0, block=BlockId(i // folds, i % folds), collect=KEPT)
        for i, split in enumerate(splits)
    ]
    return ArmResults(data, Arm("plain", recipe, kept=True), members, outcomes, repeats, folds)


def pairs(results):
    return [[pair] for pair in zip(results.members, results.outcomes, strict=True)]


def test_a_heavy_penalty_makes_outputs_less_sensitive_to_the_inputs():
    plain, held = trained(SMALL), trained(SMALL.but(l2=0.1))
    assert sensitivity(pairs(held), DATA) < 0.7 * sensitivity(pairs(plain), DATA)


def test_the_same_networks_are_as_sensitive_as_themselves():
    """The disturbance is the same for all, so that what differs is the network."""
    fits = pairs(trained(SMALL))
    assert sensitivity(fits, DATA) == sensitivity(fits, DATA)
    assert sensitivity([[*fit, *fit] for fit in fits], DATA) == pytest.approx(sensitivity(fits, DATA))


def test_a_linear_network_moves_by_its_slope():
    """Of y = x: a disturbance of 0.1 deviations moves the output by E|0.1·N(0, 1)| = 0.08 deviations."""
    x = NOISE.normal(size=(300, 1))
    data = load((x, x[:, 0]))
    recipe = Recipe.for_data("regression", Perceptron(()), epochs=60, patience=None, learning_rate=0.05)
    assert sensitivity(pairs(trained(recipe, data)), data) == pytest.approx(0.1 * np.sqrt(2 / np.pi), rel=0.1)


def test_networks_that_were_not_kept_are_not_measured():
    results = trained(SMALL)
    bare = whyfit.train([SMALL], DATA, [member.split for member in results.members], workers=1)
    assert sensitivity([[pair] for pair in zip(results.members, bare, strict=True)], DATA) is None
    assert training_mode_loss(results.members[0], bare[0], DATA) is None


def test_without_torch_nothing_is_looked_at_again_and_nothing_breaks(monkeypatch):
    """Torch is an extra: a table needs none of it, and keeps all else that was measured."""
    results = trained(SMALL.but(dropout=0.5))
    monkeypatch.setattr("whyfit.study.revisit.find_spec", lambda name: None)
    assert sensitivity(pairs(results), DATA) is None
    assert seen_gap(results) is None


def test_large_networks_are_not_kept():
    assert keeps_weights(Recipe(network=Perceptron((128, 128))), DATA)
    assert not keeps_weights(Recipe(network=Perceptron((1000, 1000))), DATA)


class TestSeenGap:
    def test_its_parts_add_up_exactly(self):
        seen = seen_gap(trained(SMALL.but(dropout=0.5, l2=0.01), repeats=2))
        assert seen.seen.value == pytest.approx(seen.rows + seen.mode + seen.average - seen.penalty, abs=1e-12)

    def test_heavy_dropout_makes_the_mode_its_largest_part(self):
        """Half of the units are missing while training: the printed loss is that of a worse network."""
        seen = seen_gap(trained(SMALL.but(dropout=0.7)))
        assert seen.mode < -0.05
        assert seen.mode < min(seen.average, seen.rows, -seen.penalty)
        assert seen.seen.value < 0

    def test_without_dropout_and_norm_there_is_no_part_of_the_mode(self):
        seen = seen_gap(trained(SMALL))
        assert (seen.mode, seen.penalty) == (0.0, 0.0)

    def test_a_single_epoch_that_learns_fast_makes_the_average_its_largest_part(self):
        seen = seen_gap(trained(SMALL.but(epochs=1, learning_rate=0.05, batch_size=8)))
        assert seen.average < min(seen.rows, seen.mode, -seen.penalty)

    def test_a_penalty_is_what_its_gradient_belongs_to(self):
        recipe = SMALL.but(l2=0.02, l1=0.003)
        results = trained(recipe)
        from safetensors.numpy import load as weights_of

        kept = [weights_of(outcome.weights) for outcome in results.outcomes]
        dense = [w for one in kept for name, w in one.items() if name.endswith("weight")]
        expected = sum(0.003 * np.abs(w).sum() + 0.01 * (w**2).sum() for w in dense) / len(kept)
        assert seen_gap(results).penalty == pytest.approx(expected, rel=1e-5)

    def test_networks_that_train_to_the_end_show_none(self):
        """Long after everything is learned, average and end are the same, and held-out rows are no easier."""
        seen = seen_gap(trained(SMALL.but(epochs=60)))
        assert seen.seen.high > 0
