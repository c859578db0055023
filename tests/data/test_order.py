"""The autocorrelation of the target in time: near one for a walk, near zero for what has no order."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from whyfit.data.load import load
from whyfit.data.order import order_facts


def in_time(target, time=None):
    values = np.random.default_rng(0).normal(size=(len(target), 2))
    return replace(load((values, target)), time=np.arange(float(len(target))) if time is None else time)


@pytest.mark.parametrize("classes", [False, True], ids=["numbers", "classes"])
def test_a_walk_is_told_from_its_shuffled_twin(classes):
    rng = np.random.default_rng(1)
    walk = np.cumsum(rng.normal(size=800))
    target = (walk > np.median(walk)).astype(int) if classes else walk
    facts, twin = order_facts(in_time(target)), order_facts(in_time(rng.permutation(target)))
    assert facts.autocorrelation > 0.9
    assert abs(twin.autocorrelation) < twin.by_chance == pytest.approx(1.96 / 800**0.5)


def test_numbers_have_pearsons_correlation_with_the_next_row():
    target = np.random.default_rng(0).normal(size=5000)
    target[1:] += 0.5 * target[:-1]
    there = order_facts(in_time(target)).autocorrelation
    assert there == pytest.approx(np.corrcoef(target[1:], target[:-1])[0, 1], abs=1e-3)


def test_rows_are_taken_in_the_order_of_their_time():
    walk = np.cumsum(np.random.default_rng(0).normal(size=300))
    order = np.random.default_rng(1).permutation(300)
    shuffled = in_time(walk[order], time=order.astype(float))
    assert order_facts(shuffled).autocorrelation == pytest.approx(order_facts(in_time(walk)).autocorrelation)


def test_without_a_time_or_a_change_there_is_nothing_to_say():
    data = in_time(np.arange(10.0))
    assert order_facts(replace(data, time=None)) is None
    assert order_facts(replace(data, target=np.ones((10, 1)))) is None
