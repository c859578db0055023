"""Scales are fitted a slab of rows at a time: the same numbers as at once, and no copy of the data."""

import tracemalloc

import numpy as np
import pytest

from study.fakes import table
from training.members import images
from whyfit.data import encode
from whyfit.data.encode import features_of, fit_scaling


@pytest.mark.parametrize("data", [table(rows=500, classes=2), images(rows=60)], ids=["table", "images"])
def test_slabs_give_the_scales_of_the_whole(data, monkeypatch):
    features, train = features_of(data), np.arange(3, data.rows)
    whole = fit_scaling(features, train)
    monkeypatch.setattr(encode, "SLAB_NUMBERS", 100)
    slabs = fit_scaling(features, train)
    np.testing.assert_allclose(slabs.shift, whole.shift, rtol=1e-6, atol=1e-7)
    np.testing.assert_allclose(slabs.scale, whole.scale, rtol=1e-6)


def test_fitting_takes_a_fraction_of_the_memory_of_the_rows(monkeypatch):
    monkeypatch.setattr(encode, "SLAB_NUMBERS", 1 << 14)
    data = table(rows=200_000, classes=2)
    features, train = features_of(data), np.arange(data.rows)
    tracemalloc.start()
    fit_scaling(features, train[:10])
    before = tracemalloc.get_traced_memory()[0]
    tracemalloc.reset_peak()
    fit_scaling(features, train)
    taken = tracemalloc.get_traced_memory()[1] - before
    tracemalloc.stop()
    assert taken < features.values.size * 8 / 4  # of one copy in float64
