"""A network beside simple learners on its own rows; and what keeps it from them, named where a mechanism shows it."""

import weakref

import pytest
import torch
from torch import nn
from torch.nn import functional
from torch.utils.data import DataLoader, TensorDataset

from watch.planted import alarms, classes, codes_of, curve, fit, found_and_silent, net, observed
from whyfit.exams.watched.reach import behind, falls_short
from whyfit.probes.reach import probe_reach
from whyfit.probes.simple import Answers, features, learn, skill
from whyfit.vitals.examples import Examples, Habit


def clamped(broken):
    class Clamped(nn.Module):
        def forward(self, x):
            return x.clamp(0, 1)

    fit(net(inputs=4, outputs=1, last=Clamped() if broken else None), curve(), functional.mse_loss, steps=200)


def softmax_between(broken):
    fit(net(between=nn.Softmax(1) if broken else nn.ReLU()), classes(), rate=0.002 if broken else 0.02)


def likelihood_without_minus(broken):
    sign = 1 if broken else -1
    fit(net(), classes(), lambda a, b: sign * a.log_softmax(1).gather(1, b[:, None]).mean())


def one_step_an_epoch(broken):
    x, y = classes()
    model = net()
    rule = torch.optim.Adam(model.parameters(), lr=0.005)
    for _ in range(15):
        for begin in range(0, 256, 32):
            rule.zero_grad()
            functional.cross_entropy(model(x[begin : begin + 32]), y[begin : begin + 32]).backward()
            if not broken:
                rule.step()
        if broken:
            rule.step()


class Stepwise(nn.Module):
    """A recurrence by hand; the state is cut from its past at each step, or kept."""

    def __init__(self, broken):
        super().__init__()
        torch.manual_seed(2)
        self.broken, self.mix, self.head = broken, nn.Linear(17, 16), nn.Linear(16, 1)

    def forward(self, x):
        state = torch.zeros(len(x), 16)
        for moment in range(x.shape[1]):
            state = state.detach() if self.broken else state
            state = torch.tanh(self.mix(torch.cat([x[:, moment], state], 1)))
        return self.head(state)


def state_cut(broken):
    x = torch.randn(256, 6, 1, generator=torch.Generator().manual_seed(5))
    fit(Stepwise(broken), (x, x.sum(1)), functional.mse_loss, rate=0.01, steps=200)


class Rectifier(torch.autograd.Function):
    """A backward pass that leaves out the gradient handed to it, and knows single precision alone."""

    @staticmethod
    def forward(context, x):
        context.save_for_backward(x)
        return x.clamp(min=0)

    @staticmethod
    def backward(context, gradient):
        (x,) = context.saved_tensors
        return (x > 0).float()


class Sound(Rectifier):
    @staticmethod
    def backward(context, gradient):
        (x,) = context.saved_tensors
        return gradient * (x > 0).float()


def chain_rule_forgotten(broken):
    class Bend(nn.Module):
        def forward(self, x):
            return (Rectifier if broken else Sound).apply(x)

    fit(net(inputs=4, outputs=1, between=Bend()), curve(), functional.mse_loss, steps=200)


def most_columns_dropped(broken):
    model = nn.Sequential(nn.Dropout(0.7 if broken else 0.0), *net(inputs=4, outputs=1))
    fit(model, curve(), functional.mse_loss, steps=300)


FAULTS = {
    "activations.bounded_output": clamped,
    "activations.softmax_between": softmax_between,
    "optimizers.loss_negated": likelihood_without_minus,
    "optimizers.gradients_thrown_away": one_step_an_epoch,
    "backprop.state_cut": state_cut,
    "backprop.wrong_derivative": chain_rule_forgotten,
    "dropout.drops_too_much": most_columns_dropped,
}

test_a_planted_fault_is_found_first, test_its_twin_is_silent = found_and_silent(FAULTS)


def test_a_simple_learner_that_does_far_better_is_said_where_no_cause_shows():
    """Inputs that are cut down to their signs: no exam knows that one by name."""

    class Coarse(nn.Module):
        def forward(self, x):
            return torch.sign(x[:, 2:])

    x, y = curve()
    model = nn.Sequential(Coarse(), net(inputs=2, outputs=1))
    seen = observed(lambda: fit(model, (x, y), functional.mse_loss, rate=0.01, steps=200))
    assert alarms(seen)
    assert falls_short(seen) == behind(seen)
    assert falls_short(seen) is not None


def loaded(labels_right, rows, *, epochs):
    """Training and evaluation out of loaders; a score is taken and no loss."""
    (x, y), (new_x, new_y) = classes(rows), classes(300, seed=9)
    y = y if labels_right else y[torch.randperm(rows, generator=torch.Generator().manual_seed(1))]
    model = net()
    rule = torch.optim.Adam(model.parameters(), lr=0.02)
    loader = DataLoader(TensorDataset(x, y), 20, shuffle=True)
    for _ in range(epochs):
        for inputs, target in loader:
            rule.zero_grad()
            functional.cross_entropy(model(inputs), target).backward()
            rule.step()
    model.eval()
    with torch.no_grad():
        for inputs, target in DataLoader(TensorDataset(new_x, new_y), 100):
            (model(inputs).argmax(1) == target).float().mean()


def test_rows_known_by_heart_are_told_by_the_rows_of_a_score():
    found = alarms(observed(lambda: loaded(labels_right=False, rows=40, epochs=150)))
    assert "overfitting.does_not_carry_over" in found


