"""Each remedy with the term that it changed: real networks with a planted reason, and a twin that changes none."""

import numpy as np
import pytest

from whyfit.data.load import load
from whyfit.doors.study_door import Wishes, gather, prepared
from whyfit.doors.voice import Silence
from whyfit.evidence.network import Perceptron
from whyfit.evidence.question import Question
from whyfit.evidence.recipe import Recipe
from whyfit.study.plan import PLAIN, Arm, Family, Plan

NOISE = np.random.default_rng(5)
X = NOISE.normal(size=(120, 5))
NOISY = load((X, X[:, 0] + NOISE.normal(size=120)))
LINE = Recipe.for_data("regression", Perceptron((24,)), epochs=12, patience=None, learning_rate=0.02)


def measured(data, plain, *families, repeats=4):
    """What a study of these families found, by name."""
    networks = 5 * (repeats * plain.seeds + sum(repeats * arm.seeds for f in families for arm in f.candidates)) + 5
    with prepared(data, Wishes(budget="10n"), Silence()) as study:
        study.plan, study.preparing = Plan(plain, families, study.plan.splits_of, 5, 0), ()
        study.budget = type(study.budget)(float(networks + 40 * repeats), "n")
        study.run()
        return {facts.name: facts for facts in gather(study).remedies}


def family(name, *arms, **changes):
    return Family(name, Question.OVERFITTING, arms, **changes)


@pytest.fixture(scope="module")
def found():
    plain = Arm(PLAIN, LINE, seeds=2, kept=True)
    return measured(
        NOISY,
        plain,
        family("ensemble", Arm("ensemble", LINE, 8, seeds=8, kept=True), kind="ensemble"),
        family("l2", Arm("l2", LINE.but(l2=1.0), 1.0, kept=True)),
        family("more_data", Arm("more_data", LINE, None, "half", kept=True), reverse=True),
        family("twin", Arm("twin", LINE.but(clip_norm=1e6))),
    )


def test_an_ensemble_of_an_overfitting_network_lowers_variance_and_not_bias(found):
    facts = found["ensemble"]
    assert facts.variance_change.high < 0
    assert facts.bias_change.low < 0 < facts.bias_change.high


@pytest.mark.parametrize("name", ["ensemble", "l2", "more_data", "twin"])
def test_the_changes_of_both_terms_make_up_the_gain(found, name):
    facts = found[name]
    assert facts.variance_change.value + facts.bias_change.value == pytest.approx(-facts.gain.value, abs=1e-9)


def test_a_heavy_penalty_lowers_variance_and_sensitivity(found):
    facts = found["l2"]
    assert facts.variance_change.high < 0
    assert facts.sensitivity < 0.8 * facts.plain_sensitivity


def test_more_data_lowers_variance(found):
    facts = found["more_data"]
    assert facts.variance_change.value < 0


def test_a_change_that_does_nothing_changes_no_term(found):
    """A bound on the gradient that is never reached: the same networks to the bit."""
    facts = found["twin"]
    assert (facts.variance_change.value, facts.bias_change.value) == (0.0, 0.0)
    assert (facts.sensitivity, facts.plain_sensitivity) == (None, None)
