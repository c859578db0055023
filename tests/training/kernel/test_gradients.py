"""The kernel's gradients against autograd: in double precision to the last digits, in single precision closely."""

import numpy as np
import pytest
import torch

from training.kernel.runs import parts_of, trained
from training.kernel.twin import ACTIVATIONS, Twin
from training.members import categories_table, classes_table, labels_table, member, numbers_table, weighted
from whyfit.evidence.network import Perceptron
from whyfit.evidence.recipe import Recipe
from whyfit.rules.activations import activations
from whyfit.rules.losses import losses
from whyfit.training.streams import Stream, permutation, stream_key

CLASSES, NUMBERS, CATEGORIES, LABELS = classes_table(), numbers_table(), categories_table(), labels_table()
EXACT, CLOSE = 1e-9, 1e-4
"""Of the norm of each layer's gradient (DESIGN.md, table of oracles)."""

PLAIN = Recipe(network=Perceptron((9, 7)), epochs=1, patience=None, batch_size=33, optimizer="sgd", learning_rate=1e-3)
REGRESSION = PLAIN.but(loss="squared_error")

GRID = {
    "plain": PLAIN,
    "linear": PLAIN.but(network=Perceptron(())),
    "one_unit": PLAIN.but(network=Perceptron((1, 1))),
    "deep": PLAIN.but(network=Perceptron((5, 6, 7, 8, 9))),
    "one_row": PLAIN.but(batch_size=1),
    "full_batch": PLAIN.but(batch_size=None),
    "tanh": PLAIN.but(activation="tanh"),
    "gelu": PLAIN.but(activation="gelu"),
    "prelu": PLAIN.but(activation="prelu"),
    "maxout": PLAIN.but(activation="maxout"),
    "smoothed": PLAIN.but(label_smoothing=0.2),
    "balanced": PLAIN.but(class_weights="balanced"),
    "dropout": PLAIN.but(dropout=0.4),
    "norm_before": PLAIN.but(batch_norm="before"),
    "norm_after": PLAIN.but(batch_norm="after"),
    "norm_and_dropout": PLAIN.but(batch_norm="after", dropout=0.3, activation="tanh"),
    "norm_dropout_maxout": PLAIN.but(batch_norm="before", dropout=0.3, activation="maxout"),
    "norm_after_maxout": PLAIN.but(batch_norm="after", activation="maxout"),
    "binary": PLAIN.but(loss="binary_cross_entropy"),
    "squared_on_classes": PLAIN.but(loss="squared_error"),
    "squared": REGRESSION,
    "absolute": PLAIN.but(loss="absolute_error"),
    "huber": PLAIN.but(loss="huber"),
    "labels": PLAIN.but(loss="binary_cross_entropy"),
    "weighted": PLAIN,
    "weighted_one_row": PLAIN.but(batch_size=1),
    "weighted_balanced": PLAIN.but(class_weights="balanced", label_smoothing=0.1),
    "weighted_squared": REGRESSION.but(batch_norm="after", dropout=0.3),
    "weighted_labels": PLAIN.but(loss="binary_cross_entropy", batch_size=None),
    "embedded": PLAIN.but(network=Perceptron((9, 7), embedding=3)),
    "embedded_linear": PLAIN.but(network=Perceptron((), embedding="half")),
    "embedded_with_all": PLAIN.but(
        network=Perceptron((9, 7), embedding="power"), batch_norm="before", dropout=0.3, activation="tanh"
    ),
}


def data_of(name):
    if name.startswith("embedded"):
        return CATEGORIES
    if name.startswith("weighted"):
        return weighted({"weighted_squared": NUMBERS, "weighted_labels": LABELS}.get(name, CLASSES))
    if name == "labels":
        return LABELS
    return NUMBERS if name in {"squared", "absolute", "huber"} else CLASSES


