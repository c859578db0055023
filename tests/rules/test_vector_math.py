"""Vectorised functions against NumPy in long double, and SciPy: errors in units of the last place, limits, NaN."""

import numpy as np
import pytest
from scipy.special import erfcx, ndtr

from whyfit.rules import vector_math
from whyfit.rules.jit import jit


def looped(function):
    @jit
    def loop(x, y):
        for i in range(x.size):
            y[i] = function(x[i])

    return loop


LOOPS = {
    name: looped(getattr(vector_math, name))
    for name in ("exp", "expm1", "sigmoid", "tanh", "log1p", "log", "softplus", "normal_share", "gelu_slope")
}


def apply(name, x):
    y = np.empty_like(x)
    LOOPS[name](x, y)
    return y


def points(low, high, dtype):
    """Near zero on all scales, and evenly over the range."""
    rng = np.random.default_rng(0)
    near = np.concatenate([rng.normal(0, scale, 20_000) for scale in (1e-6, 1e-3, 0.1, 1.0)])
    x = np.concatenate([near, np.linspace(low, high, 100_001)]).astype(dtype)
    return x[(x >= low) & (x <= high)]


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
    "normal_share": (1.0, 0.0),
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
    """Looks at the machine's own code: a vector multiplication or addition of float32 is there, a libm call is not."""
    loop = LOOPS[name].dispatcher
    loop(np.ones(8, np.float32), np.ones(8, np.float32))
    code = loop.inspect_asm(next(s for s in loop.signatures if "float32" in str(s[0])))
    assert any(word in code for word in ("vmulps", "mulps", "vfmadd", "fmla", "fmul\tv"))
    assert not any(call in code for call in ("expf", "tanhf", "logf", "erff", "log1pf"))
