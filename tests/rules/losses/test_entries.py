"""Every loss against autograd, its chance value against other constants, and its limits."""

import numpy as np
import pytest
import torch
from torch.nn import functional

from whyfit.rules.losses import losses

TORCH = {
    "cross_entropy": lambda z, y: functional.cross_entropy(z, y, reduction="none"),
    "squared_error": lambda z, y: functional.mse_loss(z, y, reduction="none").mean(1),
    "binary_cross_entropy": lambda z, y: functional.binary_cross_entropy_with_logits(z, y, reduction="none").mean(1),
    "absolute_error": lambda z, y: functional.l1_loss(z, y, reduction="none").mean(1),
    "huber": lambda z, y: functional.huber_loss(z, y, reduction="none").mean(1),
}
EVERY = pytest.mark.parametrize("entry", losses.values(), ids=lambda entry: entry.name)
BOTH = pytest.mark.parametrize("dtype", [np.float32, np.float64], ids=lambda dtype: dtype.__name__)
ROWS, OUTPUTS = 37, 5


def case(entry, dtype, seed=0):
    """Raw outputs and what is wanted, (rows, outputs); some far off, some exactly right, some on Huber's edge."""
    rng = np.random.default_rng(seed)
    values = 3 * rng.normal(size=(ROWS, OUTPUTS))
    values[0] = [60, -60, 0, 30, -30]
    if entry.link == "softmax":
        wanted = 0.9 * np.eye(OUTPUTS)[rng.integers(OUTPUTS, size=ROWS)] + 0.1 / OUTPUTS  # smoothed
    elif entry.link == "sigmoid":
        wanted = rng.integers(2, size=(ROWS, OUTPUTS)).astype(float)
    else:
        wanted = rng.normal(size=(ROWS, OUTPUTS))
        values[1], values[2], values[3] = wanted[1], wanted[2] + 1, wanted[3] - 1
    return values.astype(dtype), wanted.astype(dtype)


def run(entry, values, wanted):
    z, y = np.ascontiguousarray(values.T), np.ascontiguousarray(wanted.T)
    delta, each = np.empty_like(z), np.empty(len(values), z.dtype)
    entry.value_and_gradient(z, y, delta, each)
    return each, delta.T


@BOTH
@EVERY
def test_value_and_gradient_equal_autograd(entry, dtype):
    values, wanted = case(entry, dtype)
    peer = torch.tensor(values, requires_grad=True)
    expected = TORCH[entry.name](peer, torch.tensor(wanted))
    expected.sum().backward()
    each, delta = run(entry, values, wanted)
    tolerance = 1e-12 if dtype is np.float64 else 3e-6
    np.testing.assert_allclose(each, expected.detach().numpy(), rtol=tolerance, atol=tolerance)
    np.testing.assert_allclose(delta, peer.grad.numpy(), rtol=tolerance, atol=tolerance)


@EVERY
def test_the_plain_twin_equals_the_compiled_code(entry):
    values, wanted = case(entry, np.float64)
    np.testing.assert_allclose(run(entry, values, wanted)[0], entry.value(values, wanted), rtol=1e-12, atol=1e-12)


@BOTH
@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
@EVERY
def test_a_planted_value_that_is_not_finite_shows_in_its_row_and_in_no_other(entry, bad, dtype):
    values, wanted = case(entry, dtype)
    values[11, 2] = bad
    each, _ = run(entry, values, wanted)
    kept_finite = entry.name == "cross_entropy" and bad == -np.inf and wanted[11, 2] == 0
    assert np.flatnonzero(~np.isfinite(each)).tolist() == ([] if kept_finite else [11]) or (
        # −∞ where "no" is wanted, +∞ where "yes" is: right for certain, a loss of 0.
        entry.name == "binary_cross_entropy" and np.isinf(bad)
    )


@BOTH
@EVERY
def test_very_large_outputs_give_no_overflow(entry, dtype):
    values, wanted = case(entry, dtype)
    each, delta = run(entry, values * dtype(1e4), wanted)
    assert np.isfinite(each).all()
    assert np.isfinite(delta).all()


@EVERY
def test_no_constant_near_or_far_beats_chance(entry):
    """All five are convex in the constant, so what is best nearby is best of all."""
    _, wanted = case(entry, np.float64, seed=5)
    rng = np.random.default_rng(3)
    weights = rng.random(ROWS)
    share = weights / weights.sum()
    best, chance = entry.constant(wanted, share), entry.chance(wanted, weights)
    for scale in (1e-4, 1e-2, 1.0):
        for _ in range(50):
            other = best + scale * rng.normal(size=OUTPUTS)
            other_loss = float(share @ entry.value(np.broadcast_to(other, wanted.shape), wanted))
            assert other_loss >= chance - 1e-12


def test_chance_values_known_on_paper():
    balanced = np.eye(10)[np.arange(100) % 10]
    assert losses["cross_entropy"].chance(balanced) == pytest.approx(np.log(10))
    assert losses["binary_cross_entropy"].chance(np.array([[0.0], [1.0]])) == pytest.approx(np.log(2))
    target = np.random.default_rng(0).normal(2.0, 3.0, size=(500, 1))
    assert losses["squared_error"].chance(target) == pytest.approx(target.var())
    assert losses["absolute_error"].chance(target) == pytest.approx(np.abs(target - np.median(target)).mean())


def test_a_class_without_rows_and_an_output_that_is_always_yes_cost_nothing_by_chance():
    one_class = np.eye(3)[np.zeros(5, int)]
    assert losses["cross_entropy"].chance(one_class) == pytest.approx(0.0, abs=1e-12)
    assert losses["binary_cross_entropy"].chance(np.ones((4, 1))) == pytest.approx(0.0, abs=1e-12)


def test_rows_with_more_weight_move_the_constant():
    target, weights = np.array([[0.0], [1.0]]), np.array([3.0, 1.0])
    assert losses["squared_error"].chance(target, weights) == pytest.approx(0.25 * 0.75)
