"""A step that is not looked at is only counted, and nothing of it is lost."""

import math

import pytest
import torch
from torch import nn
from torch.optim import optimizer as torch_optimizer

from watch.planted import classes, fit, net
from whyfit.vitals.curve import PLAIN, Curve
from whyfit.vitals.journal import Journal
from whyfit.vitals.observer import Observer
from whyfit.vitals.read import read_folder
from whyfit.vitals.steps import EVERY_TURN, FIRST_TURNS, Steps

STEPS = 600


@pytest.fixture
def observer(tmp_path):
    one = Observer(Journal(tmp_path), 0.9)
    one.install()
    yield one
    one.end()


def losses_of(seen):
    (points,) = seen.curves.values()
    return [(point.backward, point.mean) for point in points]


@pytest.mark.parametrize("zero", ["before", "never"])
def test_most_steps_are_only_counted_and_all_are_in_the_record(observer, tmp_path, monkeypatch, zero):
    quick, take = [], observer.losses.take
    monkeypatch.setattr(observer.losses, "take", lambda begun, values: (quick.extend(values), take(begun, values)))
    fit(net(), classes(), steps=STEPS, zero=zero, rate=1e-3)
    observer.end()
    assert len(quick) > STEPS // 2
    (seen,) = read_folder(tmp_path)
    (owner,) = seen.optimizers
    assert (seen.backwards, seen.steps, owner.steps) == (STEPS, STEPS, STEPS)
    assert (seen.modes.trained_training, seen.modes.trained_eval) == (STEPS - 1, 0)  # the network is met at the first
    assert [step for step, _ in losses_of(seen)] == list(range(STEPS))
    turns = owner.reset + owner.kept
    assert FIRST_TURNS + (STEPS - FIRST_TURNS) // EVERY_TURN - 3 <= turns < STEPS
    assert owner.kept == (turns if zero == "never" else 0)


def test_the_losses_of_counted_steps_are_those_of_the_script(observer, tmp_path):
    model, (x, y), told = net(), classes(), []
    rule = torch.optim.SGD(model.parameters(), lr=0.1)
    for _ in range(300):
        rule.zero_grad()
        loss = nn.functional.cross_entropy(model(x), y)
        loss.backward()
        rule.step()
        told.append(loss.item())
    observer.end()
    assert losses_of(read_folder(tmp_path)[0]) == list(enumerate(told))


def test_a_loss_that_is_not_finite_is_seen_at_its_step(observer, tmp_path):
    model, (x, y) = net(), classes()
    rule = torch.optim.SGD(model.parameters(), lr=0.1)
    for step in range(300):
        loss = nn.functional.cross_entropy(model(x), y) * (math.nan if step == 257 else 1.0)
        rule.zero_grad()
        loss.backward()
        if step != 257:
            rule.step()
    observer.end()
    assert read_folder(tmp_path)[0].bad["backward"] == 257


def test_a_turn_to_evaluation_mode_is_seen_at_its_step(observer, tmp_path):
    model = net()
    fit(model, classes(), steps=200)
    model.eval()
    rule, (x, y) = torch.optim.SGD(model.parameters(), lr=0.1), classes()
    for _ in range(250):
        rule.zero_grad()
        nn.functional.cross_entropy(model(x), y).backward()
        rule.step()
    observer.end()
    modes = read_folder(tmp_path)[0].modes
    assert (modes.trained_training, modes.trained_eval, modes.turned_at) == (199, 250, 200)


def test_an_error_of_the_backward_pass_reaches_the_script_once(observer):
    calls = []

    class Refuses(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            return x.clone()

        @staticmethod
        def backward(ctx, g):
            calls.append(1)
            if len(calls) > 150:
                raise RuntimeError("refused")
            return g

    weight = torch.ones(2, requires_grad=True)

    def run():
        for _ in range(200):
            Refuses.apply(weight).sum().backward()

    with pytest.raises(RuntimeError, match="refused"):
        run()
    assert len(calls) == 151
    assert not observer.pulse.inside


def test_an_observer_that_fails_in_a_hook_leaves_the_hooks_after_it_alone(observer, monkeypatch):
    """Torch walks along its hooks: taking one off under way would end the script."""
    monkeypatch.setattr(Steps, "done", lambda *_, **__: 1 / 0)
    told = []
    handle = torch_optimizer.register_optimizer_step_post_hook(lambda *_: told.append(1))
    try:
        fit(net(), classes(), steps=5)
    finally:
        handle.remove()
    assert len(told) == 5
    assert observer.failed
    assert Observer.present is None


def test_a_curve_given_in_pieces_is_the_curve_given_one_by_one():
    values = torch.rand(3 * PLAIN, generator=torch.Generator().manual_seed(1)).tolist()
    values[PLAIN + 700] = math.inf
    whole, pieces = Curve(), Curve()
    for step, value in enumerate(values):
        whole.add(step, value)
    for start in range(0, len(values), 500):
        pieces.extend(start, values[start : start + 500])
    assert (pieces.count, pieces.bad) == (whole.count, whole.bad) == (len(values), 1)
    one, other = whole.take(), pieces.take()
    assert one[:PLAIN] == other[:PLAIN]
    assert abs(len(one) - len(other)) <= 3
    means = [sum(p[1] * p[2] for p in points[PLAIN:]) / sum(p[1] for p in points[PLAIN:]) for points in (one, other)]
    assert means[0] == pytest.approx(means[1], rel=1e-2)
