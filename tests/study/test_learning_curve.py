"""The learning curve: falls where a function is to be learned, lies flat on coins, says why where there is no law."""

import numpy as np
import pytest

from whyfit.data.load import load
from whyfit.doors.study_door import Wishes, gather, prepared
from whyfit.doors.voice import Silence
from whyfit.evidence.network import Perceptron
from whyfit.evidence.recipe import Recipe
from whyfit.study.learning_curve import curve_family
from whyfit.study.plan import PLAIN, Arm, Plan
from whyfit.study.remedies import families

DRAW = np.random.default_rng(8)
X = DRAW.normal(size=(400, 4))
WAVES = load((X, np.sin(2 * X[:, 0]) + X[:, 1] * X[:, 2] + 0.1 * DRAW.normal(size=400)))
COINS = load((X, DRAW.integers(0, 2, size=400)))
QUICK = {"epochs": 40, "patience": 5, "learning_rate": 0.01}
CURVE = {"more_data", "learning_curve"}


def studied(data, names=CURVE):
    recipe = Recipe.for_data(data.task, Perceptron((32,)), **QUICK)
    with prepared(data, Wishes(budget="70n"), Silence()) as study:
        kept = tuple(family for family in families(data, recipe) if family.name in names)
        study.plan = Plan(Arm(PLAIN, recipe, seeds=2), kept, study.plan.splits_of, 5, 0)
        study.run()
        return gather(study)


@pytest.fixture(scope="module")
def waves():
    return studied(WAVES)


def test_sizes_double_up_to_all_training_rows_and_the_error_falls(waves):
    facts = waves.learning_curve
    assert [point.rows for point in facts.points] == [32, 64, 128, 256]
    errors = [point.error.value for point in facts.points]
    assert errors == sorted(errors, reverse=True)
    assert facts.points[-1].error.training_rows == 256


def test_the_projection_lies_below_all_rows_and_has_no_verdict(waves):
    facts = waves.learning_curve
    twice, four = facts.projection
    assert (twice.rows, four.rows) == (512, 1024)
    assert four.error.value < twice.error.value < facts.points[-1].error.value
    assert twice.error.low <= twice.error.value <= twice.error.high
    assert "learning_curve" not in {remedy.name for remedy in waves.remedies}


def test_on_coins_more_rows_promise_nothing():
    facts = studied(COINS).learning_curve
    assert facts.projection[0].error.high > 0.45
    assert facts.projection[0].error.value > 0.4


def test_half_the_rows_alone_make_no_law():
    facts = studied(WAVES, {"more_data"}).learning_curve
    assert len(facts.points) == 2
    assert (facts.exponent, facts.projection, facts.why_none) == (None, (), "too_few_sizes")


@pytest.mark.parametrize(("rows", "strengths"), [(400, [0.25, 0.125]), (150, [0.25]), (100, [])])
def test_shares_too_small_to_train_on_are_left_out(rows, strengths):
    data = load((X[:rows], X[:rows, 0]))
    arms = [arm for family in curve_family(data, Recipe.for_data("regression")) for arm in family.candidates]
    assert [arm.strength for arm in arms] == strengths
