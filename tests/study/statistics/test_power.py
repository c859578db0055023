"""The rows asked for are the rows at which it works, four times in five."""

import math

import numpy as np
import pytest

from whyfit.errors import ArgumentError
from whyfit.study.statistics.power import rows_for_width, rows_to_rule_out, rows_to_show, smallest_gain
from whyfit.study.statistics.spread import Spread


def spread_of(value, variance, rows=100, fits=400):
    return Spread(
        value=value, rows_variance=variance, nets_variance=0.0, fits=fits, rows=rows, training_rows=80, folds=5,
        repeats=fits // 5, method="m",
    )  # fmt: skip


def test_a_gain_is_shown_four_times_in_five_at_the_rows_asked_for():
    spread = spread_of(0.1, 0.01)
    rows = rows_to_show(spread)
    error = math.sqrt(0.01 * 100 / rows)
    seen = 0.1 + error * np.random.default_rng(0).normal(size=20_000)
    assert np.mean(seen > 1.96 * error) == pytest.approx(0.8, abs=0.02)


def test_delta_is_ruled_out_four_times_in_five_at_the_rows_asked_for():
    spread = spread_of(0.1, 0.01)
    rows = rows_to_rule_out(spread, 0.05)
    error = math.sqrt(0.01 * 100 / rows)
    seen = error * np.random.default_rng(0).normal(size=20_000)
    assert np.mean(np.abs(seen) + 1.96 * error <= 0.05) == pytest.approx(0.8, abs=0.02)


def test_nothing_shows_a_gain_of_zero_or_rules_out_zero():
    assert rows_to_show(spread_of(0.0, 1.0)) == math.inf
    assert rows_to_rule_out(spread_of(0.0, 1.0), 0.0) == math.inf


@pytest.mark.parametrize(("error", "rows"), [(0.05, 2300), (0.1, 4300), (0.2, 7700), (0.3, 10_100), (0.5, 12_000)])
def test_a_point_of_error_takes_thousands_of_rows(error, rows):
    assert rows_for_width(0.01, error * (1 - error), folds=5) == pytest.approx(rows, rel=0.025)


def test_a_holdout_counts_scored_rows_only():
    assert rows_for_width(0.01, 0.09) == pytest.approx(rows_for_width(0.01, 0.09, folds=5) * 4 / 5, abs=1)


def test_many_remedies_and_looks_raise_what_can_be_shown():
    assert smallest_gain(4.0) == pytest.approx(2 * smallest_gain(1.0))
    assert smallest_gain(1.0, degrees=14) > smallest_gain(1.0)


@pytest.mark.parametrize(("half", "folds"), [(0.0, 5), (0.1, 1)])
def test_refuses_a_width_of_zero_and_a_single_fold(half, folds):
    with pytest.raises(ArgumentError, match="`half_width` must be above 0"):
        rows_for_width(half, 0.25, folds=folds)
