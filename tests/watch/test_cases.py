"""The four cases of dropout and batch norm against what is known of them: rates, projections, and which parts learn."""

import copy

import pytest
import torch
from torch import nn
from torch.nn.functional import cross_entropy

from whyfit.vitals.cases import read_cases

TRAINING, EVALUATION = "training", "evaluation"
X = torch.randn(400, 8, generator=torch.Generator().manual_seed(1))
Y = (X[:, 0] > 0).long()


def cases_of(network, x=X, y=Y):
    """(layer, mode) to its case, of a copy."""
    torch.manual_seed(0)
    network = copy.deepcopy(network)
    return {(one["layer"], one["mode"]): one for one in read_cases(network, lambda: cross_entropy(network(x), y))}


def trained(*layers):
    torch.manual_seed(2)
    network = nn.Sequential(*layers)
    optimizer = torch.optim.Adam(network.parameters(), 0.01)
    for _ in range(60):
        optimizer.zero_grad()
        cross_entropy(network(X), Y).backward()
        optimizer.step()
    return network


def test_dropout_stops_units_forward_and_backward_in_training_mode_alone():
    cases = cases_of(trained(nn.Linear(8, 64), nn.Tanh(), nn.Dropout(0.3), nn.Linear(64, 2)))
    on, off = cases["2", TRAINING], cases["2", EVALUATION]
    assert on["dropped"] == pytest.approx(0.3, abs=0.02)
    assert on["stopped"] == pytest.approx(0.3, abs=0.05)
    assert (off["dropped"], off["stopped"], off["learning"]) == (0.0, 0.0, None)


def test_batch_norm_takes_the_batch_in_training_mode_and_the_running_statistics_afterwards():
    cases = cases_of(trained(nn.Linear(8, 16), nn.BatchNorm1d(16), nn.ReLU(), nn.Linear(16, 2)), X[:100], Y[:100])
    on, off = cases["1", TRAINING], cases["1", EVALUATION]
    assert (on["by_batch"], on["moved"], off["by_batch"], off["moved"]) == (True, True, False, False)
    assert on["stopped"] > 0.001
    assert off["stopped"] < 1e-6
    assert on["learning"] == off["learning"] == 1.0


def test_what_batch_norm_stops_is_the_part_along_the_mean_and_the_deviations():
    """By the projection of Ioffe and Szegedy's backward pass, from the gradient that reaches the layer."""
    network = trained(nn.Linear(8, 16), nn.BatchNorm1d(16), nn.Linear(16, 2))
    norm, given = network[1], network[0](X).detach()
    left = norm(given).detach().requires_grad_()
    cross_entropy(network[2](left), Y).backward()
    came = left.grad.double()
    deviations = (given - given.mean(0)).double()
    deviations /= deviations.norm(dim=0)
    along = 400 * came.mean(0) ** 2 + (deviations * came).sum(0) ** 2
    wanted = float(along.sum() / (came**2).sum())
    assert cases_of(network)["1", TRAINING]["stopped"] == pytest.approx(wanted, rel=1e-3)


def test_dropout_before_batch_norm_shifts_its_variance_and_behind_it_does_not():
    """Of a unit with mean 0, variance 1/(1 − p) in training mode (Li et al. 2019)."""

    def shift(*layers):
        cases = cases_of(nn.Sequential(*layers))
        [name] = {layer for layer, _ in cases if isinstance(layers[int(layer)], nn.BatchNorm1d)}
        assert cases[name, TRAINING]["variance_ratio"] == cases[name, EVALUATION]["variance_ratio"]
        return cases[name, TRAINING]["variance_ratio"]

    torch.manual_seed(3)
    wide = nn.Linear(8, 500, bias=False)
    assert shift(wide, nn.Dropout(0.5), nn.BatchNorm1d(500), nn.Linear(500, 2)) == pytest.approx(2.0, rel=0.05)
    assert shift(wide, nn.BatchNorm1d(500), nn.Dropout(0.5), nn.Linear(500, 2)) == pytest.approx(1.0, rel=1e-5)


def test_without_running_statistics_both_modes_take_the_batch():
    cases = cases_of(nn.Sequential(nn.Linear(8, 6), nn.BatchNorm1d(6, track_running_stats=False), nn.Linear(6, 2)))
    assert [cases["1", mode]["by_batch"] for mode in (TRAINING, EVALUATION)] == [True, True]
    assert [cases["1", mode]["moved"] for mode in (TRAINING, EVALUATION)] == [False, False]


