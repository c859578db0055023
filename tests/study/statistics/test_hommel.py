"""Hommel's rule against its definition as closed testing with Simes' test, and its family level."""

from itertools import combinations

import numpy as np
import pytest

from whyfit.data.shifts import holm
from whyfit.errors import ArgumentError
from whyfit.study.statistics.hommel import hommel_adjusted


def closed_testing(p, level):
    """Reject i when Simes rejects every set with i in it: some k-th smallest p at most k times level over its size."""
    count = len(p)
    sets = [s for size in range(1, count + 1) for s in combinations(range(count), size)]
    return [all(simes(p[list(s)]) <= level for s in sets if i in s) for i in range(count)]


def simes(p):
    return (p.size * np.sort(p) / np.arange(1, p.size + 1)).min()


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("level", [0.01, 0.05, 0.2])
def test_equals_closed_testing(seed, level):
    p = np.random.default_rng(seed).random(5) ** 3
    assert (hommel_adjusted(p) <= level).tolist() == closed_testing(p, level)


@pytest.mark.parametrize("seed", range(20))
def test_rejects_all_that_holms_rule_does(seed):
    p = np.random.default_rng(seed).random(13) ** 4
    assert np.all(hommel_adjusted(p) <= holm(p) + 1e-12)


@pytest.mark.parametrize("seed", range(10))
def test_what_is_tested_later_takes_no_claim_back(seed):
    p = np.random.default_rng(seed).random(8) ** 3
    before = hommel_adjusted(np.where(np.arange(8) < 5, p, np.nan))
    assert np.all(hommel_adjusted(p)[:5] <= before[:5])


def test_one_hypothesis_keeps_its_p():
    assert hommel_adjusted(np.array([0.03])).tolist() == [0.03]


def test_an_untested_remedy_counts_but_is_never_rejected():
    assert hommel_adjusted(np.array([0.02, np.nan])).tolist() == [0.04, 1.0]


def test_no_hypotheses_give_no_answers():
    assert hommel_adjusted(np.array([])).size == 0


def test_refuses_what_is_no_probability():
    with pytest.raises(ArgumentError, match=r"`p` must lie in \[0, 1\]"):
        hommel_adjusted(np.array([1.5]))


def test_any_false_claim_stays_under_the_level_with_independent_and_with_dependent_tests():
    noise = np.random.default_rng(0)
    common = noise.normal(size=(4000, 1))
    from scipy.stats import norm

    for share, signs in ((0.0, 1.0), (0.9, 1.0), (0.9, np.array([1.0, -1.0, 1.0, -1.0, 1.0, -1.0]))):
        z = np.sqrt(share) * common * signs + np.sqrt(1 - share) * noise.normal(size=(4000, 6))
        claims = [np.any(hommel_adjusted(2 * norm.sf(abs(row))) <= 0.05) for row in z]
        assert np.mean(claims) <= 0.06
