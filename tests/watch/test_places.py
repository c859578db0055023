"""A finding names the line of the script that it is about: the call of a layer, a step, a loss, an evaluation."""

import inspect
from pathlib import Path

import pytest
import torch
from torch import nn

from watch.planted import classes, observed
from whyfit.evidence.finding import Finding, Severity, Where
from whyfit.exams.watched.places import placed

HERE = str(Path(__file__).relative_to(Path.cwd()))
FIRST = "x = torch.relu(self.first(x))"
BLOCK = "return self.block(x)"
BACKWARD = "nn.functional.cross_entropy(net(x), y).backward()"
STEP = "optimizer.step()"
SCORE = "scores = net(x)"


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Linear(6, 16)
        self.drop = nn.Dropout(0.5)
        self.block = nn.Sequential(nn.Linear(16, 16), nn.ReLU(), nn.Linear(16, 3))

    def forward(self, x):
        x = torch.relu(self.first(x))
        x = self.drop(x)
        return self.block(x)


def program():
    torch.manual_seed(0)
    net = Net()
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
    x, y = classes()
    for _ in range(40):
        optimizer.zero_grad()
        nn.functional.cross_entropy(net(x), y).backward()
        optimizer.step()
        with torch.no_grad():
            scores = net(x)
    return scores


@pytest.fixture(scope="module")
def seen():
    return observed(program)


def line_of(text):
    lines = Path(__file__).read_text(encoding="utf-8").splitlines()
    (line,) = [number for number, line in enumerate(lines, 1) if line.strip() == text]
    return line


@pytest.mark.parametrize(
    ("code", "where", "numbers", "text"),
    [
        ("gradients.unscaled_inputs", Where(layer="first"), {}, FIRST),
        ("relu.layer_dead", Where(layer="block.0"), {}, BLOCK),
        ("backprop.cut_off", Where(parameter="first.weight"), {}, FIRST),
        ("optimizers.gradients_kept", None, {"name": "SGD"}, STEP),
        ("activations.broadcast", None, {}, BACKWARD),
        ("dropout.evaluated_in_training_mode", None, {}, SCORE),
    ],
)
def test_a_finding_names_the_line_that_it_is_about(seen, code, where, numbers, text):
    found = placed(Finding(code, Severity.SERIOUS, numbers, where), seen).where
    assert (found.file, found.line) == (HERE, line_of(text))
    assert (found.layer, found.parameter) == ((where or Where()).layer, (where or Where()).parameter)


def test_what_is_about_no_line_names_none(seen):
    for finding in (
        Finding("overfitting.at_chance", Severity.WARNING, {}),
        Finding("relu.layer_dead", Severity.SERIOUS, {}, Where(layer="another")),
        Finding("optimizers.gradients_kept", Severity.SERIOUS, {"name": "Adam"}),
    ):
        assert placed(finding, seen) == finding


def test_the_lines_of_this_file_are_where_they_are_said_to_be():
    assert inspect.getsourcelines(Net.forward)[1] + 1 == line_of(FIRST)


def test_a_layer_of_a_sequential_has_the_line_that_calls_the_network():
    def script():
        torch.manual_seed(0)
        chain = nn.Sequential(nn.Linear(6, 16), nn.ReLU(), nn.Linear(16, 3))
        rule = torch.optim.SGD(chain.parameters(), lr=0.1)
        x, y = classes()
        for _ in range(12):
            rule.zero_grad()
            answers = chain(x)
            nn.functional.cross_entropy(answers, y).backward()
            rule.step()

    finding = Finding("relu.layer_dead", Severity.SERIOUS, {}, Where(layer="0"))
    assert placed(finding, observed(script)).where.line == line_of("answers = chain(x)")
