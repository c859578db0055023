"""Vitals against a slow, obvious twin, and against planted layers."""

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional

from training import networks
from training.members import ALL, classes_table, images, member, train
from whyfit.evidence.recipe import Recipe
from whyfit.nets.network import Network
from whyfit.nets.registry import register
from whyfit.training.engines.single import SingleEngine
from whyfit.training.schedule import MEASURED_ROWS
from whyfit.training.torch_parts.distinct import distinct_units
from whyfit.training.torch_parts.losses import Loss
from whyfit.training.torch_parts.rows import Rows
from whyfit.training.torch_parts.vitals import Observer

DATA, TRAIN = classes_table(), np.arange(144)


def observer(module, data=DATA, takes="rows", image=None):
    rows, loss = Rows.of(data, TRAIN[: data.rows]), Loss.of(Recipe(), data, TRAIN[: data.rows])
    return Observer(Network(module, takes, image), rows, loss, torch.from_numpy(TRAIN[: data.rows]), lambda: False)


def vitals(module, **options):
    return observer(module, **options).take(0, 0).layers


def test_every_number_is_that_of_the_slow_twin():
    torch.manual_seed(0)
    module = nn.Sequential(nn.Linear(6, 9), nn.Tanh(), nn.Linear(9, 3))
    watching = observer(module)
    watching.before_last_step()
    with torch.no_grad():
        module[0].weight.mul_(1.1)
    first, last = watching.take(3, 15).layers

    x = watching.rows.features(watching.train)
    z = module[0](x).requires_grad_()
    a = torch.tanh(z)
    few = watching.train[:MEASURED_ROWS]  # gradients are read from some of the rows, values from all
    z_few = module[0](watching.rows.features(few)).requires_grad_()
    loss = functional.cross_entropy(module[2](torch.tanh(z_few)), watching.rows.targets(few))
    delta, gradient = torch.autograd.grad(loss, [z_few, module[0].weight])
    weight = module[0].weight.detach()
    assert (first.name, first.kind, first.activation, first.units) == ("0", "dense", "tanh", 9)
    assert (last.name, last.activation, last.units) == ("2", "identity", 3)
    slow = {
        "pre_mean": z.mean(), "pre_std": z.std(correction=0), "mean": a.mean(), "std": a.std(correction=0),
        "zero_share": 0.0, "dead": 0.0, "saturated_share": ((1 - a**2) < 0.1).double().mean(),
        "gradient_norm": gradient.norm(), "delta_std": delta.std(correction=0), "weight_norm": weight.norm(),
        "update_ratio": 0.1 / 1.1, "distinct_weights": 9.0, "distinct_gradients": 9.0,
    }  # fmt: skip
    for name, value in slow.items():
        expected = float(torch.as_tensor(value).detach())
        assert getattr(first, name) == pytest.approx(expected, rel=1e-4, abs=1e-7), name


def test_a_unit_is_dead_only_where_every_row_gives_zero():
    module = nn.Sequential(nn.Linear(6, 4), nn.ReLU(), nn.Linear(4, 3))
    with torch.no_grad():
        module[0].bias[:] = torch.tensor([-1e4, 1e4, 0.0, 0.0])
    (first, last) = vitals(module)
    assert first.dead == 1.0
    assert 0.25 < first.zero_share < 0.75
    assert first.saturated_share == pytest.approx(first.zero_share)
    assert last.dead == 0.0


def test_large_values_saturate_a_sigmoid_and_small_ones_do_not():
    shares = []
    for scale in (50.0, 0.1):
        module = nn.Sequential(nn.Linear(6, 16), nn.Sigmoid(), nn.Linear(16, 3))
        with torch.no_grad():
            module[0].weight.normal_().mul_(scale)
        shares.append(vitals(module)[0].saturated_share)
    assert shares[0] > 0.9
    assert shares[1] == 0.0


def test_twins_are_counted():
    module = nn.Sequential(nn.Linear(6, 5), nn.ReLU(), nn.Linear(5, 3))
    with torch.no_grad():
        module[0].weight[1] = module[0].weight[0]
        module[0].bias.zero_()
        module[2].weight[:, 1] = module[2].weight[:, 0]
    first, _ = vitals(module)
    assert (first.distinct_weights, first.distinct_gradients) == (3.0, 3.0)


