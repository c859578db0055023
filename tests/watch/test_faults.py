"""Each fault is found by its own code; its healthy twin, one switch away, is silent."""

import copy

import pytest
import torch
from torch import nn

from watch.planted import alarms, classes, curve, fit, found_and_silent, net, observed, score
from whyfit.exams.watched.all import examine_watched


def sgd(model, rate, **settings):
    return torch.optim.SGD(model.parameters(), lr=rate, **settings)


def softmax_twice(broken):
    fit(net(last=nn.Softmax(dim=1) if broken else None), classes())


def sigmoid_twice(broken):
    x, y = curve()
    model = net(inputs=4, outputs=1, last=nn.Sigmoid() if broken else None)
    fit(model, (x, (y > 0).float()), nn.functional.binary_cross_entropy_with_logits)


def bent_logits(broken):
    fit(net(last=nn.Tanh() if broken else None), classes())


def softmax_on_one(broken):
    x, y = curve()
    model = net(inputs=4, outputs=1, last=nn.Softmax(dim=1) if broken else nn.Sigmoid())
    fit(model, (x, (y > 0).float()), nn.functional.binary_cross_entropy)


def softmax_over_batch(broken):
    fit(net(last=nn.LogSoftmax(dim=0 if broken else 1)), classes(), nn.functional.nll_loss)


def no_logarithm(broken):
    fit(net(last=nn.Softmax(dim=1) if broken else nn.LogSoftmax(dim=1)), classes(), nn.functional.nll_loss)


def bounded_output(broken):
    fit(net(inputs=4, outputs=1, last=nn.Sigmoid() if broken else None), curve(), nn.functional.mse_loss)


@pytest.mark.filterwarnings("ignore:Using a target size")
def broadcast(broken):
    x, y = curve()
    fit(net(inputs=4, outputs=1), (x, y[:, 0] if broken else y), lambda output, target: ((output - target) ** 2).mean())


def none_between(broken):
    model = net(inputs=4, outputs=1, between=nn.Identity() if broken else nn.Tanh())
    x, _ = curve()
    fit(model, (x, x[:, :1] ** 2), nn.functional.mse_loss)


def gradients_kept(broken):
    fit(net(), classes(), zero="never" if broken else "before")


def zeroed_before_step(broken):
    fit(net(), classes(), zero="between" if broken else "before")


def unowned(broken):
    model = net()
    fit(model, classes(), rule=torch.optim.Adam((model[2] if broken else model).parameters(), lr=0.02))


def no_step(broken):
    model, (x, y) = net(), classes()
    rule = sgd(model, 0.2)
    for _ in range(60):
        rule.zero_grad()
        nn.functional.cross_entropy(model(x), y).backward()
        if not broken:
            rule.step()


def rate_too_high(broken):
    model = net(inputs=4, outputs=1)
    fit(model, curve(), nn.functional.mse_loss, rule=sgd(model, 30.0 if broken else 0.05))


def rate_too_low(broken):
    model = net()
    fit(model, classes(), rule=sgd(model, 1e-6 if broken else 0.3))


def far_from_paper(broken):
    model = net()
    fit(model, classes(), rule=torch.optim.Adadelta(model.parameters(), lr=0.001 if broken else 1.0), steps=200)


def decay_dominates(broken):
    model = net()
    fit(model, classes(), rule=sgd(model, 0.1, weight_decay=0.9 if broken else 1e-4), steps=200)


def uphill(broken):
    model = net()
    fit(model, classes(), rule=sgd(model, 0.1, maximize=broken))


class Cut(nn.Module):
    def __init__(self, broken):
        super().__init__()
        torch.manual_seed(1)
        self.first, self.last, self.broken = nn.Linear(6, 32), nn.Linear(32, 3), broken

    def forward(self, x):
        hidden = torch.relu(self.first(x))
        return self.last(hidden.detach() if self.broken else hidden)


def cut_off(broken):
    fit(Cut(broken), classes())


class Mixer(nn.Module):
    def __init__(self, broken):
        super().__init__()
        self.inner, self.broken = net(), broken

    def forward(self, x):
        return self.inner(x.T.reshape(x.shape) if self.broken else x)


def rows_mixed(broken):
    fit(Mixer(broken), classes())


class Square(torch.autograd.Function):
    factor = 2.0

    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x * x

    @staticmethod
    def backward(ctx, gradient):
        (x,) = ctx.saved_tensors
        return gradient * Square.factor * x


