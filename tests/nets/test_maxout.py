"""The Maxout module: right values, gradient to the winner, under vmap, behind a convolution."""

import numpy as np
import pytest
import torch
from torch import nn
from torch.func import functional_call, stack_module_state, vmap

from whyfit.errors import ArgumentError, NetworkError
from whyfit.nets.maxout import Maxout
from whyfit.rules.activations import activations


def test_it_equals_the_compiled_rule_forwards_and_backwards():
    values = np.random.default_rng(0).normal(size=(7, 12))
    before = torch.tensor(values, requires_grad=True)
    after = Maxout(3)(before)
    after.backward(torch.tensor(values[:, :4]))
    rule, a, choice, dz = activations["maxout"], np.empty((4, 7)), np.empty((4, 7), np.int64), np.empty((12, 7))
    rule.forward(np.ascontiguousarray(values.T), a, choice)
    rule.backward(choice, np.ascontiguousarray(values[:, :4].T), dz)
    np.testing.assert_array_equal(after.detach().numpy(), a.T)
    np.testing.assert_array_equal(before.grad.numpy(), dz.T)


def test_the_first_of_equals_gets_the_whole_gradient():
    before = torch.zeros(1, 4, requires_grad=True)
    Maxout()(before).sum().backward()
    assert before.grad.tolist() == [[1.0, 0.0, 1.0, 0.0]]


def test_behind_a_convolution_it_works_on_channels():
    images = torch.arange(16.0).reshape(1, 4, 2, 2)
    assert torch.equal(Maxout(dim=1)(images), images[:, [1, 3]])


def test_stacked_members_equal_each_alone():
    torch.manual_seed(0)
    members = [nn.Sequential(nn.Linear(3, 8), Maxout(4), nn.Linear(2, 1)) for _ in range(3)]
    parameters, buffers = stack_module_state(members)
    x = torch.randn(5, 3)
    stacked = vmap(lambda p, b: functional_call(members[0], (p, b), x))(parameters, buffers)
    alone = torch.stack([member(x) for member in members])
    torch.testing.assert_close(stacked, alone)


def test_a_number_of_values_that_does_not_divide_is_refused():
    with pytest.raises(NetworkError, match=r"multiple of 2 values along dimension -1, got 5\. Give the layer"):
        Maxout()(torch.zeros(1, 5))


def test_one_piece_is_refused():
    with pytest.raises(ArgumentError, match=r"`pieces` must be at least 2, got 1\."):
        Maxout(1)
