"""Vitals against the slow, obvious twin: NumPy over all rows, autograd over the fixed batch."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from training.kernel.runs import trained
from training.kernel.twin import ACTIVATIONS, Twin, train_twin
from training.members import classes_table, member
from whyfit.evidence.member import Collect
from whyfit.evidence.network import Perceptron
from whyfit.evidence.recipe import Recipe
from whyfit.evidence.vitals import LAYER_NUMBERS
from whyfit.rules.activations import activations
from whyfit.training.kernel.named import layer_names
from whyfit.training.kernel.unpack import outcome_of
from whyfit.training.schedule import MEASURED_ROWS

DATA = classes_table()
SMALL = Recipe(network=Perceptron((16, 8)), epochs=4, patience=None, batch_size=32, learning_rate=1e-2)

WAYS = {
    "relu": SMALL,
    "tanh": SMALL.but(activation="tanh", initializer="unit_normal"),
    "norm_before_and_dropout": SMALL.but(batch_norm="before", dropout=0.3),
    "norm_after": SMALL.but(batch_norm="after"),
    "maxout": SMALL.but(activation="maxout"),
}


def vitals_of(recipe, dtype=np.float64, vitals=3):
    one = replace(member(recipe), collect=Collect(vitals=vitals))
    packed = trained(one, DATA, dtype)
    return one, outcome_of(one, "key", packed, engine="kernel", why="test", seconds=0.0)


def by_hand(one, epoch):
    """All numbers after so many epochs, but the update ratio: from the twin, with hooks of our own."""
    twin = Twin(one, DATA)
    if epoch:
        train_twin(replace_epochs(twin, epoch))
    around = activity(twin, one.split.train, training=False)
    flowing = activity(twin, one.split.train[:MEASURED_ROWS], training=True)
    total, weight = twin.losses(flowing[-1][0], one.split.train[:MEASURED_ROWS])
    inner = [z for z, _ in flowing]
    grads = torch.autograd.grad(total / weight, [*twin.weights, *inner])
    layers = []
    for layer, (z, a) in enumerate(around):
        w, g, d = twin.weights[layer], grads[layer], grads[len(inner) + layer]
        layers.append(numbers(one, layer == len(around) - 1, z.detach(), a.detach(), w.detach(), g, d))
    return layers


def replace_epochs(twin, epoch):
    assert twin.member.recipe.schedule == "constant"
    twin.member = replace(twin.member, recipe=twin.member.recipe.but(epochs=epoch))
    return twin


def activity(twin, rows, *, training):
    """Values before and after the activation of every layer; norms by the batch where training, nothing dropped."""
    recipe, out, a = twin.member.recipe, [], twin.inputs[torch.tensor(rows)]
    for layer, (w, b) in enumerate(zip(twin.weights, twin.biases, strict=True)):
        z = a @ w.T + b
        if layer == len(twin.weights) - 1:
            return [*out, (z, z)]
        if recipe.batch_norm == "before":
            z = twin._norm(layer, z, training=training)
        a = ACTIVATIONS[recipe.activation](z)
        out.append((z, a))
        if recipe.batch_norm == "after":
            a = twin._norm(layer, a, training=training)
    raise AssertionError


def numbers(one, last, z, a, w, g, d):
    flat = 0.0
    if not last:
        probe = z.clone().requires_grad_()
        (slope,) = torch.autograd.grad(ACTIVATIONS[one.recipe.activation](probe).sum(), probe)
        flat = float((slope.abs() < 0.1 * activations[one.recipe.activation].largest_derivative).double().mean())
    return {
        "pre_mean": float(z.mean()),
        "pre_std": float(z.std(correction=0)),
        "mean": float(a.mean()),
        "std": float(a.std(correction=0)),
        "zero_share": float((a == 0).double().mean()),
        "dead": float((a == 0).all(dim=0).sum()),
        "saturated_share": flat,
        "gradient_norm": float(g.norm()),
        "delta_std": float(d.std(correction=0)),
        "weight_norm": float(w.norm()),
    }


@pytest.mark.parametrize("epoch", [0, 2, 4])
@pytest.mark.parametrize("name", WAYS)
def test_vitals_equal_those_by_hand(name, epoch):
    one, outcome = vitals_of(WAYS[name])
    (taken,) = [vitals for vitals in outcome.vitals if vitals.epoch == epoch]
    for layer, expected in zip(taken.layers, by_hand(one, epoch), strict=True):
        got = {number: getattr(layer, number) for number in expected}
        assert got == pytest.approx(expected, rel=1e-7, abs=1e-12)


def test_the_update_ratio_is_that_of_the_last_step():
    one, outcome = vitals_of(SMALL)
    steps = 4 * 5
    before, after = Twin(one, DATA), Twin(one, DATA)
    train_twin(before, steps=steps - 1)
    train_twin(after, steps=steps)
    for layer, was, now in zip(outcome.vitals[-1].layers, before.weights, after.weights, strict=True):
        assert layer.update_ratio == pytest.approx(float(((now - was).norm() / now.norm()).detach()), rel=1e-7)
    assert all(np.isnan(layer.update_ratio) for layer in outcome.vitals[0].layers)


def test_every_number_is_measured_in_single_precision():
    """And equals that in double precision to what single precision holds."""
    _, single = vitals_of(SMALL, np.float32)
    _, double = vitals_of(SMALL)
    for one, two in zip(single.vitals[0].layers, double.vitals[0].layers, strict=True):
        for number in LAYER_NUMBERS:
            if number != "update_ratio":
                assert getattr(one, number) == pytest.approx(getattr(two, number), rel=1e-4, abs=1e-6), number


def test_layers_are_named_as_in_the_torch_twin():
    packed = trained(member(SMALL), DATA)
    assert layer_names(packed.layout) == ["hidden.0.dense", "hidden.1.dense", "last"]


@pytest.mark.parametrize(("initializer", "distinct"), [("zero", 0), ("constant", 0), ("he_uniform", 16)])
def test_twins_are_counted(initializer, distinct):
    """Constant weights: no unit differs from another, before the first step and, as gradients agree, after it."""
    _, outcome = vitals_of(SMALL.but(initializer=initializer))
    assert outcome.vitals[0].layers[0].distinct_weights == distinct
    if initializer == "constant":
        assert [vitals.layers[0].distinct_gradients for vitals in outcome.vitals] == [0, 0, 0]


def test_two_planted_twins_among_many_are_found():
    from whyfit.training.kernel.twins import distinct

    units = np.random.default_rng(0).standard_normal((40, 30)).astype(np.float32)
    assert distinct(units) == 40
    units[17] = units[3] * np.float32(1 + 1e-7)
    assert distinct(units) == 38
    units[17, 0] += 1e-3
    assert distinct(units) == 40


def test_dead_units_are_those_that_are_zero_for_every_row():
    """A bias far below kills a unit; its neighbours live."""
    from training.kernel.runs import pack
    from whyfit.training.kernel.compiled import run
    from whyfit.training.kernel.layout import BIAS

    one = replace(member(SMALL), collect=Collect(vitals=1))
    packed = pack(one, DATA, np.zeros(1, np.uint8), np.float32)
    start = packed.layout.table[1, BIAS]
    packed.vectors.parameters[start : start + 3] = -1e3
    run(packed.args)
    outcome = outcome_of(one, "key", packed, engine="kernel", why="test", seconds=0.0)
    assert outcome.vitals[0].layers[0].dead == 3


def test_measuring_changes_no_bit():
    bare, watched = (trained(replace(member(SMALL), collect=Collect(vitals=v)), DATA, np.float32) for v in (0, 5))
    assert bare.vectors.parameters.tobytes() == watched.vectors.parameters.tobytes()
    assert bare.written.curves.tobytes() == watched.written.curves.tobytes()
