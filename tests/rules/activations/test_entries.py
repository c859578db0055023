"""Every activation against autograd, against a complex step, against its plain twin; its facts against other ways."""

import numpy as np
import pytest
import torch
from scipy.integrate import quad
from torch.nn import functional

from whyfit.rules.activations import activations

SLOPE = 0.25
TORCH = {
    "identity": lambda z: z * 1,
    "relu": functional.relu,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "leaky_relu": functional.leaky_relu,
    "prelu": lambda z: functional.prelu(z, torch.tensor([SLOPE], dtype=z.dtype)),
    "elu": functional.elu,
    "selu": functional.selu,
    "gelu": functional.gelu,
    "silu": functional.silu,
    "mish": functional.mish,
    "softplus": functional.softplus,
    "hardswish": functional.hardswish,
    "hardsigmoid": functional.hardsigmoid,
    "gelu_tanh": lambda z: functional.gelu(z, approximate="tanh"),
}
OF_ONE_NUMBER = [entry for entry in activations.values() if entry.pieces == 1]
EVERY = pytest.mark.parametrize("entry", OF_ONE_NUMBER, ids=lambda entry: entry.name)
BOTH = pytest.mark.parametrize("dtype", [np.float32, np.float64], ids=lambda dtype: dtype.__name__)

KINKS = [-3.0, -0.0, 0.0, 3.0, 6.0, 20.0]
"""With the places where torch's own formulas change."""

TOLERANCE = {np.float32: 1e-6, np.float64: 1e-12}
LOOSER = {
    # torch rounds 1/6 to float32 here, in float64 too.
    ("hardsigmoid", np.float64): 1e-8,
    # A product of three numbers up to 7 and a difference from 1, on both sides.
    ("gelu_tanh", np.float32): 5e-6,
}


def values_before(dtype):
    rng = np.random.default_rng(0)
    far = [30.0, -30.0, 80.0, -80.0]
    return np.concatenate([KINKS, far, rng.normal(0, 1, 500), rng.normal(0, 8, 491)]).astype(dtype)


def run(entry, z):
    slope = np.full(1, SLOPE, z.dtype)
    a, d = np.empty_like(z), np.ones_like(z)
    entry.forward(z, a, slope)
    entry.backward(z, a, d, slope)
    return a, d


def test_every_entry_of_one_number_has_a_peer_in_torch():
    assert set(TORCH) == {entry.name for entry in OF_ONE_NUMBER}


@BOTH
@EVERY
def test_value_and_derivative_equal_autograd_at_kinks_too(entry, dtype):
    z = values_before(dtype)
    peer = torch.tensor(z, requires_grad=True)
    output = TORCH[entry.name](peer)
    output.sum().backward()
    a, d = run(entry, z)
    tolerance = LOOSER.get((entry.name, dtype), TOLERANCE[dtype])
    np.testing.assert_allclose(a, output.detach().numpy(), rtol=tolerance, atol=tolerance)
    np.testing.assert_allclose(d, peer.grad.numpy(), rtol=tolerance, atol=tolerance)


