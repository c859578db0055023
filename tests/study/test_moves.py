"""Moves: every one gives another recipe that can be trained; a user's own network keeps its layers."""

import numpy as np
import pytest

from whyfit.data.digits import digits
from whyfit.data.load import load
from whyfit.evidence.network import NetworkFile, Perceptron
from whyfit.evidence.recipe import Recipe
from whyfit.study.moves import BATCHES, MOST_EPOCHS, MOST_LAYERS, MOVES, WIDTHS, crossed, groups_of, moved
from whyfit.training.check import problems_of

DRAW = np.random.default_rng(0)
TABLE = load((DRAW.normal(size=(40, 3)), DRAW.normal(size=40)))
DATA = {"digits": digits(), "table": TABLE}


@pytest.mark.parametrize("name", DATA)
def test_a_long_walk_of_moves_stays_among_recipes_that_can_be_trained(name):
    data, noise = DATA[name], np.random.default_rng(1)
    recipe = Recipe.for_data(data.task)
    for _ in range(300):
        recipe = moved(recipe, data, noise, turns=int(noise.integers(1, 4)))
        assert problems_of(recipe, data) == ()
        assert all(WIDTHS[0] <= units <= WIDTHS[1] for units in recipe.network.hidden)
        assert len(recipe.network.hidden) <= MOST_LAYERS
        assert BATCHES[0] <= recipe.batch_size <= BATCHES[1]
        assert 5 <= recipe.epochs <= MOST_EPOCHS


@pytest.mark.parametrize("move", MOVES)
def test_a_move_changes_one_decision(move):
    plain, noise = Recipe(), np.random.default_rng(2)
    changes = [set(plain.but(**MOVES[move](plain, digits(), noise)).differences(plain)) for _ in range(20)]
    groups = [set(fields) for fields in groups_of(plain).values()]
    assert any(changes)
    assert all(any(change <= group for group in groups) for change in changes)


def test_a_network_without_a_hidden_layer_is_given_one():
    assert MOVES["size"](Recipe(network=Perceptron(())), digits(), DRAW)["network"].hidden in {(16,), (64,)}


def test_a_network_of_the_users_keeps_its_layers():
    own = NetworkFile("net.py", "make", "0" * 64)
    recipe, noise = Recipe.for_data("classification", own), np.random.default_rng(3)
    for _ in range(100):
        recipe = moved(recipe, digits(), noise)
        assert (recipe.network, recipe.activation, recipe.dropout) == (own, "own", "own")


def test_crossing_takes_whole_decisions_from_either_parent():
    one, other = Recipe(), Recipe(optimizer="momentum", learning_rate=0.1, epochs=90, patience=15, dropout=0.5)
    noise = np.random.default_rng(4)
    children = [crossed(one, other, noise) for _ in range(40)]
    assert {(child.optimizer, child.learning_rate) for child in children} == {("adam", 1e-3), ("momentum", 0.1)}
    assert {(child.epochs, child.patience) for child in children} == {(30, 5), (90, 15)}
