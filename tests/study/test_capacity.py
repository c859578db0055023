"""The U curve: a planted truth that small networks cannot bend to, noise that large ones learn by heart."""

import numpy as np
import pytest

from whyfit.data.load import load
from whyfit.doors.study_door import Wishes, gather, prepared
from whyfit.doors.voice import Silence
from whyfit.evidence.network import Perceptron
from whyfit.evidence.recipe import Recipe
from whyfit.study.plan import PLAIN, Arm, Plan
from whyfit.study.remedies import families

DRAW = np.random.default_rng(4)
X = DRAW.normal(size=(160, 2))
BENT = load((X, np.sin(2 * X[:, 0]) + 0.6 * DRAW.normal(size=160)))
PARABOLA = load((X, X[:, 0] ** 2 + 0.1 * DRAW.normal(size=160)))
LONG = {"epochs": 40, "patience": None, "learning_rate": 0.02}


def studied(data, hidden, names, budget):
    recipe = Recipe.for_data("regression", Perceptron(hidden), **LONG)
    with prepared(data, Wishes(budget=budget), Silence()) as study:
        kept = tuple(family for family in families(data, recipe) if family.name in names)
        study.plan = Plan(Arm(PLAIN, recipe, seeds=2), kept, study.plan.splits_of, 5, 0)
        study.run()
        return gather(study)


@pytest.fixture(scope="module")
def sizes():
    return studied(BENT, (32,), {"smaller_network", "larger_network"}, "180n").capacity


def test_sizes_stand_from_small_to_large_and_keep_their_depth(sizes):
    assert [facts.hidden for facts in sizes] == [(2,), (8,), (16,), (32,), (64,)]
    assert [facts.parameters for facts in sizes] == sorted(facts.parameters for facts in sizes)


def test_the_terms_of_every_size_add_up_to_its_error(sizes):
    for facts in sizes:
        assert facts.error == pytest.approx(facts.variance + facts.bias_plus_noise)


def test_small_networks_have_more_bias_and_less_variance_than_large_ones(sizes):
    small, large = sizes[0], sizes[-1]
    assert small.bias_plus_noise > large.bias_plus_noise
    assert small.variance < large.variance


def test_the_plain_size_has_no_change_against_itself(sizes):
    (plain,) = (facts for facts in sizes if facts.variance_change is None)
    assert plain.hidden == (32,)


def test_a_line_fitted_to_a_parabola_has_bias_that_a_hidden_layer_takes_away():
    """A wrong assumption: no penalty, no more rows and no ensemble would help a straight line."""
    evidence = studied(PARABOLA, (), {"larger_network", "l2"}, "120n")
    facts = {one.name: one for one in evidence.remedies}
    assert facts["larger_network"].gain.value > 0.8
    assert facts["larger_network"].bias_change.value < -0.8
    assert facts["l2"].verdict != "helps"


def test_the_error_of_an_ensemble_falls_from_that_of_one_member():
    evidence = studied(BENT, (32,), {"ensemble"}, "120n")
    errors = evidence.ensemble.errors
    assert 8 <= len(errors) <= 16
    assert errors[-1] < errors[0]
