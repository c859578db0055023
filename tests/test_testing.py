"""`assert_trains`: sound networks pass, each planted fault is named, and nothing of the user's is touched."""

import os
import subprocess
import sys

import pytest
import torch
from torch import nn

from whyfit.errors import ArgumentError
from whyfit.testing import assert_trains

ROWS = 16


@pytest.fixture(autouse=True)
def calm():
    torch.set_num_threads(1)
    torch.manual_seed(3)


def classes(*shape):
    return torch.randn(ROWS, *shape), torch.randint(0, 3, (ROWS,))


def numbers(*shape):
    return torch.randn(ROWS, *shape), torch.randn(ROWS, 1)


def perceptron(*between, last=()):
    return nn.Sequential(nn.Linear(4, 32), *between, nn.ReLU(), nn.Linear(32, 3), *last)


class Recurrent(nn.Module):
    def __init__(self):
        super().__init__()
        self.cell, self.head = nn.LSTM(4, 32, batch_first=True), nn.Linear(32, 3)

    def forward(self, x):
        return self.head(self.cell(x)[0][:, -1])


class Attending(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.TransformerEncoderLayer(16, 2, 32, batch_first=True)
        self.first, self.head = nn.Linear(4, 16), nn.Linear(16, 3)

    def forward(self, x):
        return self.head(self.body(self.first(x)).mean(1))


class Cut(nn.Module):
    def __init__(self, *, detached):
        super().__init__()
        self.first, self.head, self.detached = nn.Linear(4, 32), nn.Linear(32, 3), detached

    def forward(self, x):
        hidden = torch.relu(self.first(x))
        return self.head(hidden.detach() if self.detached else hidden)


class Random(nn.Module):
    def __init__(self, *, always):
        super().__init__()
        self.body, self.head, self.always = nn.Linear(4, 64), nn.Linear(64, 3), always

    def forward(self, x):
        return self.head(nn.functional.dropout(self.body(x).relu(), 0.2, self.always or self.training))


class OverTheBatch(nn.Module):
    def __init__(self, axis):
        super().__init__()
        self.net, self.axis = perceptron(), axis

    def forward(self, x):
        return self.net(x) * (1 + torch.softmax(x, self.axis)[:, :1])


SOUND = {
    "perceptron": (perceptron, classes(4)),
    "batch norm and dropout": (lambda: perceptron(nn.BatchNorm1d(32), nn.Dropout(0.3)), classes(4)),
    "convolution": (
        lambda: nn.Sequential(nn.Conv2d(1, 8, 3), nn.BatchNorm2d(8), nn.ReLU(), nn.Flatten(), nn.Linear(288, 3)),
        classes(1, 8, 8),
    ),
    "recurrent": (Recurrent, classes(5, 4)),
    "transformer": (Attending, classes(5, 4)),
    "regression": (lambda: nn.Sequential(nn.Linear(4, 32), nn.Tanh(), nn.Linear(32, 1)), numbers(4)),
    "functional dropout": (lambda: Random(always=False), classes(4)),
    "softmax over the features": (lambda: OverTheBatch(1), classes(4)),
    "not detached": (lambda: Cut(detached=False), classes(4)),
}
FAULTY = {
    "detached": (lambda: Cut(detached=True), classes(4), "2 parameters get no gradient: first.bias and first.weight"),
    "softmax twice": (lambda: perceptron(last=(nn.Softmax(1),)), classes(4), "is not learned"),
    "dropout stays on": (lambda: Random(always=True), classes(4), "two different answers"),
    "rows mixed": (lambda: OverTheBatch(0), classes(4), "rows leak into each other"),
    "statistics never updated": (
        lambda: nn.Sequential(nn.BatchNorm1d(4, momentum=0.0), perceptron()),
        (50 + 10 * torch.randn(ROWS, 4), classes(4)[1]),
        "the modes disagree",
    ),
    "unscaled targets": (lambda: nn.Linear(4, 1), (torch.randn(ROWS, 4), 500 + torch.randn(ROWS, 1)), "unscaled"),
    "not finite": (perceptron, (torch.full((ROWS, 4), torch.inf), classes(4)[1]), "The first loss is not finite"),
    "zero start": (lambda: zeroed(perceptron()), classes(4), "is not learned"),
}


def zeroed(network):
    for parameter in network.parameters():
        nn.init.zeros_(parameter)
    return network


@pytest.mark.parametrize("name", SOUND)
def test_a_sound_network_passes(name):
    make, batch = SOUND[name]
    checked = assert_trains(make(), batch)
    assert checked.last_loss < checked.first_loss


@pytest.mark.parametrize("name", FAULTY)
def test_a_planted_fault_is_named(name):
    make, batch, said = FAULTY[name]
    with pytest.raises(AssertionError, match=said):
        assert_trains(make(), batch)


def test_neither_the_network_nor_the_random_state_is_touched():
    network, batch = perceptron(nn.BatchNorm1d(32), nn.Dropout(0.5)), classes(4)
    before = {name: value.clone() for name, value in network.state_dict().items()}
    network.eval()
    state = torch.get_rng_state()
    assert_trains(network, batch)
    assert torch.equal(state, torch.get_rng_state())
    assert all(torch.equal(value, before[name]) for name, value in network.state_dict().items())
    assert not network.training
    assert all(parameter.grad is None for parameter in network.parameters())


def test_frozen_parameters_and_meant_mixing_are_granted():
    assert_trains(OverTheBatch(0), classes(4), mixes_rows=True)
    assert_trains(Cut(detached=True), classes(4), frozen=("first",))


def test_an_own_loss_is_taken_and_has_no_chance():
    checked = assert_trains(
        nn.Sequential(nn.Linear(4, 32), nn.ReLU(), nn.Linear(32, 1)),
        (torch.randn(ROWS, 4), torch.randint(0, 2, (ROWS,)).float()),
        loss=lambda output, target: nn.functional.binary_cross_entropy_with_logits(output[:, 0], target),
    )
    assert checked.chance != checked.chance


@pytest.mark.parametrize("batch", [torch.randn(4, 4), (torch.randn(4, 4),), (torch.randn(4, 4), torch.randn(4, 7))])
def test_what_cannot_be_used_is_said(batch):
    with pytest.raises(ArgumentError):
        assert_trains(nn.Linear(4, 1), batch)


def test_the_words_follow_the_locale(monkeypatch):
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    with pytest.raises(AssertionError, match="该网络无法训练"):
        assert_trains(Cut(detached=True), classes(4))


def test_the_pytest_plugin_gives_the_fixture(tmp_path):
    (tmp_path / "test_it.py").write_text(
        "import torch\n"
        "def test_net(assert_trains):\n"
        "    torch.manual_seed(0)\n"
        "    assert_trains(torch.nn.Linear(4, 2), (torch.randn(4, 4), torch.tensor([0, 1, 0, 1])))\n",
        encoding="utf-8",
    )
    command = [sys.executable, "-m", "pytest", "-q", "-p", "whyfit.integrations.pytest_plugin", str(tmp_path)]
    alone = os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path, env=alone)
    assert "1 passed" in done.stdout, done.stdout


def test_rows_that_leak_by_one_column_are_named_where_two_rows_are_alike_in_it():
    x, y = classes(4)
    x[-1, 0] = x[0, 0]
    with pytest.raises(AssertionError, match="rows leak into each other"):
        assert_trains(OverTheBatch(0), (x, y))