class Squared(nn.Module):
    def forward(self, x):
        return Square.apply(x)


def wrong_derivative(broken):
    Square.factor = 0.7 if broken else 2.0
    fit(net(between=Squared()), classes(), rate=0.005)


def all_zero(broken):
    model = net()
    if broken:
        for parameter in model.parameters():
            nn.init.zeros_(parameter)
    fit(model, classes())


def units_alike(broken):
    model = net()
    if broken:
        for layer in (model[0], model[2]):
            nn.init.constant_(layer.weight, 0.1)
            nn.init.zeros_(layer.bias)
    fit(model, classes())


def data_not_finite(broken):
    x, y = classes()
    x[3, 0] = float("nan") if broken else 0.0
    fit(net(), (x, y), batch=256)


def unscaled_targets(broken):
    x, y = curve()
    fit(net(inputs=4, outputs=1), (x, 5000 + 900 * y if broken else y), nn.functional.mse_loss)


def layer_dead(broken):
    model = net()
    nn.init.constant_(model[0].bias, -50.0 if broken else 0.0)
    fit(model, classes())


def by_inputs(broken):
    x, y = classes()
    fit(net(between=nn.Tanh()), (x * 500 if broken else x, y))


def drops_too_much(broken):
    fit(net(between=nn.Sequential(nn.ReLU(), nn.Dropout(0.95 if broken else 0.2))), classes())


class Stays(nn.Module):
    def __init__(self, broken):
        super().__init__()
        torch.manual_seed(1)
        self.first, self.last, self.broken = nn.Linear(6, 32), nn.Linear(32, 3), broken

    def forward(self, x):
        return self.last(nn.functional.dropout(torch.relu(self.first(x)), 0.3, training=self.broken or self.training))


def stays_on(broken):
    fit(Stays(broken), classes())


def dropout_evaluated(broken):
    model = fit(net(between=nn.Sequential(nn.ReLU(), nn.Dropout(0.3))), classes())
    score(model, classes(100, seed=9)[0], mode="train" if broken else "eval")


def norm_evaluated(broken):
    model = fit(net(between=nn.Sequential(nn.BatchNorm1d(32), nn.ReLU())), classes())
    score(model, classes(100, seed=9)[0], mode="train" if broken else "eval")


def few_values(broken):
    fit(nn.Sequential(net(), nn.BatchNorm1d(3)), classes(), batch=2 if broken else 32, rate=0.005)


