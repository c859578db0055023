"""Maxout against torch's maximum and autograd."""

import numpy as np
import pytest
import torch

from whyfit.rules.activations import activations

MAXOUT = activations["maxout"]


@pytest.mark.parametrize("pieces", [2, 5])
def test_it_equals_torch_forwards_and_backwards(pieces):
    rng = np.random.default_rng(0)
    z = rng.normal(size=(3 * pieces, 11)).astype(np.float32)
    z[1] = z[0]  # equal pieces: the first wins, as in torch
    peer = torch.tensor(z, requires_grad=True)
    value, index = peer.reshape(3, pieces, 11).max(dim=1)
    a, choice, d, dz = (np.empty((3, 11), t) for t in (np.float32, np.int8, np.float32, np.float32))
    dz, d[:] = np.empty_like(z), rng.normal(size=(3, 11))
    value.backward(torch.tensor(d))
    MAXOUT.forward(z, a, choice)
    MAXOUT.backward(choice, d, dz)
    np.testing.assert_array_equal(a, value.detach().numpy())
    np.testing.assert_array_equal(choice, index.numpy())
    np.testing.assert_array_equal(dz, peer.grad.numpy())


@pytest.mark.parametrize("piece", [0, 1, 2])
def test_a_nan_in_any_piece_comes_out_and_gets_the_gradient(piece):
    z = np.arange(6.0).reshape(3, 2)[:, :1].copy()
    z[piece] = np.nan
    a, choice, dz = np.empty((1, 1)), np.empty((1, 1), np.int64), np.empty((3, 1))
    MAXOUT.forward(z, a, choice)
    MAXOUT.backward(choice, np.ones((1, 1)), dz)
    assert np.isnan(a[0, 0])
    assert dz[:, 0].tolist() == [float(k == piece) for k in range(3)]


def test_infinity_wins_and_minus_infinity_loses():
    z = np.array([[1.0], [np.inf], [-np.inf], [2.0]])
    a, choice = np.empty((2, 1)), np.empty((2, 1), np.int64)
    MAXOUT.forward(z, a, choice)
    assert a[:, 0].tolist() == [np.inf, 2.0]