def gradients(recipe, data, dtype):
    """The last step's gradients of both, after the same steps before it."""
    one = member(recipe)
    packed = trained(one, data, dtype)
    twin = Twin(one, data, torch.float64 if dtype is np.float64 else torch.float32)
    rows, batch = one.split.train, packed.numbers.batch
    order = rows[twin_order(one)]
    steps = -(-len(rows) // batch)
    for step in range(steps):
        key = stream_key(one.seed, Stream.DROPOUT, 1, step)
        expected, _, _ = twin.gradient(order[step * batch : (step + 1) * batch], key)
        if step < steps - 1:
            with torch.no_grad():
                for parameter, gradient in zip(twin.parameters, expected, strict=True):
                    parameter.sub_(one.recipe.learning_rate * gradient)
    return parts_of(packed, packed.vectors.gradients), [g.numpy() for g in expected]


def twin_order(one):
    return permutation(stream_key(one.seed, Stream.ORDER, 1), len(one.split.train))


def apart(got, expected, whole):
    return np.linalg.norm(got - expected) / max(np.linalg.norm(expected), 1e-3 * whole)


@pytest.mark.parametrize("name", GRID)
def test_gradients_equal_autograd_in_double_precision(name):
    got, expected = gradients(GRID[name], data_of(name), np.float64)
    whole = np.sqrt(sum((g**2).sum() for g in expected))
    assert whole > 0
    assert max(apart(g, e, whole) for g, e in zip(got, expected, strict=True)) < EXACT


@pytest.mark.parametrize(
    "name",
    [
        *("plain", "norm_before", "norm_and_dropout", "prelu", "maxout", "squared", "huber", "embedded"),
        *("weighted", "weighted_balanced", "weighted_squared", "labels"),
    ],
)
def test_gradients_are_close_to_autograd_in_single_precision(name):
    got, expected = gradients(GRID[name], data_of(name), np.float32)
    whole = np.sqrt(sum((g**2).sum() for g in expected))
    assert max(apart(g, e, whole) for g, e in zip(got, expected, strict=True)) < CLOSE


def drawn(number):
    """A recipe drawn from all that changes a gradient, and data that it fits."""
    random = np.random.default_rng(number)
    data = (CLASSES, CATEGORIES, NUMBERS)[number % 3]
    fitting = [name for name in losses if data.task in losses[name].tasks]
    hidden = tuple(int(units) for units in random.integers(1, 20, random.integers(1, 5)))
    return data, PLAIN.but(
        network=Perceptron(hidden, embedding=("none", "half", 2)[random.integers(3)] if data is CATEGORIES else "none"),
        activation=[*ACTIVATIONS, "prelu"][random.integers(len(ACTIVATIONS) + 1)],
        initializer=("he_normal", "xavier_uniform", "orthogonal", "unit_normal")[random.integers(4)],
        batch_norm=("none", "before", "after")[random.integers(3)],
        dropout=(0.0, 0.3)[random.integers(2)],
        loss=fitting[random.integers(len(fitting))],
        label_smoothing=(0.0, 0.1)[random.integers(2)] if data.task == "classification" else 0.0,
        batch_size=int(random.integers(3, 60)),
        learning_rate=1e-4,
    )


@pytest.mark.parametrize("number", range(18))
def test_gradients_of_networks_drawn_at_random_equal_autograd(number):
    data, recipe = drawn(number)
    got, expected = gradients(recipe, data, np.float64)
    whole = np.sqrt(sum((g**2).sum() for g in expected))
    assert whole > 0
    assert max(apart(g, e, whole) for g, e in zip(got, expected, strict=True)) < EXACT


def test_every_activation_is_in_the_twin_or_learned():
    assert set(ACTIVATIONS) | {"prelu"} == set(activations)


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_gradients_equal_autograd_with_every_activation(activation):
    got, expected = gradients(PLAIN.but(activation=activation), CLASSES, np.float64)
    whole = np.sqrt(sum((g**2).sum() for g in expected))
    assert max(apart(g, e, whole) for g, e in zip(got, expected, strict=True)) < EXACT


def test_a_planted_wrong_gradient_would_be_seen():
    """The bound is not so loose that a forgotten bias would pass."""
    got, expected = gradients(PLAIN, CLASSES, np.float64)
    whole = np.sqrt(sum((g**2).sum() for g in expected))
    assert apart(np.zeros_like(got[-1]), expected[-1], whole) > 0.1
