"""Wilson's interval against its definition as the roots of a quadratic, and under cross-validation."""

import numpy as np
import pytest

from whyfit.errors import ArgumentError
from whyfit.study.statistics.interval import row_and_refit
from whyfit.study.statistics.proportion import effective_rows, wilson, zero_one_estimate
from whyfit.study.statistics.quantiles import normal_quantile


@pytest.mark.parametrize("share", [0.0, 0.01, 0.3, 0.5, 1.0])
@pytest.mark.parametrize("count", [5, 47.3, 1000])
def test_its_ends_solve_the_score_equation(share, count):
    """(p − share)² = z²·p(1 − p)/N at both ends."""
    z = normal_quantile(0.975)
    for end in wilson(share, count):
        assert (end - share) ** 2 == pytest.approx(z**2 * end * (1 - end) / count, abs=1e-12)


def test_few_errors_never_give_a_limit_outside_zero_and_one():
    assert wilson(0.0, 10)[0] == 0.0
    assert wilson(1.0, 10)[1] == 1.0
    assert wilson(0.001, 10)[0] > 0.0


def test_refuses_a_share_above_one():
    with pytest.raises(ArgumentError, match=r"`share` must lie in \[0, 1\]"):
        wilson(1.2, 10)


def test_the_effective_rows_of_independent_answers_are_about_the_rows():
    """Answers that depend on the row alone: V = k/(k−1)·p(1−p)/n and some fold noise."""
    noise = np.random.default_rng(0)
    wrong = (noise.random(1000) < 0.2).astype(float)
    folds = np.stack([noise.permutation(1000) % 5 for _ in range(8)])
    spread = row_and_refit(np.broadcast_to(wrong, (8, 1, 1000)), folds, training_rows=800)
    assert 600 < effective_rows(spread) < 850


def test_no_error_at_all_still_has_an_upper_limit():
    folds = np.stack([np.arange(40) % 5] * 2)
    estimate = zero_one_estimate(row_and_refit(np.zeros((2, 1, 40)), folds, training_rows=32))
    assert (estimate.value, estimate.low) == (0.0, 0.0)
    assert 0.05 < estimate.high < 0.15


def test_one_repeat_has_no_interval():
    estimate = zero_one_estimate(row_and_refit(np.eye(20)[None, :1], np.arange(20)[None] % 5, training_rows=16))
    assert (estimate.low, estimate.why_none) == (None, "too_few_repeats")
