"""A population of recipes, trained from Python."""

import numpy as np
import pytest

import whyfit
from study.fakes import table
from whyfit.errors import ArgumentError, RecipeError
from whyfit.evidence.member import Collect
from whyfit.evidence.split import Split

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
    with pytest.raises(ArgumentError, match="`workers` must be at least 1, got -1"):
        whyfit.train(QUICK, data, workers=-1)
