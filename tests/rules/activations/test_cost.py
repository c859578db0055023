"""The measured cost an element: all entries, in nanoseconds, plain numbers."""

import numpy as np

from whyfit.rules.activations import activations
from whyfit.rules.activations.cost import measure_costs


def test_every_entry_is_measured_forwards_and_backwards():
    costs = measure_costs(elements=256, rounds=2)
    assert [cost.name for cost in costs] == list(activations)
    numbers = np.array([[cost.forward, cost.backward] for cost in costs])
    assert np.isfinite(numbers).all()
    assert (numbers > 0).all()