def test_what_carries_over_is_not_known_by_heart():
    assert alarms(observed(lambda: loaded(labels_right=True, rows=300, epochs=12))) == []


def test_an_output_that_the_loss_is_not_taken_of_is_not_held_against_the_answers():
    def scaled(output, target):
        return functional.mse_loss(output / 9, target)

    seen = observed(lambda: fit(net(inputs=4, outputs=1), curve(), scaled, steps=300))
    assert not any("own" in found.get("reach", {}) for found in seen.probes.values())


@pytest.mark.parametrize(
    "loss_of", [functional.mse_loss, lambda a, b: ((a - b) ** 2).mean(), lambda a, b: (b - a).pow(2).sum() / 32]
)
def test_squares_that_are_written_out_tell_their_target(loss_of):
    seen = observed(lambda: fit(net(inputs=4, outputs=1), curve(), loss_of, rate=0.01, steps=300))
    (found,) = [found["reach"] for found in seen.probes.values()]
    assert found["own"] > 0.9
    assert "overfitting.simple_does_better" not in codes_of(seen)


def test_simple_learners_learn_and_their_skill_is_that_of_the_formula():
    x, y = curve(300)
    asked = Answers.of(y, "mse")
    wide = features((x,))
    line, curved = (skill(asked, learn(wide, asked, wide, hidden=units)) for units in (0, 64))
    assert 0.5 < line < curved <= 1
    assert skill(asked, y.mean().expand(300)) == pytest.approx(0, abs=1e-6)


def test_labels_are_answered_from_the_border_of_their_loss_on():
    x, y = curve(300)
    yes = (y > 0).float()
    for loss, border in (("bce", 0.5), ("bce_logits", 0.0)):
        asked = Answers.of(yes, loss)
        assert asked.border == border
        assert skill(asked, learn(features((x,)), asked, features((x,)), hidden=0)) > 0.5


def test_a_held_out_loss_that_is_summed_says_nothing_against_right_answers():
    """Also where a few labels are wrong, so that the last answers are not nearly all right."""
    x, y = classes(600)

    def script():
        model = net()
        rule = torch.optim.Adam(model.parameters(), lr=0.02)
        for _ in range(8):
            for rows in torch.arange(400).split(32):
                rule.zero_grad()
                nn.functional.cross_entropy(model(x[rows]), y[rows]).backward()
                rule.step()
            model.eval()
            with torch.no_grad():
                nn.functional.cross_entropy(model(x[400:]), y[400:], reduction="sum")
            model.train()

    assert "overfitting.nothing_generalizes" not in alarms(observed(script))


def test_answers_that_stand_among_the_inputs_are_no_matter_for_a_straight_line():
    """Each entry from those before it: that a network may not look at the entry itself, as a line may, is no fault."""

    def script():
        torch.manual_seed(0)
        x = (torch.rand(640, 12).cumsum(1) % 1 > 0.5).float()
        model = nn.Sequential(nn.Linear(12, 12))
        mask = torch.tril(torch.ones(12, 12), -1)
        rule = torch.optim.Adam(model.parameters(), lr=0.02)
        for _ in range(12):
            for rows in torch.randperm(640).split(32):
                rule.zero_grad()
                with torch.no_grad():
                    model[0].weight.mul_(mask)
                nn.functional.binary_cross_entropy_with_logits(model(x[rows]), x[rows]).backward()
                rule.step()

    assert "overfitting.simple_does_better" not in alarms(observed(script))


def test_a_network_that_is_merely_slow_is_told_from_one_that_something_keeps():
    """Trained for as long again it gets further: that is said, and no alarm."""
    draw = torch.Generator().manual_seed(1)
    x = torch.rand(300, 2, generator=draw) * 2 - 1
    y = ((x**2).sum(1, keepdim=True) > 0.6).float()

    def script():
        model = net(inputs=2, outputs=1, between=nn.Sigmoid())
        fit(model, (x, y), functional.binary_cross_entropy_with_logits, rate=0.01, steps=200)

    seen = observed(script)
    found = next(iter(seen.probes.values()))["reach"]
    assert found["small"] - found["own"] > 0.25
    assert found["later"] > found["own"]
    assert alarms(seen) == []


@pytest.mark.parametrize(("rule", "known"), [("Adam", True), ("LBFGS", False), ("SparseAdam", False)])
def test_a_rule_that_cannot_go_on_batch_by_batch_costs_no_other_number(rule, known):
    """One wants a closure, one sparse gradients: what the network and simple learners reach is told all the same."""
    x, y = curve()
    network = net(inputs=4, outputs=1)
    examples = Examples(weakref.ref(network), loss="mse", habit=Habit(rule, {}, 0.01, 50))
    examples.trained.batches.append(((x,), y))
    found = probe_reach(network, examples, set())
    assert {"own", "linear", "small"} <= set(found)
    assert ("later" in found) == known


def test_a_stage_with_another_optimiser_is_held_against_its_own_rows():
    """What was learned for another task, and given up since, is no shortcoming."""
    x, y = curve()

    def script():
        model = net(inputs=4, outputs=1)
        fit(model, (x, -2 * y), functional.mse_loss, rate=0.01, steps=150)
        fit(model, (x, y), functional.mse_loss, rate=0.01, steps=300)

    found = next(iter(observed(script).probes.values()))["reach"]
    assert found["own"] > 0.7  # of both stages' rows together it would be under zero
