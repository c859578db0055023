"""The search: better recipes where one is near, nothing gained on coins, its share kept, two runs the same."""

import numpy as np
import pytest

from whyfit.data.load import load
from whyfit.doors.study_door import Wishes, gather, prepared
from whyfit.doors.voice import Silence
from whyfit.evidence.network import Perceptron
from whyfit.evidence.question import Question
from whyfit.evidence.recipe import Recipe
from whyfit.study.plan import PLAIN, Arm, Family, Plan
from whyfit.study.search import ROUND, SEARCH, SHARE, Search, merged

DRAW = np.random.default_rng(21)
X = DRAW.normal(size=(200, 4))
BENT = load((X, np.sin(2 * X[:, 0]) + X[:, 1] * X[:, 2]))
COINS = load((X, DRAW.integers(0, 2, size=200)))
PLAINLY = Recipe.for_data("regression", Perceptron((8,)), epochs=10, patience=None, learning_rate=1e-3)
"""It has hardly begun to learn when it ends, by too small a network at too low a rate."""


def family(name, plain, **change):
    return Family(name, Question.OVERFITTING, (Arm(name, plain.but(**change), 1.0),))


def arm(**change):
    return Arm("x", PLAINLY.but(**change), 1.0)


def studied(data, plain, budget, heard=None):
    heard = [] if heard is None else heard
    families = (family("l2", plain, l2=1e-3), family("faster", plain, learning_rate=3 * plain.learning_rate))
    with prepared(data, Wishes(budget=budget), Silence()) as study:
        study.plan = Plan(Arm(PLAIN, plain, seeds=2), families, study.plan.splits_of, 5, 0)
        forecast = study.forecast()
        study.hear = lambda settled: heard.append((settled.remedy, settled.verdict, study.networks))
        study.run()
        return study, gather(study), forecast


HEARD = []


@pytest.fixture(scope="module")
def bent():
    return studied(BENT, PLAINLY, "300n", HEARD)


def test_it_finds_a_recipe_better_than_each_change_alone(bent):
    _, evidence, _ = bent
    facts = evidence.recommended
    alone = max(remedy.gain.value for remedy in evidence.remedies)
    assert facts.name == SEARCH
    assert facts.gain.low > 0
    assert facts.gain.value > 2 * alone


def test_it_keeps_its_share_and_the_budget(bent):
    study, _, forecast = bent
    assert study.networks <= 300
    one_round = (ROUND + 2) * 5
    assert 0 < study.search.networks <= SHARE * study.networks + one_round
    assert forecast.networks[SEARCH] > 0
    assert study.equivalents > study.networks / 2  # plain is small and stops by nothing: few are cheaper


def test_a_verdict_is_heard_once_and_long_before_the_end(bent):
    remedies = [remedy for remedy, _, _ in HEARD]
    assert len(remedies) == len(set(remedies))
    assert ("faster", "helps") in {heard[:2] for heard in HEARD}
    assert HEARD[0][2] < bent[0].networks / 2


def test_two_runs_try_the_same_recipes(bent):
    again, _, _ = studied(BENT, PLAINLY, "300n")
    assert list(again.search.tried) == list(bent[0].search.tried)


def test_on_coins_the_recommended_recipe_is_not_said_to_gain():
    plain = Recipe.for_data("classification", Perceptron((8,)), epochs=5, patience=None)
    _, evidence, _ = studied(COINS, plain, "250n")
    gain = evidence.recommended.gain
    assert gain.low < 0 < gain.high


def test_it_begins_with_the_best_changes_put_together():
    measured = [(-0.1, arm(l2=1e-3)), (-0.3, arm(dropout=0.25)), (-0.05, arm(epochs=30)), (0.2, arm(l1=1.0))]
    two, three = merged(measured, PLAINLY)
    assert two.differences(PLAINLY) == {"dropout": 0.25, "l2": 1e-3}
    assert three.differences(PLAINLY) == {"dropout": 0.25, "l2": 1e-3, "epochs": 30}


def test_of_two_changes_of_one_decision_the_better_is_put_in():
    measured = [(-0.1, arm(l2=1e-3)), (-0.2, arm(l1=1e-4)), (-0.05, arm(dropout=0.1))]
    assert [recipe.differences(PLAINLY) for recipe in merged(measured, PLAINLY)] == [{"l1": 1e-4, "dropout": 0.1}]


def test_nothing_is_tried_twice():
    search = Search(BENT, Arm(PLAIN, PLAINLY), 0, tuple)
    seen = set()
    for _ in range(8):
        drawn = {one.recipe.digest: (one, 1) for one in search.draw([])}
        assert len(drawn) == ROUND
        search.tried |= drawn
        search.worse |= dict.fromkeys(drawn, 1.0)
        assert not drawn.keys() & seen
        seen |= drawn.keys()


def test_a_search_without_a_new_leader_ends():
    search = Search(BENT, Arm(PLAIN, PLAINLY), 0, tuple)
    for _ in range(30):
        search.draw([])
        search.end_round()
    assert search.over
