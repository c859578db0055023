"""Numbers too small for a full fraction are zero inside the kernel, and the thread is as it was afterwards."""

import numpy as np
import pytest
from numba import njit

from training.members import classes_table, member
from whyfit.evidence.network import Perceptron
from whyfit.evidence.recipe import Recipe
from whyfit.training.kernel.compiled import run
from whyfit.training.kernel.job import STEPS
from whyfit.training.kernel.layout import BIAS, INPUTS, WEIGHT
from whyfit.training.kernel.pack import pack
from whyfit.training.kernel.subnormal import flush_subnormals, restore_subnormals

SMALLEST = np.finfo(np.float32).tiny


@njit
def halved(numbers, flushing):
    state = flush_subnormals() if flushing else 0
    for i in range(numbers.size):
        numbers[i] *= np.float32(0.5)
    if flushing:
        restore_subnormals(state)


@pytest.mark.parametrize("flushing", [True, False])
def test_half_the_smallest_normal_number_is_zero_only_while_flushing(flushing):
    numbers = np.full(7, SMALLEST, np.float32)
    halved(numbers, flushing)
    assert (numbers == 0.0).all() == flushing
    assert np.full(1, SMALLEST, np.float32)[0] * np.float32(0.5) > 0.0


def test_a_dead_unit_leaves_no_subnormal_state_behind():
    """Its running means shrink by a tenth a step: 30 steps take 1e-37 to 4e-39, a subnormal number, here to zero."""
    recipe = Recipe(network=Perceptron((8,)), epochs=30, patience=None, batch_size=None)
    packed = pack(member(recipe), classes_table(), np.zeros(1, np.uint8))
    mean, line = packed.vectors.state[0], packed.layout.table[1]
    packed.vectors.parameters[line[BIAS]] = -1e6
    unit = slice(line[WEIGHT], line[WEIGHT] + line[INPUTS])
    mean[unit] = 1e-37
    run(packed.args)
    assert packed.written.facts[STEPS] == 30
    assert (mean[unit] == 0.0).all()