def scored_often(*, evaluates=True, steps=3, asks="scored"):
    """A small table: some steps an epoch, and a pass without gradients after each, over the rows asked for."""
    x, y = classes(178)
    model = net(between=nn.Sequential(nn.ReLU(), nn.Dropout(0.3)))
    rule = torch.optim.Adam(model.parameters(), lr=0.02)
    draw = torch.Generator().manual_seed(7)
    for _ in range(40):
        for rows in torch.randperm(120, generator=draw).split(120 // steps):
            rule.zero_grad()
            nn.functional.cross_entropy(model(x[rows]), y[rows]).backward()
            rule.step()
        if evaluates:
            model.eval()
        with torch.no_grad():
            model({"scored": x[120:], "trained": x[:120], "noise": torch.randn(120, 6, generator=draw)}[asks])
        model.train()


def test_scores_after_few_steps_are_scores_all_the_same():
    assert alarms(observed(lambda: scored_often(evaluates=False))) == ["dropout.evaluated_in_training_mode"]
    assert alarms(observed(scored_often)) == []


def test_scores_after_every_step_are_scores_where_the_same_strange_rows_come_again():
    assert alarms(observed(lambda: scored_often(evaluates=False, steps=1))) == ["dropout.evaluated_in_training_mode"]
    assert alarms(observed(lambda: scored_often(steps=1))) == []


@pytest.mark.parametrize("asks", ["trained", "noise"])
def test_a_teacher_in_training_mode_is_no_score(asks):
    assert alarms(observed(lambda: scored_often(evaluates=False, steps=1, asks=asks))) == []


class AlwaysDropout(nn.Dropout):
    """Meant to average over masks, and used where no average is taken."""

    def __init__(self, broken):
        super().__init__(0.4)
        self.broken = broken

    def forward(self, x):
        return nn.functional.dropout(x, self.p, training=self.broken or self.training)


@pytest.mark.parametrize("broken", [True, False])
def test_a_module_that_drops_in_evaluation_mode_is_found_by_its_mask(broken):
    """One mask a module, as in health: only the graph of a pass in evaluation mode tells."""
    seen = observed(lambda: fit(net(between=nn.Sequential(nn.ReLU(), AlwaysDropout(broken))), classes()))
    assert alarms(seen) == ["dropout.stays_on"] * broken


def adversaries():
    """Two players: what one of them gains the other loses, so that no loss falls."""
    torch.manual_seed(2)
    draw = torch.Generator().manual_seed(7)
    forger, judge = nn.Sequential(nn.Linear(2, 16), nn.ReLU(), nn.Linear(16, 2)), net(inputs=2, outputs=1)
    rules = [torch.optim.Adam(model.parameters(), lr=1e-3) for model in (forger, judge)]
    cross = nn.functional.binary_cross_entropy_with_logits
    for _ in range(60):
        made = forger(torch.randn(32, 2, generator=draw))
        real = 0.5 * torch.randn(32, 2, generator=draw)
        rules[1].zero_grad()
        (cross(judge(real), torch.ones(32, 1)) + cross(judge(made.detach()), torch.zeros(32, 1))).backward()
        rules[1].step()
        rules[0].zero_grad()
        cross(judge(made), torch.ones(32, 1)).backward()
        rules[0].step()


def test_players_against_each_other_are_not_blamed_for_losses_that_stay():
    assert alarms(observed(adversaries)) == []


def statistics_stale(broken):
    x, y = classes()
    norm = nn.BatchNorm1d(6, momentum=1e-6 if broken else 0.1)
    fit(nn.Sequential(norm, net()), (4 * x + 9, y))


def rows_leak(broken):
    x, y = classes(400)
    model = fit(net(), (x[:300], y[:300]), batch=64)
    score(model, x[200:400] if broken else x[300:400])


def one_class(broken):
    x, y = classes()
    order = torch.argsort(y) if broken else torch.arange(len(y))
    model, rule = net(), None
    rule = torch.optim.Adam(model.parameters(), lr=0.01)
    for _ in range(12):
        for rows in order.split(16):
            rule.zero_grad()
            nn.functional.cross_entropy(model(x[rows]), y[rows]).backward()
            rule.step()


class Recalls(nn.Module):
    """A plain recurrent network that answers from its last state."""

    def __init__(self):
        super().__init__()
        self.cell, self.head = nn.RNN(4, 16, batch_first=True), nn.Linear(16, 3)

    def forward(self, x):
        return self.head(self.cell(x)[0][:, -1])


def fade_over_time(broken):
    """What is asked for stands in the first of 100 time steps; the twin reads the sequence backwards."""
    torch.manual_seed(2)
    x = torch.randn(256, 100, 4, generator=torch.Generator().manual_seed(5))
    y = x[:, 0, :3].argmax(1)
    fit(Recalls(), (x if broken else x.flip(1), y), rate=0.01, steps=150)


def tenth_learns(broken):
    """Between learning and growing without bound: the loss wanders about that of a constant answer."""
    model = net(inputs=4, outputs=1)
    fit(model, curve(), nn.functional.mse_loss, rule=sgd(model, 0.47 if broken else 0.1))


def tenfold_learns(broken):
    model = net()
    fit(model, classes(), rule=sgd(model, 0.003 if broken else 0.3))


def other_head(broken):
    """The last unit begins far in the flat part of the sigmoid: squared error hardly has a gradient there."""
    x, y = curve()
    model = net(inputs=4, outputs=1, last=nn.Sigmoid())
    nn.init.constant_(model[2].bias, -9.0 if broken else 0.0)
    fit(model, (x, (y > 0).float()), nn.functional.mse_loss, rule=sgd(model, 0.5))


def test_nothing_is_said_of_the_rate_where_there_is_nothing_to_learn():
    """One batch of noise is learned by heart faster at a higher rate: that is no verdict on a run that went far."""
    x, _ = classes()
    noise = torch.randint(0, 3, (len(x),), generator=torch.Generator().manual_seed(3))
    assert not {"optimizers.tenth_learns", "optimizers.tenfold_learns"} & codes_of(
        observed(lambda: fit(net(), (x, noise), rate=3e-3, steps=300))
    )


def codes_of(seen):
    return {finding.code for finding in examine_watched(seen)[1]}


@pytest.mark.parametrize("constant", [True, False])
def test_a_column_that_never_changes_is_named_without_a_loader_too(constant):
    x, y = classes()
    x[:, 4] = 3.0 if constant else x[:, 4]
    seen = observed(lambda: fit(net(), (x, y)))
    (note,) = [f for f in examine_watched(seen)[1] if f.code == "splits.constant_columns"] or [None]
    assert (note and (note.numbers["first"], note.numbers["columns"])) == ((4, 1) if constant else None)


@pytest.mark.parametrize("constant", [True, False])
def test_a_label_that_is_always_the_same_is_named_without_a_loader_too(constant):
    x, y = classes()
    codes = codes_of(observed(lambda: fit(net(), (x, torch.ones_like(y) if constant else y))))
    assert ("splits.constant_label" in codes) == constant


FAULTS = {
    "gradients.fade_over_time": fade_over_time,
    "activations.softmax_twice": softmax_twice,
    "activations.sigmoid_twice": sigmoid_twice,
    "activations.bent_logits": bent_logits,
    "activations.softmax_on_one": softmax_on_one,
    "activations.softmax_over_batch": softmax_over_batch,
    "activations.no_logarithm": no_logarithm,
    "activations.bounded_output": bounded_output,
    "activations.broadcast": broadcast,
    "activations.none_between": none_between,
    "optimizers.gradients_kept": gradients_kept,
    "optimizers.zeroed_before_step": zeroed_before_step,
    "optimizers.unowned": unowned,
    "optimizers.no_step": no_step,
    "optimizers.rate_too_high": rate_too_high,
    "optimizers.rate_too_low": rate_too_low,
    "optimizers.tenth_learns": tenth_learns,
    "optimizers.tenfold_learns": tenfold_learns,
    "activations.other_head_learns": other_head,
    "optimizers.far_from_paper": far_from_paper,
    "optimizers.decay_dominates": decay_dominates,
    "optimizers.uphill": uphill,
    "backprop.cut_off": cut_off,
    "backprop.rows_mixed": rows_mixed,
    "backprop.wrong_derivative": wrong_derivative,
    "initialization.all_zero": all_zero,
    "initialization.units_alike": units_alike,
    "gradients.data_not_finite": data_not_finite,
    "gradients.unscaled_targets": unscaled_targets,
    "relu.layer_dead": layer_dead,
    "saturation.by_inputs": by_inputs,
    "dropout.drops_too_much": drops_too_much,
    "dropout.stays_on": stays_on,
    "dropout.evaluated_in_training_mode": dropout_evaluated,
    "batchnorm.evaluated_in_training_mode": norm_evaluated,
    "batchnorm.few_values": few_values,
    "batchnorm.statistics_stale": statistics_stale,
    "splits.scored_rows_trained_on": rows_leak,
    "splits.batches_of_one_class": one_class,
}

test_a_planted_fault_is_found_first, test_its_twin_is_silent = found_and_silent(FAULTS)


def test_copies_that_learn_a_few_steps_each_have_an_optimiser():
    """A copy is looked at once or not at all; that look may stand before its optimiser's first step."""

    def script():
        torch.manual_seed(1)
        slow, (x, y) = net(), classes()
        for _ in range(120):
            quick = copy.deepcopy(slow)
            rule = torch.optim.SGD(quick.parameters(), lr=0.05)
            for rows in torch.randperm(len(x))[:60].split(20):
                rule.zero_grad()
                nn.functional.cross_entropy(quick(x[rows]), y[rows]).backward()
                rule.step()
            with torch.no_grad():
                for mine, theirs in zip(slow.parameters(), quick.parameters(), strict=True):
                    mine.add_(0.5 * (theirs - mine))

    assert "optimizers.unowned" not in alarms(observed(script))


class Listed(nn.Module):
    """Hidden layers in a plain list, where `parameters()` does not see them; the twin keeps them in a `ModuleList`."""

    def __init__(self, kind):
        super().__init__()
        self.layers = kind([nn.Linear(6, 16), nn.Linear(16, 16)])
        self.head = nn.Linear(16, 3)

    def forward(self, x):
        for layer in self.layers:
            x = torch.relu(layer(x))
        return self.head(x)


@pytest.mark.parametrize(("kind", "expected"), [(list, ["optimizers.unowned"]), (nn.ModuleList, [])])
def test_layers_in_a_plain_list_are_said_to_have_no_optimiser(kind, expected):
    """Layers of one kind that nothing holds share a class name: each is told from the other all the same."""

    def script():
        torch.manual_seed(1)
        model = Listed(kind)
        fit(model, classes(), rule=torch.optim.Adam(model.parameters(), lr=0.02))

    assert alarms(observed(script))[:1] == expected
