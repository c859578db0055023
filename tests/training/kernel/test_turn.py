"""Transposing in blocks against NumPy."""

import numpy as np
import pytest

from whyfit.training.kernel.turn import SIDE, WIDE, turn


@pytest.mark.parametrize("dtype", [np.float32, np.float64], ids=lambda dtype: dtype.__name__)
def test_every_number_is_turned_whatever_is_left_at_the_edges(dtype):
    for m in (1, SIDE - 1, SIDE, SIDE + 1, 130):
        for n in (1, SIDE, WIDE - 1, WIDE, WIDE + SIDE, 2 * WIDE + 7):
            source, target = np.arange(m * n, dtype=dtype).reshape(m, n), np.full((n, m), np.nan, dtype)
            turn(source, target)
            np.testing.assert_array_equal(target, source.T)
