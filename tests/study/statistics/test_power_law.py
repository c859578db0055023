"""The power law: found where it was planted, flat where nothing falls, its projection as wide as its noise."""

import numpy as np
import pytest

from whyfit.errors import ArgumentError
from whyfit.study.statistics.power_law import fit_power_law, projected

ROWS = np.array([125, 250, 500, 1000])


def planted(noise, floor=0.1, scale=2.0, exponent=0.5, seed=0):
    draw = np.random.default_rng(seed)
    return floor + scale * ROWS**-exponent + noise * draw.normal(size=(2, 5, ROWS.size))


@pytest.mark.parametrize("exponent", [0.2, 0.5, 1.0])
def test_a_planted_law_is_found(exponent):
    law = fit_power_law(ROWS, 0.1 + 2.0 * ROWS**-exponent)
    assert law.at(2000) == pytest.approx(0.1 + 2.0 * 2000**-exponent, rel=0.01)


def test_errors_that_do_not_fall_are_projected_flat():
    assert fit_power_law(ROWS, np.full(4, 0.3)).at(4000) == pytest.approx(0.3)


def test_errors_that_rise_with_rows_are_projected_flat_not_below_zero():
    law = fit_power_law(ROWS, np.array([0.1, 0.12, 0.14, 0.16]))
    assert law.scale == pytest.approx(0.0)
    assert law.at(4000) == pytest.approx(0.13)


def test_a_law_never_falls_below_zero():
    assert fit_power_law(ROWS, np.array([0.4, 0.2, 0.1, 0.05])).at(10**6) >= 0.0


def test_the_interval_holds_the_truth_in_most_planted_studies():
    """Fits drawn apart: with the overlap term, meant for folds that share rows, it must hold more than 95 %."""
    truth = 0.1 + 2.0 * 2000**-0.5
    seen = [projected(ROWS, planted(0.01, seed=seed), 2000, scored=250, trained=1000).estimate() for seed in range(60)]
    assert np.mean([one.low <= truth <= one.high for one in seen]) >= 0.9


def test_twice_the_noise_makes_the_interval_wider():
    widths = []
    for noise in (0.004, 0.016):
        seen = projected(ROWS, planted(noise), 2000, scored=250, trained=1000).estimate()
        widths.append(seen.high - seen.low)
    assert widths[1] > 1.5 * widths[0]


def test_two_sizes_make_no_law():
    with pytest.raises(ArgumentError, match="at least 3 sizes"):
        fit_power_law(ROWS[:2], np.array([0.2, 0.1]))
