"""Muon: its iteration against the same polynomial on singular values, its path against torch's in bfloat16."""

import numpy as np
import pytest
import torch

from whyfit.rules.optimizers import optimizers
from whyfit.rules.optimizers.muon import ROUNDS, TURNS, orthogonalise

MUON = optimizers["muon"]


def by_singular_values(matrix):
    """The slow twin: the quintic acts on each singular value alone."""
    u, s, vt = np.linalg.svd(matrix, full_matrices=False)
    s = s / np.linalg.norm(s)
    for _ in range(ROUNDS):
        s = TURNS[0] * s + TURNS[1] * s**3 + TURNS[2] * s**5
    return u * s @ vt


@pytest.mark.parametrize("dtype", [np.float64, np.float32], ids=lambda dtype: dtype.__name__)
@pytest.mark.parametrize("shape", [(6, 9), (9, 6), (7, 7), (1, 5)], ids=str)
def test_the_iteration_is_the_polynomial_on_singular_values(shape, dtype):
    matrix = np.random.default_rng(0).normal(size=shape).astype(dtype)
    tolerance = 1e-12 if dtype is np.float64 else 2e-5
    np.testing.assert_allclose(orthogonalise(matrix), by_singular_values(matrix), atol=tolerance)


def test_all_directions_come_out_about_equally_long():
    s = np.linalg.svd(orthogonalise(np.random.default_rng(0).normal(size=(20, 30))), compute_uv=False)
    assert s.min() > 0.6
    assert s.max() < 1.25


def test_no_gradient_moves_nothing():
    w = np.ones((3, 4))
    MUON.step(w, np.zeros((3, 4)), np.zeros((1, 3, 4)), 0.1, 1, MUON.settings_array())
    assert (w == 1).all()


@pytest.mark.parametrize("shape", [(12, 8), (8, 12)], ids=str)
def test_200_steps_follow_torchs_to_the_digits_of_bfloat16(shape):
    """In torch it is done in bfloat16, 8 bits: the paths part by about a hundredth of the way gone."""
    rng = np.random.default_rng(3)
    target, begin = rng.normal(size=shape), rng.normal(size=shape)
    w, peer = begin.copy(), torch.tensor(begin, requires_grad=True)
    rule, state = torch.optim.Muon([peer], lr=0.02, weight_decay=0.0), np.zeros((1, *shape))
    for t in range(1, 201):
        MUON.step(w, w - target, state, 0.02, t, MUON.settings_array())
        peer.grad = peer.detach() - torch.tensor(target)
        rule.step()
    gone = np.linalg.norm(w - begin)
    assert gone > 1.0
    assert np.linalg.norm(w - peer.detach().numpy()) < 0.03 * gone


def test_defaults_are_torchs():
    defaults = torch.optim.Muon([torch.zeros(2, 2)]).defaults
    assert MUON.settings_array().tolist() == [defaults["momentum"]]
    assert (MUON.rate, MUON.default_decay) == (defaults["lr"], defaults["weight_decay"])
    assert (*TURNS, ROUNDS) == (*defaults["ns_coefficients"], defaults["ns_steps"])