@EVERY
def test_the_plain_twins_equal_the_compiled_code(entry):
    z = values_before(np.float64)
    z = z[(np.abs(z) < 19) & (z != 0)]  # softplus turns linear at 20 as in torch, the twin does not
    a, d = run(entry, z)
    np.testing.assert_allclose(a, entry.value(z), rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(d, entry.derivative(z), rtol=1e-11, atol=1e-12)


@pytest.mark.parametrize("entry", [e for e in OF_ONE_NUMBER if e.smooth], ids=lambda entry: entry.name)
def test_the_written_derivative_equals_a_complex_step(entry):
    """f(z + ih)/h has no difference in it, so h may be tiny (Squire & Trapp 1998)."""
    z, h = np.linspace(-5, 5, 201), 1e-30
    step = np.imag(entry.value(z + 1j * h)) / h
    np.testing.assert_allclose(entry.derivative(z), step, rtol=1e-10, atol=1e-14)


@pytest.mark.parametrize("entry", [e for e in OF_ONE_NUMBER if not e.smooth], ids=lambda entry: entry.name)
def test_the_written_derivative_equals_central_differences_away_from_kinks(entry):
    z, h = np.linspace(-5.03, 5.07, 102), 1e-6
    difference = (entry.value(z + h) - entry.value(z - h)) / (2 * h)
    np.testing.assert_allclose(entry.derivative(z), difference, atol=1e-8)


@BOTH
@EVERY
def test_the_backward_pass_reads_only_what_it_says(entry, dtype):
    """The other array is full of NaN, and nothing changes."""
    z = values_before(dtype)
    slope = np.full(1, SLOPE, dtype)
    a, expected = run(entry, z)
    nothing, d = np.full_like(z, np.nan), np.ones_like(z)
    entry.backward(nothing if entry.reads == "a" else z, nothing if entry.reads == "z" else a, d, slope)
    np.testing.assert_array_equal(d, expected)


@BOTH
@pytest.mark.parametrize("entry", [e for e in OF_ONE_NUMBER if e.both], ids=lambda entry: entry.name)
def test_one_pass_for_both_gives_what_two_passes_give(entry, dtype):
    z = values_before(dtype)
    z[5] = np.nan
    value, slope = run(entry, z)
    a = np.empty_like(z)
    entry.both(z, a)
    tolerance = LOOSER.get((entry.name, dtype), TOLERANCE[dtype])
    np.testing.assert_allclose(a, value, rtol=tolerance, atol=tolerance)
    np.testing.assert_allclose(z, slope, rtol=tolerance, atol=tolerance)


@BOTH
@EVERY
def test_a_planted_nan_passes_forwards_and_backwards_and_nothing_else_is_nan(entry, dtype):
    z, place = values_before(dtype), 37
    z[place] = np.nan
    a, d = run(entry, z)
    assert np.flatnonzero(np.isnan(a)).tolist() == [place]
    d = np.ones_like(z)
    d[place] = np.nan
    z[place] = 0.5
    entry.forward(z, a, np.full(1, SLOPE, dtype))
    entry.backward(z, a, d, np.full(1, SLOPE, dtype))
    assert np.flatnonzero(np.isnan(d)).tolist() == [place]


@EVERY
def test_the_output_may_be_written_over_the_input(entry):
    z = values_before(np.float64)
    expected, _ = run(entry, z)
    entry.forward(z, z, np.full(1, SLOPE))
    np.testing.assert_array_equal(z, expected)


@EVERY
def test_values_stay_in_the_range_and_come_near_its_ends(entry):
    z = np.concatenate([np.linspace(-40, 40, 80_001)])
    a, _ = run(entry, z)
    low, high = entry.range
    slack = 1e-12 * 40
    assert a.min() >= low - slack
    assert a.max() <= high + slack
    assert a.min() < -0.3 if low == -np.inf else abs(a.min() - low) < 1e-6
    assert a.max() > 30 if high == np.inf else abs(a.max() - high) < 1e-6


@EVERY
def test_it_saturates_where_it_says(entry):
    left, right = np.abs(entry.derivative(np.array([-30.0, 30.0]))) < 1e-9
    assert (bool(left), bool(right)) == {"no": (False, False), "left": (True, False), "both": (True, True)}[
        entry.saturates
    ]


@pytest.mark.parametrize("entry", activations.values(), ids=lambda entry: entry.name)
def test_the_moments_equal_adaptive_quadrature(entry):
    kinks = [-3, 0, 3]
    for own, function in (
        (entry.mean_output, entry.value),
        (entry.second_moment, lambda z: entry.value(z) ** 2),
        (entry.derivative_moment * entry.pieces, lambda z: entry.derivative(z) ** 2),
    ):
        expected, _ = quad(
            lambda z, f=function: float(f(np.array(z)) * entry.density(np.array(z))), -12, 12, points=kinks
        )
        assert own == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize(
    ("name", "fact", "known"),
    [
        ("relu", "gain", 2**0.5),
        ("relu", "mean_output", (2 * np.pi) ** -0.5),
        ("identity", "gain", 1.0),
        ("leaky_relu", "gain", (2 / (1 + 0.01**2)) ** 0.5),
        ("selu", "mean_output", 0.0),
        ("selu", "second_moment", 1.0),
        ("sigmoid", "mean_output", 0.5),
        ("sigmoid", "largest_derivative", 0.25),
        ("tanh", "largest_derivative", 1.0),
        ("hardswish", "largest_derivative", 1.5),
        ("maxout", "mean_output", np.pi**-0.5),
        ("maxout", "second_moment", 1.0),
    ],
)
def test_computed_facts_equal_what_is_known_on_paper(name, fact, known):
    assert getattr(activations[name], fact) == pytest.approx(known, abs=1e-8)


@EVERY
def test_the_largest_derivative_is_never_exceeded(entry):
    _, d = run(entry, np.linspace(-20, 20, 300_007))
    assert (1 - 1e-4) * entry.largest_derivative < np.abs(d).max() <= (1 + 1e-7) * entry.largest_derivative


@BOTH
def test_the_slope_of_prelu_gets_its_gradient_and_no_other_entry_gives_one(dtype):
    z = values_before(dtype)
    d0 = np.random.default_rng(1).normal(size=z.size).astype(dtype)
    slope = torch.tensor([SLOPE], dtype=torch.tensor(z).dtype, requires_grad=True)
    (functional.prelu(torch.tensor(z), slope) * torch.tensor(d0)).sum().backward()
    for entry in OF_ONE_NUMBER:
        gradient = entry.backward(z, np.maximum(z, 0), d0.copy(), np.full(1, SLOPE, dtype))
        expected = float(slope.grad) if entry.name == "prelu" else 0.0
        assert gradient == pytest.approx(expected, rel=1e-5 if dtype is np.float32 else 1e-12)


def test_a_learned_slope_may_turn_negative():
    entry, z = activations["prelu"], np.array([-2.0, 0.0, 2.0])
    a, d, slope = np.empty(3), np.ones(3), np.array([-0.5])
    entry.forward(z, a, slope)
    entry.backward(z, a, d, slope)
    assert a.tolist() == [1.0, 0.0, 2.0]
    assert d.tolist() == [-0.5, -0.5, 1.0]
