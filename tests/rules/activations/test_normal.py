"""The normal distribution in compiled loops against SciPy: errors, tail, limits, NaN."""

import numpy as np
import pytest
from scipy.special import erfcx, ndtr

from rules.loops import looped, points, runs_on_vectors
from whyfit.rules.activations import normal

LOOPS = {name: looped(getattr(normal, name)) for name in ("normal_share", "gelu_slope")}


def apply(name, x):
    y = np.empty_like(x)
    LOOPS[name](x, y)
    return y


NORMAL = {
    "normal_share": ndtr,
    "gelu_slope": lambda x: ndtr(x) + x * np.exp(-x * x / 2) / np.sqrt(2 * np.pi),
}


@pytest.mark.parametrize(("dtype", "allowed"), [(np.float32, 5e-7), (np.float64, 2e-15)])
@pytest.mark.parametrize("name", NORMAL)
def test_the_normal_distribution_and_the_slope_of_gelu_are_right_to_the_last_places_of_one(name, dtype, allowed):
    x = points(-40, 40, dtype)
    np.testing.assert_allclose(apply(name, x), NORMAL[name](x.astype(np.float64)), rtol=0, atol=allowed)


def test_the_far_tail_of_the_normal_distribution_is_right_relatively_in_float64():
    x = np.linspace(-12, -3, 1001)
    wide = x.astype(np.longdouble)
    exact = np.exp(-wide * wide / 2) * erfcx(-x / np.sqrt(2)) / 2
    # The rounding of x² alone is worth x²/2 ≤ 72 last places of the result.
    np.testing.assert_allclose(apply("normal_share", x), exact.astype(np.float64), rtol=80 * np.finfo(np.float64).eps)


def test_far_below_zero_nothing_is_left_in_float32():
    assert apply("normal_share", np.array([-6.0], np.float32))[0] == 0.0
    assert apply("gelu_slope", np.array([6.0], np.float32))[0] == 1.0


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_infinity_gives_the_limit_and_nan_stays_nan(dtype):
    far = np.array([np.inf, -np.inf, np.nan] * 7, dtype)
    np.testing.assert_array_equal(apply("normal_share", far), np.array([1.0, 0.0, np.nan] * 7))
    assert np.isnan(apply("gelu_slope", far[2::3])).all()


@pytest.mark.parametrize("name", LOOPS)
def test_the_loop_runs_on_vectors_and_calls_nothing_an_element(name):
    assert runs_on_vectors(LOOPS[name])
