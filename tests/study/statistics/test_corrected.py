"""Nadeau and Bengio against the formula by hand, and where it must say nothing."""

import math

import numpy as np
import pytest

from whyfit.errors import ArgumentError
from whyfit.study.statistics.corrected import fold_means, nadeau_bengio


def test_is_the_formula_of_the_paper():
    values = np.array([[0.7, 0.8, 0.9, 0.6, 0.75]])
    spread = nadeau_bengio(values, scored=20, trained=80)
    assert spread.variance == pytest.approx((1 / 5 + 20 / 80) * values.var(ddof=1))
    assert spread.degrees == 4


def test_more_repeats_never_lower_the_overlap_term():
    noise = np.random.default_rng(0)
    few, many = (nadeau_bengio(noise.normal(size=(r, 5)), scored=20, trained=80) for r in (2, 200))
    assert many.rows_variance == pytest.approx(0.25, rel=0.1)
    assert many.nets_variance < few.nets_variance / 20


def test_a_fold_without_the_metric_does_not_count():
    spread = nadeau_bengio(np.array([[0.5, 0.7, math.nan, 0.6]]), scored=5, trained=15)
    assert (spread.fits, spread.why_none) == (3, None)
    assert spread.value == pytest.approx(0.6)


@pytest.mark.parametrize(
    ("values", "why"),
    [([0.5, 0.6], "too_few_fits"), ([0.5, math.inf, 0.4], "diverged"), ([0.5, 0.5, 0.5], "no_spread")],
)
def test_says_why_it_cannot(values, why):
    spread = nadeau_bengio(np.array(values), scored=5, trained=15)
    assert spread.why_none == why
    assert spread.estimate().low is None


def test_refuses_no_training_rows():
    with pytest.raises(ArgumentError, match="`scored` and `trained` positive"):
        nadeau_bengio(np.ones(5), scored=5, trained=0)


def test_fold_means_of_an_empty_fold_are_nan():
    means = fold_means(np.array([[1.0, 3.0]]), np.array([[0, 0]]), 2)
    assert means[0, 0] == 2.0
    assert math.isnan(means[0, 1])
