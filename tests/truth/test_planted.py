"""What was planted is named in one small study of each case, and not in one of its twin."""

import numpy as np
import pytest

from truth.claims.planted_cases import study_of
from truth.planted import CASES, FLIP
from truth.true_gains import one_sample

NAMED = {
    "few rows": "l2",
    "wrong labels": "l2",
    "wiggles": "larger_network",
    "wrong assumption": "larger_network",
    "unequal classes": "class_weights",
    "glyphs anywhere": "augmentation",
    "a flip changes the class": FLIP,
}
"""Of each case the remedy that is measured here; all of them are in the long evidence."""
BUDGET = "240n"
NOT_IN_TWIN = {name: NAMED[name] for name in NAMED if NAMED[name] in CASES[f"{name}, twin"].never}


def said(name, family):
    case = CASES[name]
    noise = np.random.default_rng([31, list(CASES).index(name)])
    return study_of(case, BUDGET, noise, 0, only=(family,))[family][0]


@pytest.mark.parametrize("name", NAMED)
def test_what_was_planted_is_named(name):
    assert said(name, NAMED[name]) == ("hurts" if NAMED[name] in CASES[name].hurts else "helps")


@pytest.mark.parametrize("name", NOT_IN_TWIN)
def test_it_is_not_named_where_it_is_absent(name):
    assert said(f"{name}, twin", NOT_IN_TWIN[name]) != "helps"


def test_a_flip_that_keeps_the_class_helps():
    assert said("a flip changes the class, twin", FLIP) == "helps"


def test_every_case_has_its_twin():
    assert {name.removesuffix(", twin") for name in CASES} == {name for name in CASES if not name.endswith(", twin")}
    assert len(CASES) == 16


def test_a_true_gain_is_one_of_fresh_rows():
    """A line fitted to a parabola errs by the variance of a squared normal, two; a bent network by the noise."""
    noise = np.random.default_rng(3)
    gains = [one_sample(CASES["wrong assumption"], noise)["larger_network"] for _ in range(6)]
    assert 1.5 < np.mean(gains) < 2.5
