"""The limits of an error: a share stays in [0, 1], any other is never negative, and skewed means are covered."""

import math

import numpy as np
import pytest

from whyfit.evidence.estimate import Estimate
from whyfit.study.statistics.limits import error_estimate, log_scaled
from whyfit.study.statistics.proportion import zero_one_estimate
from whyfit.study.statistics.spread import Spread


def spread_of(value, variance, why_none=None):
    return Spread(
        value=value, rows_variance=variance, nets_variance=0.0, fits=15, rows=60, training_rows=48, folds=5,
        repeats=3, method="row_and_refit", why_none=why_none,
    )  # fmt: skip


def test_a_share_has_wilsons_limits():
    spread = spread_of(0.1, 1e-3)
    assert error_estimate(spread, bounded=True) == zero_one_estimate(spread)


def test_limits_without_bound_are_symmetric_on_the_log_scale():
    spread = spread_of(2.0, 0.25)
    ours, plain = error_estimate(spread, bounded=False), spread.estimate()
    assert ours.low * ours.high == pytest.approx(4.0)
    assert math.log(ours.high / 2.0) == pytest.approx((plain.high - 2.0) / 2.0)


def test_an_error_is_never_negative_however_uncertain():
    assert spread_of(0.5, 1.0).estimate().low < 0 < error_estimate(spread_of(0.5, 1.0), bounded=False).low


def test_an_interval_too_wide_to_say_anything_ends_nowhere():
    assert error_estimate(spread_of(1e-9, 1.0), bounded=False).high == math.inf


@pytest.mark.parametrize("value", [0.0, -0.3])
def test_what_is_not_positive_keeps_its_plain_limits(value):
    spread = spread_of(value, 0.01)
    assert error_estimate(spread, bounded=False) == spread.estimate()


def test_where_there_is_no_interval_none_is_made():
    silent = Estimate(2.0, why_none="diverged")
    assert log_scaled(silent) is silent
    assert error_estimate(spread_of(2.0, math.nan, "diverged"), bounded=False).low is None


def test_means_of_skewed_losses_are_covered_better():
    """Means of twelve lognormal losses: the truth lies above the plain limits too often."""
    losses, truth = np.random.default_rng(0).lognormal(size=(4000, 12)), math.exp(0.5)
    plain = [spread_of(float(row.mean()), float(row.var(ddof=1)) / row.size) for row in losses]
    intervals = {
        "plain": [one.estimate() for one in plain],
        "log": [error_estimate(one, bounded=False) for one in plain],
    }
    covered = {name: np.mean([one.low <= truth <= one.high for one in ones]) for name, ones in intervals.items()}
    assert covered["log"] > covered["plain"] + 0.01
