"""Paths on surfaces: right gradients, known paths, and what each surface is there to show."""

import numpy as np
import pytest

from whyfit.errors import ArgumentError
from whyfit.rules.optimizers import optimizers
from whyfit.rules.optimizers.surfaces import STEEP, SURFACES, angles
from whyfit.rules.optimizers.walk import walk

EVERY = pytest.mark.parametrize("surface", SURFACES.values(), ids=lambda surface: surface.name)
VALLEY = SURFACES["valley"]


@EVERY
def test_the_gradient_equals_a_complex_step(surface):
    points, h = np.random.default_rng(0).normal(size=(50, 2)), 1e-30
    for axis in range(2):
        step = np.imag(surface.value(points + 1j * h * np.eye(2)[axis])) / h
        np.testing.assert_allclose(surface.gradient(points)[:, axis], step, rtol=1e-12, atol=1e-12)


@EVERY
def test_the_minimum_is_one_and_lies_in_the_window(surface):
    place = np.array(surface.minimum or (0.0, 2.0))
    np.testing.assert_allclose(surface.gradient(place), 0.0, atol=1e-12)
    around = place + 1e-3 * np.random.default_rng(0).normal(size=(100, 2))
    assert (surface.value(around) > surface.value(place)).all()
    for point in (place, np.array(surface.start)):
        assert all(low <= x <= high for x, (low, high) in zip(point, surface.window, strict=True))


def test_plain_descent_on_the_valley_is_known_on_paper():
    """Each direction shrinks by 1 − rate·curvature a step."""
    path = walk("sgd", VALLEY.gradient, VALLEY.start, steps=20, rate=0.05)
    factors = 1 - 0.05 * np.array([1.0, STEEP])
    np.testing.assert_allclose(path[-1], np.array(VALLEY.start) * factors**20)


def test_plain_descent_diverges_just_over_two_over_the_curvature_and_not_just_under():
    under, over = (walk("sgd", VALLEY.gradient, VALLEY.start, steps=300, rate=r * 2 / STEEP) for r in (0.99, 1.01))
    assert abs(under[-1, 1]) < abs(VALLEY.start[1])
    assert abs(over[-1, 1]) > abs(VALLEY.start[1])


RATES = {"sgd": 0.03, "momentum": 0.02, "nesterov": 0.02, "adagrad": 0.5, "adadelta": 5.0, "asgd": 0.03}


@pytest.mark.parametrize("name", [name for name, e in optimizers.items() if e.works_on == "numbers"])
def test_every_rule_comes_near_the_bottom_of_the_valley(name):
    path = walk(name, VALLEY.gradient, VALLEY.start, steps=400, rate=RATES.get(name, 0.05))
    assert VALLEY.value(path[-1]) < 0.01 * VALLEY.value(path[0])


def test_momentum_turns_less_from_step_to_step():
    """With noise in the gradient; the angle is what the report shows as smoothing."""
    rng = np.random.default_rng(0)
    paths = [
        walk(name, lambda w: VALLEY.gradient(w) + rng.normal(size=2), (-4.0, 1.5), steps=200, rate=rate)
        for name, rate in (("sgd", 0.02), ("momentum", 0.002))
    ]
    plain, smooth = (np.nanmean(angles(path)) for path in paths)
    assert smooth < 0.6 * plain


def test_adam_leaves_the_saddle_long_before_plain_descent():
    saddle = SURFACES["saddle"]
    left = [
        int(np.argmax(np.abs(walk(name, saddle.gradient, saddle.start, steps=400, rate=0.02)[:, 1]) > 1))
        for name in ("adam", "sgd")
    ]
    assert 0 < left[0] < left[1] / 2


def test_decay_in_the_gradient_and_off_the_weights_differ_under_adam_and_agree_under_plain_descent():
    for name, same in (("sgd", True), ("adam", False)):
        inside, outside = (
            walk(name, VALLEY.gradient, VALLEY.start, steps=50, rate=0.03, **decay)
            for decay in ({"l2": 0.5}, {"weight_decay": 0.5})
        )
        assert np.allclose(inside, outside, rtol=1e-9) == same


def test_a_diverging_path_ends_in_infinities_without_a_warning():
    path = walk("sgd", VALLEY.gradient, VALLEY.start, steps=2000, rate=1.0)
    assert not np.isfinite(path[-1]).all()


def test_muon_is_refused_for_want_of_a_matrix():
    with pytest.raises(ArgumentError, match=r"`name` must be a rule for numbers, got 'muon'\."):
        walk("muon", VALLEY.gradient, VALLEY.start, steps=1)


def test_an_angle_after_no_step_is_not_a_number():
    assert np.isnan(angles(np.zeros((3, 2)))).all()
