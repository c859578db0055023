"""One network of a study is trained under observation: short, the same each time, and silent about a sound one."""

from pathlib import Path

import pytest

from whyfit.data.load import load
from whyfit.data.splits import holdout
from whyfit.doors.observed import STEPS, observed, shortened
from whyfit.evidence.evidence import Evidence
from whyfit.evidence.member import BlockId, Member
from whyfit.evidence.recipe import Recipe
from whyfit.exams.backprop import BackpropExam
from whyfit.exams.watched.activations import WatchedActivationsExam
from whyfit.nets.reference import network_file

NETS = """
import torch
from torch import nn

class Wrong(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x * x * 0.1

    @staticmethod
    def backward(ctx, gradient):
        return gradient * ctx.saved_tensors[0]

class Cube(nn.Module):
    def forward(self, x):
        return Wrong.apply(x)

def sound():
    return nn.Sequential(nn.Linear(64, 16), nn.ReLU(), nn.Linear(16, 10))

def twice():
    return nn.Sequential(nn.Linear(64, 16), nn.ReLU(), nn.Linear(16, 10), nn.Softmax(1))

def wrong():
    return nn.Sequential(nn.Linear(64, 16), Cube(), nn.Linear(16, 10))
"""


@pytest.fixture(scope="module")
def digits():
    return load(None)


def member(data, recipe):
    return Member(recipe=recipe, split=holdout(data), seed=1, block=BlockId(0, 0))


def codes(data, recipe):
    seen = observed(member(data, recipe), data)
    evidence = Evidence(observation=seen)
    found = [*BackpropExam().judge(evidence), *WatchedActivationsExam().judge(evidence)]
    return [finding.code for finding in found]


def test_the_default_network_is_sound(digits):
    assert codes(digits, Recipe()) == ["backprop.right", "activations.head_sound"]


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        ("sound", ["backprop.right", "activations.head_sound"]),
        ("twice", ["backprop.right", "activations.softmax_twice"]),
        ("wrong", ["backprop.wrong_derivative", "activations.head_sound"]),
    ],
)
def test_what_is_wrong_with_a_users_network_is_named(digits, tmp_path, function, expected):
    path = Path(tmp_path) / "nets.py"
    path.write_text(NETS, encoding="utf-8")
    recipe = Recipe.for_data(digits.task, network_file(f"{path}:{function}"))
    assert codes(digits, recipe) == expected


@pytest.mark.parametrize(("batch", "epochs"), [(32, 30), (1, 30), (None, 500), (7, 2)])
def test_no_more_steps_are_taken_than_said(digits, batch, epochs):
    short = shortened(member(digits, Recipe(batch_size=batch, epochs=epochs)))
    rows = short.split.train.size
    assert -(-rows // (batch or rows)) * short.recipe.epochs <= STEPS
    assert rows > 0