def test_nearly_equal_units_are_twins_within_a_millionth():
    rows = torch.tensor([[1.0, 0.0], [1.0, 1e-8], [0.0, 1.0], [0.0, 1.0001]])
    assert distinct_units(rows) == 2.0


@pytest.mark.parametrize("form", ["module", "function", "in place"])
def test_activations_are_found_as_modules_and_as_functions(form):
    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            torch.manual_seed(0)
            self.one, self.act, self.two = nn.Linear(6, 8), nn.ReLU(), nn.Linear(8, 3)

        def forward(self, x):
            z = self.one(x)
            a = self.act(z) if form == "module" else functional.relu(z, inplace=form == "in place")
            return self.two(a)

    first, _ = vitals(Net())
    torch.manual_seed(0)
    expected, _ = vitals(nn.Sequential(nn.Linear(6, 8), nn.ReLU(), nn.Linear(8, 3)))
    for name in ("pre_std", "std", "zero_share", "dead", "saturated_share", "delta_std", "gradient_norm"):
        assert getattr(first, name) == pytest.approx(getattr(expected, name), rel=1e-5), name


def test_a_norm_between_is_what_the_activation_gets():
    """Weights a hundred times too large: batch norm hands on values of deviation 1 in the batch's own statistics."""
    module = nn.Sequential(nn.Linear(6, 16), nn.BatchNorm1d(16), nn.ReLU(), nn.Linear(16, 3))
    with torch.no_grad():
        module[0].weight.mul_(100)
    watching = observer(module)
    for _ in range(60):
        module.train()(watching.rows.features(watching.train))
    state = {name: tensor.clone() for name, tensor in module.state_dict().items()}
    first, _ = watching.take(0, 0).layers
    assert first.pre_std == pytest.approx(1.0, rel=0.05)
    assert all(torch.equal(state[name], tensor) for name, tensor in module.state_dict().items())


def test_convolutions_count_channels_over_all_places():
    data = images(rows=60)
    module = nn.Sequential(nn.Conv2d(1, 4, 3), nn.ReLU(), nn.Flatten(), nn.Linear(64, 2))
    with torch.no_grad():
        module[0].bias[2] = -1e4
    first, _ = vitals(module, data=data, takes="images", image=(6, 6, 1))
    assert (first.kind, first.units, first.dead) == ("conv", 4, 1.0)
    assert first.distinct_weights == 4.0


def test_what_cannot_be_measured_is_nan_and_never_zero():
    recurrent, last = vitals(networks.Recurrent())
    assert (recurrent.kind, recurrent.activation) == ("recurrent", "identity")
    assert np.isnan([recurrent.distinct_weights, recurrent.update_ratio]).all()
    assert last.distinct_weights == 3.0
    (frozen, *_rest) = vitals(networks.Functional())
    assert np.isnan([frozen.gradient_norm, frozen.distinct_gradients]).all()
    assert frozen.weight_norm > 0


def test_looking_leaves_no_trace():
    module = networks.convolutional().train()
    module[2].eval()
    data = images(rows=60)
    state = {name: tensor.clone() for name, tensor in module.state_dict().items()}
    before = torch.get_rng_state()
    vitals(module, data=data, takes="images", image=(6, 6, 1))
    assert [part.training for part in module] == [True, True, False, True, True, True]
    assert all(torch.equal(state[name], tensor) for name, tensor in module.state_dict().items())
    assert all(p.grad is None for p in module.parameters())
    assert not any(part._forward_hooks or part._forward_pre_hooks for part in module.modules())
    assert torch.equal(before, torch.get_rng_state())


def test_a_member_s_vitals_come_at_its_sampled_epochs():
    recipe = Recipe.for_data("classification", register(networks.dense), epochs=4, patience=None)
    (outcome,) = train(SingleEngine(), DATA, member(recipe, collect=ALL))
    assert [v.epoch for v in outcome.vitals] == [0, 2, 4]
    assert [layer.activation for layer in outcome.vitals[0].layers] == ["relu", "tanh", "identity"]
    ratios = [[layer.update_ratio for layer in v.layers] for v in outcome.vitals]
    assert np.isnan(ratios[0]).all()
    assert all(1e-5 < ratio < 0.5 for ratio in ratios[1])