def test_frozen_parameters_do_not_learn():
    network = trained(nn.Linear(8, 6), nn.BatchNorm1d(6), nn.Linear(6, 2))
    network[1].weight.requires_grad = False
    assert cases_of(network)["1", TRAINING]["learning"] == 0.5


def test_pictures_in_place_operations_shared_inputs_and_inputs_without_gradient_are_no_obstacle():
    class Skip(nn.Module):
        def __init__(self):
            super().__init__()
            self.first, self.drop = nn.BatchNorm2d(1), nn.Dropout2d(0.5)
            self.conv, self.norm, self.last = nn.Conv2d(1, 4, 3, padding=1), nn.BatchNorm2d(4), nn.Linear(4, 2)

        def forward(self, x):
            x = self.conv(self.first(x.view(-1, 1, 2, 4)))
            x = x + torch.relu_(self.norm(x)) + self.drop(x)
            return self.last(x.mean((2, 3)))

    torch.manual_seed(0)
    cases = cases_of(Skip())
    assert {layer for layer, _ in cases} == {"first", "norm", "drop"}
    assert cases["drop", TRAINING]["stopped"] == pytest.approx(0.5, abs=0.1)
    assert cases["norm", EVALUATION]["stopped"] == pytest.approx(0.0, abs=1e-6)


def test_dropout_in_place_is_read_as_dropout_is():
    """It writes over what came in: of that a copy is read."""

    def of(*, inplace):
        torch.manual_seed(4)
        drops = nn.Dropout(0.5, inplace=inplace), nn.Dropout(0.3, inplace=inplace)
        return cases_of(nn.Sequential(drops[0], nn.Linear(8, 64), drops[1], nn.Linear(64, 2)), X.clone())

    assert of(inplace=True) == of(inplace=False)
    assert of(inplace=True)["2", TRAINING]["dropped"] == pytest.approx(0.3, abs=0.02)


def test_a_module_that_is_called_twice_is_read_at_its_first_call():
    class Twice(nn.Module):
        def __init__(self):
            super().__init__()
            self.drop, self.last = nn.Dropout(0.4), nn.Linear(8, 2)

        def forward(self, x):
            return self.last(self.drop(self.drop(x)))

    on = cases_of(Twice())["drop", TRAINING]
    assert on["dropped"] == pytest.approx(0.4, abs=0.03)
    assert on["stopped"] == pytest.approx(0.4, abs=0.05)


def test_what_runs_without_gradients_or_is_given_by_name_leaves_the_others_readable():
    class Frozen(nn.Module):
        def __init__(self):
            super().__init__()
            self.frozen, self.named = nn.BatchNorm1d(8), nn.BatchNorm1d(8)
            self.drop, self.last = nn.Dropout(), nn.Linear(8, 2)

        def forward(self, x):
            with torch.no_grad():
                x = self.frozen(x)
            return self.last(self.drop(self.named(input=x)))

    assert {layer for layer, _ in cases_of(Frozen())} == {"drop"}


def test_a_network_without_either_has_no_case():
    assert cases_of(trained(nn.Linear(8, 2))) == {}


def test_a_network_that_has_diverged_has_no_numbers():
    network = nn.Sequential(nn.Linear(8, 6), nn.BatchNorm1d(6), nn.Linear(6, 2))
    with torch.no_grad():
        network[0].weight.fill_(torch.nan)
    assert {cases_of(network)["1", mode]["variance_ratio"] for mode in (TRAINING, EVALUATION)} == {None}


def test_the_probe_sees_them_on_a_copy_whatever_the_loss_was():
    from whyfit.probes.all import run_probes

    network = nn.Sequential(nn.Linear(8, 64), nn.BatchNorm1d(64), nn.Dropout(0.25), nn.Linear(64, 2))
    before = copy.deepcopy(network.state_dict())
    cases = run_probes(network, (X,), own_functions=False)["cases"]["cases"]
    assert [(one["kind"], one["mode"]) for one in cases] == [
        ("batch_norm", TRAINING), ("dropout", TRAINING), ("batch_norm", EVALUATION), ("dropout", EVALUATION)
    ]  # fmt: skip
    assert cases[1]["stopped"] == pytest.approx(0.25, abs=0.05)
    assert all(torch.equal(before[name], value) for name, value in network.state_dict().items())
    assert run_probes(nn.Linear(8, 2), (X,), own_functions=False)["cases"] == {}
