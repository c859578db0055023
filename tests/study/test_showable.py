"""The smallest gain that can be shown: from the floors of measured gains, else from the score's own interval."""

from __future__ import annotations

from math import nan

import pytest

from exams.cases import score
from whyfit.evidence.question import Question
from whyfit.study.plan import Family
from whyfit.study.showable import with_smallest_gain
from whyfit.study.statistics.looks import Look
from whyfit.study.statistics.power import smallest_gain
from whyfit.study.statistics.spread import Spread
from whyfit.study.track import Track


def track(floor, why=None):
    spread = Spread(
        value=0.0, rows_variance=floor, nets_variance=1e-9, fits=15, rows=300, training_rows=200, folds=5, repeats=3,
        method="row_and_refit", why_none=why,
    )  # fmt: skip
    family = Family("dropout", Question.OVERFITTING, ())
    return Track(family, repeats=3, looks={"zero_one": (Look(spread, 0.04, last=True),)})


def test_it_is_that_of_the_median_floor_at_holms_strictest_step():
    found = with_smallest_gain(score(), [track(1e-6), track(4e-6), track(1e-4)], "zero_one", None)
    assert found.smallest_gain == pytest.approx(smallest_gain(4e-6, alpha=0.04, remedies=3))
    assert found.smallest_from == "remedies"


def test_without_gains_it_is_that_of_two_recipes_that_err_independently():
    """Ten fits: half the width 0.01 is 2.262 standard errors; (1.96 + 0.84)·√2 of one can be shown."""
    found = with_smallest_gain(score(), [track(nan, why="diverged")], "zero_one", None)
    assert found.smallest_gain == pytest.approx(2.802 * 2**0.5 * 0.01 / 2.262, rel=1e-3)
    assert found.smallest_from == "score"


def test_a_hold_out_has_the_degrees_of_its_rows():
    found = with_smallest_gain(score(), [], "zero_one", "holdout")
    assert found.smallest_gain == pytest.approx(2.802 * 2**0.5 * 0.01 / 1.962, rel=1e-3)


def test_a_score_without_interval_shows_nothing():
    assert with_smallest_gain(score(0.03, None, None), [], "zero_one", None).smallest_gain is None
