import numpy as np
import pytest
import torch
from torch import nn

from whyfit.evidence.network import Perceptron
from whyfit.evidence.recipe import Recipe
from whyfit.nets.activations import CLASSES, activation_module, name_of
from whyfit.nets.perceptron import perceptron
from whyfit.rules.activations import activations
from whyfit.rules.initializers import Draw

SMALL = Recipe(network=Perceptron((7, 5)))


def draw_of(layer):
    numbers = np.random.default_rng(layer)
    return Draw(numbers.random, numbers.standard_normal)


def build(recipe=SMALL, **changes):
    return perceptron(recipe.but(**changes), 4, 3, draw_of)


def test_a_layer_is_dense_norm_activation_norm_dropout():
    for place in ("before", "after"):
        layer = build(batch_norm=place, dropout=0.2).hidden[0]
        order = [type(part).__name__ for _, part in layer.named_children() if part is not None]
        expected = {"before": ["BatchNorm1d", "ReLU"], "after": ["ReLU", "BatchNorm1d"]}[place]
        assert order == ["Linear", *expected, "Dropout"]


def test_the_last_layer_is_dense_alone():
    module = build(dropout=0.5, batch_norm="before")
    assert isinstance(module.last, nn.Linear)
    assert [layer.out_features for layer in module.dense] == [7, 5, 3]


def test_no_hidden_layer_is_a_linear_model():
    module = perceptron(Recipe(network=Perceptron(())), 4, 3, draw_of)
    assert [tuple(p.shape) for p in module.parameters()] == [(3, 4), (3,)]


def test_it_starts_from_the_drawn_numbers_and_biases_at_zero():
    one, same = build(), build()
    for a, b in zip(one.dense, same.dense, strict=True):
        assert torch.equal(a.weight, b.weight)
        assert not a.bias.any()
    bound = np.sqrt(6 / 4)
    assert 0.8 * bound < one.dense[0].weight.abs().max() < bound


def test_making_it_draws_nothing_from_torch():
    before = torch.get_rng_state()
    build()
    after = torch.get_rng_state()
    assert torch.equal(before, after)


@pytest.mark.parametrize("name", [name for name in CLASSES if name != "maxout"])
def test_torch_s_module_gives_the_values_of_the_catalogue(name):
    z = torch.linspace(-4, 4, 101, dtype=torch.float64)
    module = activation_module(name).double()
    assert module(z).detach().numpy() == pytest.approx(activations[name].value(z.numpy()), abs=1e-12)
    assert name_of(module) == name


def test_every_activation_of_the_catalogue_has_its_module():
    assert set(CLASSES) == set(activations)
    assert all(name_of(activation_module(name)) == name for name in CLASSES)


def test_maxout_has_two_pieces_a_unit():
    module = build(activation="maxout", batch_norm="before")
    assert [(layer.in_features, layer.out_features) for layer in module.dense] == [(4, 14), (7, 10), (5, 3)]
    assert module(torch.randn(6, 4)).shape == (6, 3)


def test_a_module_that_is_no_activation_has_no_name():
    assert name_of(nn.Linear(1, 1)) is None
