"""Vectorised functions against NumPy in long double: errors in units of the last place, limits, NaN."""

import numpy as np
import pytest

from rules.loops import looped, points, runs_on_vectors
from whyfit.rules import vector_math

LOOPS = {
    name: looped(getattr(vector_math, name)) for name in ("exp", "expm1", "sigmoid", "tanh", "log1p", "log", "softplus")
}


def apply(name, x):
    y = np.empty_like(x)
    LOOPS[name](x, y)
    return y


def last_places(y, exact):
    return np.abs(y - exact) / np.spacing(np.abs(exact).astype(y.dtype))


EXACT = {
    # name: (long double reference, lowest, highest, last places allowed)
    "exp": (np.exp, -86.0, 88.0, 1.5),
    "expm1": (np.expm1, -80.0, 88.0, 2.0),
    "sigmoid": (lambda x: 1 / (1 + np.exp(-x)), -86.0, 86.0, 3.0),
    "tanh": (np.tanh, -30.0, 30.0, 3.0),
    "log1p": (np.log1p, 0.0, 1.0, 2.5),
    "log": (np.log, 1e-30, 1e30, 2.5),
    "softplus": (lambda x: np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x))), -80.0, 19.9, 3.5),
}


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", EXACT)
def test_the_error_is_a_few_last_places(name, dtype):
    reference, low, high, allowed = EXACT[name]
    x = points(low, high, dtype)
    worst = last_places(apply(name, x), reference(x.astype(np.longdouble))).max()
    assert worst <= allowed


def test_the_error_of_log_near_one_is_a_few_last_places():
    x = (1 + np.linspace(-0.2, 0.2, 10_001)).astype(np.float32)
    assert last_places(apply("log", x), np.log(x.astype(np.longdouble))).max() <= 2.5


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_tanh_near_zero_is_not_off_as_the_plain_form_is(dtype):
    x = np.geomspace(1e-7, 1e-3, 1000).astype(dtype)
    plain = (1 - np.exp(-2 * x)) / (1 + np.exp(-2 * x))
    eps = np.finfo(dtype).eps
    np.testing.assert_allclose(apply("tanh", x), np.tanh(x), rtol=4 * eps)
    assert np.abs(plain / np.tanh(x) - 1).max() > 1e3 * eps


LIMITS = {
    "exp": (np.inf, 0.0),
    "expm1": (np.inf, -1.0),
    "sigmoid": (1.0, 0.0),
    "tanh": (1.0, -1.0),
    "softplus": (np.inf, 0.0),
}


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", LIMITS)
def test_infinity_gives_the_limit_and_nan_stays_nan(name, dtype):
    far = np.array([np.inf, -np.inf, 2000.0, -2000.0, np.nan] * 7, dtype)
    high, low = LIMITS[name]
    result = apply(name, far).reshape(7, 5)
    if name != "softplus":
        assert (result[:, 2] == high).all()
    assert (result[:, 0] == high).all()
    assert (result[:, [1, 3]] == low).all()
    assert np.isnan(result[:, 4]).all()


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_log_of_infinity_and_nan(dtype):
    assert apply("log", np.array([np.inf], dtype))[0] == np.inf
    assert np.isnan(apply("log", np.array([np.nan], dtype))[0])


def test_exp_is_zero_under_the_smallest_normal_number_and_infinite_over_the_largest():
    assert apply("exp", np.array([-87.0, 88.73], np.float32)).tolist() == [0.0, np.inf]
    assert apply("exp", np.array([-708.0, 709.79])).tolist() == [0.0, np.inf]


@pytest.mark.parametrize("name", LOOPS)
def test_the_loop_runs_on_vectors_and_calls_nothing_an_element(name):
    assert runs_on_vectors(LOOPS[name])
