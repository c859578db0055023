"""The thinned networks of dropout: one alone is worse, their mean is what the whole network stands for."""

import numpy as np
import pytest

from study.test_revisit import SMALL, trained
from whyfit.data.load import load
from whyfit.evidence.network import Perceptron
from whyfit.evidence.recipe import Recipe
from whyfit.study.thinned import PASSES, thinned_facts


def test_one_thinned_network_is_worse_than_their_mean_which_the_whole_network_stands_for():
    facts = thinned_facts((), trained(SMALL.but(dropout=0.5)))
    assert facts.single > facts.average
    assert facts.gain.value == pytest.approx(facts.scaled - facts.average)
    assert facts.gain.low < 0 < facts.gain.high
    assert (facts.passes, facts.fits, facts.strength, facts.metric) == (PASSES, 5, 0.5, "error")


def test_networks_thinned_more_agree_less():
    much, little = (thinned_facts((), trained(SMALL.but(dropout=rate))) for rate in (0.5, 0.1))
    assert much.agreement < little.agreement < 1
    assert much.correlation == much.plain_correlation


def test_of_a_linear_network_the_whole_one_is_the_mean_of_its_thinned_ones():
    """Inverted scaling is exact there: E[mask/(1 − p)]·h = h; fifty draws know it to a seventh of one's spread."""
    x = np.random.default_rng(5).normal(size=(300, 3))
    data = load((x, x @ np.array([1.0, -1.0, 0.5])))
    recipe = Recipe.for_data(
        "regression",
        Perceptron((16,)),
        activation="identity",
        dropout=0.3,
        epochs=40,
        patience=None,
        learning_rate=0.02,
    )
    facts = thinned_facts((), trained(recipe, data))
    assert abs(facts.average - facts.scaled) < 0.1 * (facts.single - facts.scaled)


def test_without_dropout_torch_or_kept_networks_there_is_nothing_to_look_at(monkeypatch):
    assert thinned_facts((), trained(SMALL)) is None
    dropped = trained(SMALL.but(dropout=0.5))
    monkeypatch.setattr("whyfit.study.thinned.find_spec", lambda name: None)
    assert thinned_facts((), dropped) is None
