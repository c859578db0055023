"""Initialisers: sizes and shapes as promised, by formula and by sending numbers through many layers; LSUV."""

import numpy as np
import pytest
import torch

from whyfit.rules.activations import activations
from whyfit.rules.initializers import Draw, Shape, initialize, initializers, lsuv
from whyfit.rules.initializers.lsuv import TOLERANCE

SHAPE = (300, 200)
EVERY = pytest.mark.parametrize("entry", initializers.values(), ids=lambda entry: entry.name)
FOLLOWS = ["relu", "tanh", "identity"]


def draw_from(seed=0):
    rng = np.random.default_rng(seed)
    return Draw(uniform=rng.random, normal=rng.standard_normal)


@pytest.mark.parametrize("activation", FOLLOWS)
@EVERY
def test_weights_have_the_shape_the_type_and_the_promised_variance(entry, activation):
    weights = initialize(entry.name, SHAPE, activation, draw_from())
    promised = entry.promise(SHAPE, activation).weight_variance
    assert weights.shape == SHAPE
    assert weights.dtype == np.float64
    assert weights.flags.c_contiguous
    assert np.mean(weights**2) == pytest.approx(promised, rel=0.02)


@EVERY
def test_the_same_numbers_make_the_same_weights(entry):
    first, second = (initialize(entry.name, SHAPE, "relu", draw_from(7)) for _ in range(2))
    np.testing.assert_array_equal(first, second)


@EVERY
def test_units_start_different_exactly_where_it_says_so(entry):
    weights = initialize(entry.name, SHAPE, "relu", draw_from())
    assert len(np.unique(weights, axis=0)) == (SHAPE[0] if entry.distinct else 1)


@EVERY
def test_it_draws_at_most_once_and_no_more_than_a_number_a_weight(entry):
    """Drawing twice from a keyed stream would give the same numbers twice."""
    calls = []
    rng = np.random.default_rng(0)
    draw = Draw(
        uniform=lambda count: calls.append(count) or rng.random(count),
        normal=lambda count: calls.append(count) or rng.standard_normal(count),
    )
    initialize(entry.name, SHAPE, "relu", draw)
    assert calls == ([SHAPE[0] * SHAPE[1]] if entry.distinct else [])


PEERS = {
    "xavier_uniform": torch.nn.init.xavier_uniform_,
    "xavier_normal": torch.nn.init.xavier_normal_,
    "he_uniform": lambda w: torch.nn.init.kaiming_uniform_(w, nonlinearity="relu"),
    "he_normal": lambda w: torch.nn.init.kaiming_normal_(w, nonlinearity="relu"),
    "he_uniform_fan_out": lambda w: torch.nn.init.kaiming_uniform_(w, mode="fan_out", nonlinearity="relu"),
    "he_normal_fan_out": lambda w: torch.nn.init.kaiming_normal_(w, mode="fan_out", nonlinearity="relu"),
    "lecun_normal": lambda w: torch.nn.init.kaiming_normal_(w, nonlinearity="linear"),
    "unit_normal": torch.nn.init.normal_,
    "orthogonal": lambda w: torch.nn.init.orthogonal_(w, gain=2**0.5),
    "uniform": lambda w: w.copy_(torch.nn.Linear(w.shape[1], w.shape[0]).weight.detach()),
}


@pytest.mark.parametrize("name", PEERS)
def test_deviation_and_bounds_equal_torchs(name):
    torch.manual_seed(0)
    peer = PEERS[name](torch.empty(SHAPE)).numpy()
    ours = initialize(name, SHAPE, "relu", draw_from())
    assert ours.std() == pytest.approx(peer.std(), rel=0.02)
    if "uniform" in name:
        assert np.abs(ours).max() == pytest.approx(np.abs(peer).max(), rel=1e-3)


@pytest.mark.parametrize("shape", [(5, 9), (9, 5), (6, 6), (1, 4)], ids=str)
def test_orthogonal_rows_or_columns_are_orthogonal_and_equally_long(shape):
    weights = initialize("orthogonal", shape, "relu", draw_from())
    gram = weights @ weights.T if shape[0] <= shape[1] else weights.T @ weights
    np.testing.assert_allclose(gram, 2.0 * np.eye(min(shape)), atol=1e-12)


