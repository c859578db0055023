"""Upper figures of the noise: near the truth in a smooth world of few inputs, above it elsewhere."""

import numpy as np
import pytest

from whyfit.errors import ArgumentError
from whyfit.study.statistics.nearby import neighbour_figures


def world(rows, idle, seed=0):
    noise = np.random.default_rng(seed)
    x = noise.uniform(-1.0, 1.0, size=(rows, 2 + idle))
    return x, np.sin(3.0 * x[:, 0]) + x[:, 1] + 0.5 * noise.normal(size=rows)


def test_a_smooth_world_of_two_inputs_shows_its_noise():
    found = neighbour_figures(*world(2000, idle=0), classes=False)
    assert found.gamma == pytest.approx(0.25, rel=0.15)
    assert found.nearest == pytest.approx(0.25, rel=0.15)


def test_idle_inputs_raise_the_figures():
    clear, idle = (neighbour_figures(*world(500, idle=count), classes=False) for count in (0, 6))
    assert idle.nearest > 1.3 * clear.nearest


def test_classes_count_neighbours_of_another_class():
    x = np.linspace(0.0, 1.0, 200)[:, None]
    assert neighbour_figures(x, (x[:, 0] > 0.5).astype(int), classes=True).nearest < 0.03
    coins = np.random.default_rng(0).integers(0, 2, size=200)
    assert neighbour_figures(x, coins, classes=True).nearest == pytest.approx(0.5, abs=0.1)


def test_many_equal_rows_are_each_others_neighbours():
    found = neighbour_figures(np.zeros((40, 2)), np.random.default_rng(0).normal(size=40), classes=False)
    assert found.gamma > 0.3


def test_a_row_is_never_its_own_neighbour():
    x = np.repeat(np.arange(20.0), 2)[:, None]
    assert neighbour_figures(x, np.tile([0, 1], 20), classes=True).nearest == 1.0


def test_large_tables_are_sampled():
    assert neighbour_figures(*world(6000, idle=0), classes=False).rows == 5000


@pytest.mark.parametrize("inputs", [np.zeros((10, 2)), np.full((20, 1), np.nan)])
def test_too_few_rows_or_missing_values_are_refused(inputs):
    with pytest.raises(ArgumentError, match="no missing value"):
        neighbour_figures(inputs, np.zeros(inputs.shape[0]), classes=False)
