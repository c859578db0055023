"""Holm's rule against its definition as closed testing with Bonferroni, and its family level."""

from itertools import combinations

import numpy as np
import pytest

from whyfit.errors import ArgumentError
from whyfit.study.statistics.holm import holm_adjusted


def closed_testing(p, level):
    """Reject i when every set of hypotheses with i in it has a p of at most level over its size."""
    count = len(p)
    sets = [s for size in range(1, count + 1) for s in combinations(range(count), size)]
    return [all(min(p[j] for j in s) <= level / len(s) for s in sets if i in s) for i in range(count)]


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("level", [0.01, 0.05, 0.2])
def test_equals_closed_testing(seed, level):
    p = np.random.default_rng(seed).random(5) ** 3
    assert (holm_adjusted(p) <= level).tolist() == closed_testing(p, level)


def test_one_hypothesis_keeps_its_p():
    assert holm_adjusted(np.array([0.03])).tolist() == [0.03]


def test_an_untested_remedy_counts_but_is_never_rejected():
    assert holm_adjusted(np.array([0.02, np.nan])).tolist() == [0.04, 1.0]


def test_no_hypotheses_give_no_answers():
    assert holm_adjusted(np.array([])).size == 0


def test_refuses_what_is_no_probability():
    with pytest.raises(ArgumentError, match=r"`p` must lie in \[0, 1\]"):
        holm_adjusted(np.array([1.5]))


def test_any_false_claim_stays_under_the_level_whatever_the_dependence():
    noise = np.random.default_rng(0)
    common = noise.normal(size=(4000, 1))
    from scipy.stats import norm

    for share in (0.0, 0.9):
        z = np.sqrt(share) * common + np.sqrt(1 - share) * noise.normal(size=(4000, 6))
        claims = [np.any(holm_adjusted(2 * norm.sf(abs(row))) <= 0.05) for row in z]
        assert np.mean(claims) <= 0.06