def test_orthogonal_matrices_favour_no_direction():
    """Over many draws every entry has mean zero: the QR routine's own choice of signs does not show."""
    mean = np.mean([initialize("orthogonal", (3, 3), "identity", draw_from(seed)) for seed in range(2000)], axis=0)
    assert np.abs(mean).max() < 4 * 3**-0.5 / 2000**0.5  # 4 standard errors


def signal_after(name, activation, layers=30, width=256, rows=400):
    """Mean square of the values, layer by layer, from standard normal inputs."""
    values = np.random.default_rng(1).normal(size=(rows, width))
    sizes = []
    for layer in range(layers):
        weights = initialize(name, (width, width), activation, draw_from(layer))
        values = activations[activation].value(values @ weights.T)
        sizes.append(np.mean(values**2))
    return np.array(sizes)


@pytest.mark.parametrize("activation", ["relu", "leaky_relu", "identity", "selu", "elu", "tanh"])
def test_he_keeps_the_signal_through_30_layers(activation):
    """A product of 30 factors near 1: within a factor of 4 either way; a gain wrong by 1.4 would be off by 2e4.

    Not so GELU, SiLU and Mish: a signal a little too large is kept a little larger by them, 94 times after 30 layers.
    """
    assert 0.25 < signal_after("he_normal", activation)[-1] < 4.0


def test_small_normal_weights_lose_the_signal_and_unit_ones_blow_it_up():
    assert signal_after("normal", "relu", layers=10)[-1] < 1e-12
    assert signal_after("unit_normal", "relu", layers=10)[-1] > 1e12


@pytest.mark.parametrize("name", ["he_normal", "xavier_uniform", "lecun_normal", "uniform", "orthogonal"])
def test_forward_and_backward_go_by_the_promised_factor(name):
    shape = (400, 250)
    promise = initializers[name].promise(shape, "relu")
    forward, backward = [], []
    for seed in range(5):
        weights = initialize(name, shape, "relu", draw_from(seed))
        rng = np.random.default_rng(100 + seed)
        z = rng.normal(size=(500, 250)) @ weights.T
        forward.append((z.var(), np.mean(np.maximum(z, 0) ** 2)))
        backward.append((rng.normal(size=(500, 400)) @ weights).var())
    pre, after = np.mean(forward, axis=0)
    assert pre == pytest.approx(promise.pre_variance, rel=0.03)
    assert after == pytest.approx(promise.forward, rel=0.03)
    assert np.mean(backward) == pytest.approx(promise.backward, rel=0.03)


def test_maxout_keeps_the_signal_too():
    """Behind Maxout the gain is 1 for two pieces: the mean square of the larger of two normal numbers is 1."""
    values = np.random.default_rng(1).normal(size=(400, 128))
    for layer in range(20):
        weights = initialize("he_normal", (256, 128), "maxout", draw_from(layer))
        values = (values @ weights.T).reshape(400, 128, 2).max(axis=2)
    assert 0.25 < np.mean(values**2) < 4.0


class TestLsuv:
    """The data-dependent one, on a network of tanh layers with badly scaled inputs."""

    def network(self, scale):
        weights = [initialize("lsuv", (60, 60), "tanh", draw_from(layer)) for layer in range(5)]
        inputs = scale * np.random.default_rng(9).normal(size=(200, 60))

        def values_before(layer):
            values = inputs
            for matrix in weights[:layer]:
                values = np.tanh(values @ matrix.T)
            return values @ weights[layer].T

        return weights, values_before

    @pytest.mark.parametrize("scale", [1e-3, 1.0, 1e3])
    def test_every_layer_ends_with_variance_one(self, scale):
        weights, values_before = self.network(scale)
        lsuv(weights, values_before)
        assert all(abs(values_before(layer).var() - 1) < TOLERANCE for layer in range(5))

    def test_what_it_gives_back_is_what_it_divided_by(self):
        weights, values_before = self.network(3.0)
        before = [matrix.copy() for matrix in weights]
        for matrix, old, divided in zip(weights, before, lsuv(weights, values_before), strict=True):
            np.testing.assert_allclose(matrix * divided, old)

    def test_a_layer_that_gives_a_constant_is_left_alone(self):
        weights, values_before = self.network(0.0)
        before = [matrix.copy() for matrix in weights]
        assert lsuv(weights, values_before) == [1.0] * 5
        np.testing.assert_array_equal(weights, before)


def test_shape_counts_inputs_as_columns():
    assert Shape(3, 5).fan_in == 5
