"""Starts that look at data, and layers without a bias, are the same for the kernel and for torch."""

import numpy as np
import pytest
import torch
from safetensors.numpy import load

from training.kernel.runs import parts_of
from training.members import ALL, classes_table, member, train
from whyfit.evidence.network import Perceptron
from whyfit.evidence.recipe import Recipe
from whyfit.training.engines.kernel import KernelEngine
from whyfit.training.engines.single import SingleEngine
from whyfit.training.kernel.pack import pack
from whyfit.training.torch_parts.build import build_network

DATA = classes_table()
SMALL = Recipe(network=Perceptron((12, 8)), epochs=4, patience=None, learning_rate=1e-2)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"activation": "tanh"},
        {"activation": "prelu"},
        {"activation": "maxout"},
        {"activation": "gelu", "batch_norm": "before"},
        {"batch_norm": "after", "dropout": 0.5},
        {"network": Perceptron(())},
    ],
    ids=lambda changes: " ".join(map(str, changes.values())) or "plain",
)
def test_lsuv_starts_the_network_that_torch_starts(changes):
    one = member(SMALL, initializer="lsuv", **changes)
    packed = pack(one, DATA, np.zeros(1, np.uint8), np.float64)
    network = build_network(one, DATA, dtype=torch.float64)
    layers = len(packed.layout.table) - 1
    ours = parts_of(packed, packed.vectors.parameters)[:layers]
    assert all(np.ptp(weights) > 0 for weights in ours)
    for got, dense in zip(ours, network.module.dense, strict=True):
        # The scaling of the inputs is float32 on both sides, in another order of operations.
        assert got == pytest.approx(dense.weight.detach().numpy(), rel=1e-5)


def test_lsuv_gives_each_layer_variance_1():
    """Counted by torch, on the rows that it was made for."""
    one = member(SMALL, initializer="lsuv", activation="tanh")
    network = build_network(one, DATA, dtype=torch.float64)
    packed = pack(one, DATA, np.zeros(1, np.uint8), np.float64)
    found = []
    for dense, weights in zip(network.module.dense, parts_of(packed, packed.vectors.parameters), strict=False):
        with torch.no_grad():
            dense.weight.copy_(torch.from_numpy(weights))
        dense.register_forward_hook(lambda *args: found.append(args[-1].var(correction=0).item()))
    from whyfit.training.torch_parts.rows import Rows

    rows = Rows.of(DATA, one.split.train).features(torch.from_numpy(one.split.train.copy()))
    network(rows.double())
    assert found == pytest.approx([1.0] * 3, abs=0.02)


def test_an_lsuv_member_trains_alike_in_both_engines():
    one = member(SMALL, initializer="lsuv", collect=ALL)
    (ours,), (theirs,) = train(KernelEngine(), DATA, one), train(SingleEngine(), DATA, one)
    assert ours.curves.train_loss == pytest.approx(theirs.curves.train_loss, rel=1e-3)


@pytest.mark.parametrize("norm", ["none", "before", "after"])
def test_a_layer_before_a_norm_has_no_bias_in_any_engine(norm):
    """With one, its gradient would be rounding alone, and Adam would make steps of full length out of it."""
    one = member(SMALL, batch_norm=norm, collect=ALL)
    outcomes = [train(engine, DATA, one)[0] for engine in (KernelEngine(), SingleEngine())]
    ours, theirs = (load(outcome.weights) for outcome in outcomes)
    biases = {name for name in ours if name.endswith("dense.bias")}
    assert biases == {name for name in theirs if name.endswith("dense.bias")}
    assert bool(biases) == (norm != "before")
    for name, values in ours.items():
        assert values == pytest.approx(theirs[name], rel=2e-3, abs=2e-4), name
