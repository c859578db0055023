"""The recommended and the combined recipe: planted remedies that help, and coins that nothing can help with."""

from dataclasses import replace

import numpy as np
import pytest

import whyfit
from whyfit.data.load import load
from whyfit.doors.study_door import Wishes, gather, prepared
from whyfit.doors.voice import Silence
from whyfit.evidence.estimate import Estimate
from whyfit.evidence.network import Perceptron
from whyfit.evidence.question import Question
from whyfit.evidence.recipe import Recipe
from whyfit.study.combine import COMBINED, combined_family, comparable
from whyfit.study.plan import PLAIN, Arm, Family, Plan
from whyfit.study.search import SEARCH
from whyfit.study.statistics.choice import Choice, choose
from whyfit.study.statistics.verdict import RemedyVerdict
from whyfit.study.track import Track
from whyfit.training.recipe_file import recipe_from_toml

NOISE = np.random.default_rng(11)
X = NOISE.normal(size=(150, 6))
MANY = NOISE.normal(size=(300, 6))
RING = load((MANY, (MANY[:, :3] ** 2).sum(axis=1) > 2.4))
COINS = load((X, NOISE.integers(0, 2, size=150)))
PLAINLY = Recipe()


def track(name, *arms, verdict="helps", gain=0.1, **changes):
    family = Family(name, Question.OVERFITTING, arms, **changes)
    made = Track(family)
    made.verdict["zero_one"] = RemedyVerdict(verdict=verdict, gain=Estimate(gain), p=0.0, delta=0.0)
    made.choice = Choice(np.zeros((2, 5), dtype=int), np.array([10] + [0] * (len(arms) - 1)))
    return made


def combined(*tracks):
    return combined_family(tracks, PLAINLY, "zero_one", kept=False)


DROPOUT = track("dropout", Arm("dropout", Recipe(dropout=0.25), 0.25), gain=0.03)
L2 = track("l2", Arm("l2", Recipe(l2=1e-3), 1e-3), gain=0.05)
L1 = track("l1", Arm("l1", Recipe(l1=1e-4), 1e-4), gain=0.04)
SCHEDULE = track("schedule", Arm("schedule", Recipe(schedule="cosine", warmup=0.1), "cosine"), gain=0.01)


class TestCombined:
    def test_takes_the_best_two_then_three_of_what_helps(self):
        two, three = combined(SCHEDULE, DROPOUT, L2).candidates
        assert two.recipe == Recipe(l2=1e-3, dropout=0.25)
        assert three.recipe == Recipe(l2=1e-3, dropout=0.25, schedule="cosine", warmup=0.1)

    def test_takes_the_better_of_two_ways_to_do_one_thing(self):
        (one,) = combined(L1, L2, DROPOUT).candidates
        assert one.recipe == Recipe(l2=1e-3, dropout=0.25)

    @pytest.mark.parametrize("verdict", ["hurts", "not decided", "no effect shown"])
    def test_leaves_out_what_was_not_shown_to_help(self, verdict):
        assert combined(DROPOUT, track("l2", L2.family.candidates[0], verdict=verdict)) is None

    def test_is_none_where_one_remedy_helps(self):
        assert combined(DROPOUT) is None
        assert combined(L1, L2) is None

    def test_leaves_out_what_no_recipe_can_say(self):
        more = track("more_data", Arm("more_data", PLAINLY, None, "half"), reverse=True)
        ensemble = track("ensemble", Arm("ensemble", PLAINLY, 8, seeds=8), kind="ensemble")
        weights = track("class_weights", Arm("class_weights", Recipe(class_weights="balanced"), "balanced"))
        assert combined(DROPOUT, more, ensemble, weights) is None

    def test_losses_in_other_units_are_not_compared(self):
        assert comparable(Recipe(dropout=0.5), PLAINLY)
        assert not comparable(Recipe(label_smoothing=0.1), PLAINLY)


def study_of(data, recipe, families, budget):
    with prepared(data, Wishes(budget=budget), Silence()) as study:
        plain = Arm(PLAIN, recipe, seeds=2)
        study.plan = Plan(plain, families, study.plan.splits_of, 5, 0)
        study.run()
        return gather(study), study.networks


def family(name, **changes):
    return Family(name, Question.OVERFITTING, (Arm(name, SLOW.but(**changes), 1.0),))


SLOW = Recipe.for_data("classification", Perceptron((16,)), epochs=6, patience=None, learning_rate=0.002)
"""It has hardly begun to learn when it ends: a higher rate and more epochs both help, and together more."""
BETTER = (family("faster", learning_rate=0.01), family("longer", epochs=30), family("twin", clip_norm=1e6))


@pytest.fixture(scope="module")
def helped():
    return study_of(RING, SLOW, BETTER, "160n")


def test_what_helps_is_combined_trained_and_gains_more_than_its_parts(helped):
    evidence, networks = helped
    gains = {facts.name: facts for facts in evidence.remedies}
    assert gains[COMBINED].verdict == "helps"
    assert gains[COMBINED].gain.value > max(gains["faster"].gain.value, gains["longer"].gain.value)
    assert networks <= 160


def test_a_combination_is_recommended_and_its_file_gives_it_back(helped):
    facts = helped[0].recommended
    assert facts.name in {COMBINED, SEARCH}
    assert facts.recipe.learning_rate > SLOW.learning_rate
    assert facts.recipe.epochs > SLOW.epochs
    assert facts.gain.low > 0
    assert recipe_from_toml(facts.toml) == facts.recipe


def test_a_budget_that_is_used_up_trains_no_combination():
    evidence, networks = study_of(RING, SLOW, BETTER, "70n")
    assert COMBINED not in {facts.name for facts in evidence.remedies}
    assert networks <= 70


def test_where_nothing_can_help_choosing_gains_nothing():
    arms = (family_of("l2", l2=1e-3), family_of("dropout", dropout=0.3), family_of("wider", network=Perceptron((16,))))
    evidence, _ = study_of(COINS, FLIP, arms, "120n")
    gain = evidence.recommended.gain
    assert gain.low < 0 < gain.high
    assert COMBINED not in {facts.name for facts in evidence.remedies}


FLIP = Recipe.for_data("classification", Perceptron((8,)), epochs=4, patience=None)


def family_of(name, **changes):
    return Family(name, Question.OVERFITTING, (Arm(name, FLIP.but(**changes), 1.0),))


def test_the_least_mean_loss_errs_less_than_the_one_chosen_most_often():
    """Twenty arms of nearly equal worth, ten fits: a lead in picks is often a single fit."""
    draw = np.random.default_rng(0)
    regret = np.zeros(2)
    for _ in range(400):
        worth = 0.1 * draw.normal(size=20)
        stop = (worth[:, None, None] + 0.15 * draw.normal(size=(20, 2, 5)))[:, :, None]
        regret += [
            worth[stop.mean(axis=(1, 2, 3)).argmin()] - worth.min(),
            worth[choose(stop).most_often] - worth.min(),
        ]
    assert regret[0] < 0.8 * regret[1]


def test_a_recipe_is_read_back_by_both_doors(tmp_path):
    data = (X[:60], (X[:60, 0] > 0).astype(int))
    report = whyfit.checkup(data, budget="80n")
    report.save(tmp_path / "best.toml")
    again = whyfit.checkup(data, budget="10n", recipe=tmp_path / "best.toml")
    assert again.networks == 10
    (outcome,) = whyfit.train(report.recipe.but(epochs=2), load(data))
    assert outcome.status == "done"
    assert replace(report.recipe) == recipe_from_toml((tmp_path / "best.toml").read_text())
