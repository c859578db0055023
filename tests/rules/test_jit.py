"""Compiled functions: lazy, with flags that keep NaN detectable, callable from each other, picklable."""

import pickle
import subprocess
import sys

import numpy as np
import pytest

from whyfit.rules.activations import relu
from whyfit.rules.jit import FAST, FLAGS, ORDERED, by_precision, jit, ordered


@jit
def total(x):
    s = x.dtype.type(0)
    for i in range(x.size):
        s += x[i]
    return s


@jit
def has_nan(x):
    found = 0
    for i in range(x.size):
        if x[i] != x[i]:
            found += 1
    return found


@jit
def is_finite(x):
    s = x.dtype.type(0)
    for i in range(x.size):
        s += x[i] * x.dtype.type(0)
    return s == x.dtype.type(0)


@ordered
def one_single(x):
    return np.float32(1.0)


@ordered
def two_double(x):
    return 2.0


which = by_precision(one_single, two_double)


@jit
def mark(x):
    for i in range(x.size):
        x[i] = which(x[i])


def test_the_catalogues_are_read_without_numba_scipy_and_torch():
    code = (
        "import sys, whyfit.rules.activations, whyfit.rules.optimizers\n"
        "import whyfit.rules.initializers, whyfit.rules.losses\n"
        "from whyfit.rules.optimizers import optimizers\n"
        "repr(list(optimizers.values()))\n"
        "print([name for name in ('numba', 'scipy', 'torch', 'sklearn') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_flags_that_assume_there_is_no_nan_are_not_set():
    assert not {"nnan", "ninf", "fast"} & (FAST | ORDERED | FLAGS["fastmath"])
    assert "reassoc" not in ORDERED


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("place", [0, 17, 999])
def test_a_planted_nan_is_found_and_its_healthy_twin_has_none(dtype, place):
    x = np.ones(1000, dtype)
    assert has_nan(x) == 0
    assert is_finite(x)
    x[place] = np.nan
    assert has_nan(x) == 1
    assert not is_finite(x)


@pytest.mark.parametrize("bad", [np.inf, -np.inf])
def test_a_planted_infinity_is_found(bad):
    x = np.ones(1000, np.float32)
    x[500] = bad
    assert not is_finite(x)
    assert has_nan(x) == 0


def test_a_function_by_precision_is_chosen_by_the_type_of_the_number():
    single, double = np.zeros(2, np.float32), np.zeros(2)
    mark(single)
    mark(double)
    assert single.tolist() == [1.0, 1.0]
    assert double.tolist() == [2.0, 2.0]


def test_a_compiled_function_travels_as_its_name():
    assert pickle.loads(pickle.dumps(relu.forward)) is relu.forward
    assert repr(relu.forward) == "<compiled whyfit.rules.activations.relu.forward>"


def test_it_keeps_its_docstring_and_its_python_twin():
    assert "max(z, 0)" in relu.forward.__doc__
    assert total.py_func(np.arange(4.0)) == total(np.arange(4.0)) == 6.0
