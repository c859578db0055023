"""Nothing that is not finite passes unseen: NaN and infinity planted in every pass, beside the healthy twin."""

from dataclasses import replace

import numpy as np
import pytest

from training.members import classes_table, member, numbers_table
from whyfit.evidence.member import Collect
from whyfit.evidence.network import Perceptron
from whyfit.evidence.recipe import Recipe
from whyfit.training.kernel.compiled import run
from whyfit.training.kernel.layout import BIAS, WEIGHT
from whyfit.training.kernel.pack import pack
from whyfit.training.kernel.unpack import outcome_of

DATA, NUMBERS = classes_table(), numbers_table()
SMALL = Recipe(network=Perceptron((8, 8)), epochs=3, patience=None, batch_size=32)


def outcome(one, data=DATA, plant=lambda packed: None):
    packed = pack(one, data, np.zeros(1, np.uint8), np.float32)
    plant(packed)
    run(packed.args)
    return outcome_of(one, "key", packed, engine="kernel", why="test", seconds=0.0)


def test_the_healthy_twin_trains():
    assert outcome(member(SMALL)).status == "done"


@pytest.mark.parametrize("what", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("layer", [1, 2, 3])
@pytest.mark.parametrize("place", [WEIGHT, BIAS])
@pytest.mark.parametrize("activation", ["relu", "tanh", "hardswish"])
def test_a_planted_parameter_is_seen_before_an_activation_could_hide_it(what, layer, place, activation):
    """ReLU makes a zero of minus infinity, and tanh a one of infinity."""

    def plant(packed):
        packed.vectors.parameters[packed.layout.table[layer, place]] = what

    broken = outcome(member(SMALL, activation=activation), plant=plant)
    assert broken.status == "diverged"
    name = ["hidden.0.dense", "hidden.1.dense", "last"][layer - 1]
    assert broken.reason == f"not_finite:activation:epoch=0:step=0:layer={name}"
    assert (broken.predictions, broken.best_epoch, broken.curves.train_loss.size) == (None, 0, 0)


@pytest.mark.parametrize("what", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("clipping", [{}, {"clip_value": 0.1}, {"clip_norm": 0.1}])
def test_a_planted_gradient_is_seen_before_clipping_could_hide_it(what, clipping):
    """The state of the optimiser carries it into the weights; the gradient of the next step cannot be finite."""

    def plant(packed):
        packed.vectors.state[0, packed.layout.table[2, WEIGHT]] = what

    broken = outcome(member(SMALL, optimizer="momentum", **clipping), plant=plant)
    assert broken.status == "diverged"
    assert broken.reason.startswith("not_finite:weight:epoch=1:step=1:layer=hidden.1.dense")


@pytest.mark.parametrize("what", [np.inf, -np.inf])
def test_an_infinite_input_is_seen(what):
    numeric = np.array(DATA.numeric)
    row = member(SMALL).split.stop[0]
    numeric[row, 0] = what
    broken = outcome(member(SMALL), replace(DATA, numeric=numeric))
    assert broken.reason == "not_finite:activation:epoch=0:step=0:layer=hidden.0.dense"


def test_a_loss_that_overflows_is_seen_at_its_step():
    wild = outcome(member(SMALL, optimizer="sgd", learning_rate=1e12, loss="squared_error"), NUMBERS)
    assert wild.status == "diverged"
    assert wild.reason.startswith("not_finite:")
    assert "epoch=1:step=" in wild.reason


def test_a_gradient_that_overflows_is_told_from_a_loss():
    """The loss is 1e38 and finite; twice the distance, times the inputs, is not."""
    far = replace(NUMBERS, target=np.array(NUMBERS.target))

    def plant(packed):
        bias = packed.layout.table[3, BIAS]
        packed.vectors.parameters[bias : bias + 2] = 1.2e19
        packed.vectors.parameters[packed.layout.table[3, WEIGHT]] = 3e19

    broken = outcome(member(SMALL, loss="squared_error", optimizer="sgd"), far, plant)
    assert broken.status == "diverged"
    assert broken.reason.split(":")[1] in {"loss", "gradient"}


def test_a_member_that_diverges_late_keeps_its_curves_and_vitals():
    late = outcome(
        replace(member(SMALL, optimizer="sgd", learning_rate=0.1, epochs=40), collect=Collect(vitals=41)),
        plant=lambda packed: packed.numbers._replace(),
    )
    assert late.status == "done"
    assert len(late.vitals) == 41


def test_a_cancelled_member_leaves_nothing():
    packed = pack(member(SMALL), DATA, np.ones(1, np.uint8), np.float32)
    run(packed.args)
    left = outcome_of(member(SMALL), "key", packed, engine="kernel", why="test", seconds=0.0)
    assert (left.status, left.reason, left.predictions) == ("cancelled", "cancelled", None)
