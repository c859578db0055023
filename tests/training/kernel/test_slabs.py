"""A large product is made in slabs, so that the flag is seen between them; a cut changes no bit."""

import numpy as np
import pytest
from numba import njit

from training.kernel.runs import trained
from training.members import classes_table, member
from whyfit.evidence.network import Perceptron
from whyfit.evidence.recipe import Recipe
from whyfit.training.kernel.compiled import run
from whyfit.training.kernel.dense import AT_ONCE, LEAST, down_in_slabs, next_slab, slab_of
from whyfit.training.kernel.job import CANCELLED, STATUS, STEPS
from whyfit.training.kernel.pack import pack

RANDOM = np.random.default_rng(0)


@njit
def slabs(units, each):
    return slab_of(units, each)


@njit
def product(a, b, slab):
    out = np.empty((a.shape[0], b.shape[1]), a.dtype)
    start = 0
    while start < a.shape[0]:
        end = start + next_slab(slab, a.shape[0] - start)
        np.dot(np.ascontiguousarray(a[start:end]), b, out[start:end].reshape(end - start, b.shape[1]))
        start = end
    return out


@njit
def down(weights, delta, slab, cancel):
    out = np.zeros(weights.shape[1] * delta.shape[1], weights.dtype)
    down_in_slabs(weights, delta, out, 0, slab, cancel)
    return out.reshape(weights.shape[1], delta.shape[1])


@njit
def down_whole(weights, delta):
    return np.dot(weights.T, delta)


def matrix(*shape, dtype):
    return RANDOM.standard_normal(shape).astype(dtype)


def both_ways(units, inputs, rows, dtype):
    """(cut, whole) of the three products of a layer."""
    weights, values = matrix(units, inputs, dtype=dtype), matrix(inputs, rows, dtype=dtype)
    delta, asked = matrix(units, rows, dtype=dtype), np.zeros(1, np.uint8)
    turned = np.ascontiguousarray(values.T)
    yield product(weights, values, LEAST), product(weights, values, units)
    yield product(delta, turned, LEAST), product(delta, turned, units)
    yield down(weights, delta, LEAST, asked), down_whole(weights, delta)


@pytest.mark.parametrize(
    ("units", "inputs", "rows"), [(128, 64, 3000), (100, 30, 2000), (130, 128, 5001), (96, 96, 777)]
)
def test_a_cut_product_has_the_bits_of_the_whole(units, inputs, rows):
    for cut, whole in both_ways(units, inputs, rows, np.float32):
        assert np.array_equal(cut, whole)


def test_in_double_precision_a_cut_product_is_the_whole_to_the_last_digits():
    for cut, whole in both_ways(130, 128, 5001, np.float64):
        np.testing.assert_allclose(cut, whole, rtol=1e-11, atol=1e-11)


def test_only_what_takes_long_is_cut_and_never_under_a_block():
    assert slabs(128, 128 * 32) == 128
    assert slabs(128, AT_ONCE // 128) == 128
    assert slabs(128, AT_ONCE // 64) == 64
    assert slabs(1000, 10 * AT_ONCE) == LEAST


def test_nothing_is_made_once_the_flag_is_set():
    made = down(matrix(64, 64, dtype=np.float32), matrix(64, 10, dtype=np.float32), LEAST, np.ones(1, np.uint8))
    assert (made == 0).all()


def test_a_member_whose_flag_is_set_is_cancelled_and_not_diverged_whatever_lies_in_its_memory():
    recipe = Recipe(network=Perceptron((8,)), epochs=3, patience=None)
    one, data = member(recipe), classes_table()
    assert trained(one, data, np.float32).written.facts[STATUS] != CANCELLED
    packed = pack(one, data, np.ones(1, np.uint8))
    packed.vectors.work[:] = np.nan
    run(packed.args)
    assert (packed.written.facts[STATUS], packed.written.facts[STEPS]) == (CANCELLED, 0)
