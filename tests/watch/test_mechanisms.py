"""Faults that are seen as mechanisms, whatever became of the loss; each healthy twin, one switch away, is silent."""

import warnings

import pytest
import torch
from torch import nn
from torch.nn import functional

from watch.planted import alarms, classes, curve, fit, net, observed, score
from whyfit.exams.watched.all import examine_watched


def yes_or_no():
    x, y = curve()
    return x, (y > 0).float()


def tanh_before_logits_loss(broken):
    model = net(inputs=4, outputs=1, last=nn.Tanh() if broken else None)
    fit(model, yes_or_no(), functional.binary_cross_entropy_with_logits)


def rectified_targets(broken):
    fit(net(inputs=4, outputs=1, last=nn.ReLU() if broken else None), curve(), functional.mse_loss)


def normed_answers(broken):
    x, y = curve()
    model = net(inputs=4, outputs=1, last=nn.BatchNorm1d(1, affine=False) if broken else None)
    fit(model, (x, 3 + 2 * y), functional.mse_loss, steps=200)


def class_numbers(broken):
    x, y = classes(600)
    y = torch.tensor([1, 0, 2])[y]  # no order along any input
    if broken:
        fit(net(outputs=1), (x, y.float()[:, None]), functional.mse_loss, rate=0.001)
    else:
        fit(net(), (x, y))


def negated(broken):
    sign = -1 if broken else 1
    fit(net(), classes(), lambda output, target: sign * functional.cross_entropy(output, target))


def penalty(broken):
    model = net(inputs=4, outputs=1)
    weight = 3.0 if broken else 1e-5

    def loss_of(output, target):
        return functional.mse_loss(output, target) + weight * sum(p.square().sum() for p in model.parameters())

    fit(model, curve(), loss_of, steps=200)


class TimeFirst(nn.Module):
    """A recurrent network that answers from the last state of each sequence."""

    def __init__(self, *, batch_first):
        super().__init__()
        torch.manual_seed(2)
        self.cell, self.head = nn.GRU(3, 16, batch_first=batch_first), nn.Linear(16, 3)

    def forward(self, x):
        return self.head(self.cell(x)[0][:, -1])


def batch_taken_for_time(broken):
    x = torch.randn(256, 7, 3, generator=torch.Generator().manual_seed(5))
    fit(TimeFirst(batch_first=not broken), (x, x[:, -1].argmax(1)))


class Thinned(nn.Module):
    """Dropout by hand; the share that is kept is divided out again, or forgotten."""

    def __init__(self, broken):
        super().__init__()
        self.broken = broken

    def forward(self, x):
        if not self.training:
            return x
        kept = (torch.rand_like(x) < 0.5).float()
        return x * kept if self.broken else x * kept / 0.5


def not_rescaled(broken):
    fit(net(between=nn.Sequential(nn.ReLU(), Thinned(broken))), classes())


class Stepped(nn.Module):
    """Values on a grid; the gradient passes straight through in the twin."""

    def __init__(self, broken):
        super().__init__()
        self.broken = broken

    def forward(self, x):
        steps = torch.round(torch.tanh(x) * 4) / 4
        return steps if self.broken else torch.tanh(x) + (steps - torch.tanh(x)).detach()


def flat_operation(broken):
    fit(net(between=Stepped(broken)), classes())


def equal_rows(broken):
    """The biases differ, so the units part slowly."""
    model = net(inputs=6)
    if broken:
        nn.init.constant_(model[0].weight, 1 / 6)
    fit(model, classes(), steps=200)


def far_off(broken):
    model = net(inputs=4, outputs=1)
    nn.init.normal_(model[2].weight, std=15.0 if broken else 0.1)
    fit(model, curve(), functional.mse_loss, steps=400)


def flat_start(broken):
    model = net(between=nn.Sigmoid())
    nn.init.constant_(model[0].bias, 12.0 if broken else 0.0)
    fit(model, classes(), rate=0.1, steps=300)


def never_dropped(broken):
    model = net(between=nn.Sequential(nn.ReLU(), nn.Dropout(0.3)))
    x, y = classes()
    rule = torch.optim.Adam(model.parameters(), lr=0.02)
    model.train(not broken)
    for _ in range(60):
        rule.zero_grad()
        functional.cross_entropy(model(x), y).backward()
        rule.step()


def leaps(broken):
    fit(net(), classes(), rate=5.0 if broken else 0.02)


def by_heart(broken):
    """Forty rows of noisy numbers, learned to the last digit; the twin has enough of them."""
    draw = torch.Generator().manual_seed(3)
    x = torch.randn(1000, 6, generator=draw)
    y = x[:, :1] + 0.3 * torch.randn(1000, 1, generator=draw)
    model, rows = net(outputs=1), 40 if broken else 800
    rule = torch.optim.Adam(model.parameters(), lr=0.01)
    for step in range(600 if broken else 60):
        batch = slice(None, rows) if broken else slice(13 * step, 13 * step + 32)
        rule.zero_grad()
        functional.mse_loss(model(x[batch]), y[batch]).backward()
        rule.step()
        if step % 20 == 19:
            with torch.no_grad():
                functional.mse_loss(model(x[800:]), y[800:])


def held_out_rows_trained_on(broken):
    """Every row is trained on, and a part of them is scored again and again as if it were new."""
    x, y = classes(400)
    model = fit(net(), (x, y) if broken else (x[:300], y[:300]), batch=64, steps=200)
    score(model, x[300:400])


def carried(broken):
    """Four folds by hand: each trains on the others' rows; the network is made anew, or not."""
    x, y = classes(400)
    model, kept = net(), []
    for fold in range(4):
        held = torch.arange(400) % 4 == fold
        model = model if broken else net()
        kept.append(model)
        fit(model, (x[~held], y[~held]), batch=64, steps=80)
        score(model, x[held], times=1)
        model.train()


def copied(broken):
    """Rows are drawn twice before the division; the twin draws within the training part alone."""
    x, y = classes(400)
    draw = torch.Generator().manual_seed(4)
    if broken:
        grown = torch.cat([torch.arange(400), torch.randint(0, 400, (400,), generator=draw)])
        grown = grown[torch.randperm(800, generator=draw)]
        own, other = grown[:560], grown[560:]
    else:
        own, other = torch.randint(0, 280, (560,), generator=draw), torch.arange(280, 400)
    model = fit(net(), (x[own], y[own]), batch=64, steps=150)
    score(model, x[other])


def answer_among_inputs(broken):
    x, y = curve()
    column = 3 * y - 1 if broken else torch.randn(len(y), 1, generator=torch.Generator().manual_seed(4))
    fit(net(inputs=5, outputs=1), (torch.cat([x, column], 1), y), functional.mse_loss)


def label_not_trained(broken):
    x, y = classes(400)
    order = torch.argsort(y) if broken else torch.arange(400)
    own = order[: int((y < 2).sum())]
    model = fit(net(), (x[own], y[own]))
    rest = order[len(own) :]
    with torch.no_grad():
        functional.cross_entropy(model.eval()(x[rest]), y[rest])


def scaled_otherwise(broken):
    x, y = classes(400)
    model = fit(net(), (x[:300], y[:300]), batch=64)
    score(model, 20 * x[300:] + 60 if broken else x[300:])


def targets_outside(broken):
    x, y = yes_or_no()
    model = net(inputs=4, outputs=1)
    fit(model, (x, 2 * y - 1 if broken else y), functional.binary_cross_entropy_with_logits)


def made_anew(broken):
    x, y = classes()
    model = net()
    rule = torch.optim.Adam(model.parameters(), lr=0.01)
    for step in range(80):
        if broken and step % 5 == 0:
            rule = torch.optim.Adam(model.parameters(), lr=0.01)
        rule.zero_grad()
        functional.cross_entropy(model(x), y).backward()
        rule.step()


def follows_last_batch(broken):
    norm = nn.BatchNorm1d(32, momentum=0.99 if broken else 0.1)
    fit(net(between=nn.Sequential(norm, nn.ReLU())), classes())


FAULTS = {
    "optimizers.made_anew": made_anew,
    "batchnorm.follows_last_batch": follows_last_batch,
    "splits.scaled_otherwise": scaled_otherwise,
    "activations.targets_outside": targets_outside,
    "splits.scored_rows_trained_on": held_out_rows_trained_on,
    "splits.weights_carried": carried,
    "splits.target_in_inputs": answer_among_inputs,
    "splits.label_not_trained": label_not_trained,
    "backprop.rows_mixed": batch_taken_for_time,
    "backprop.flat_operation": flat_operation,
    "dropout.not_rescaled": not_rescaled,
    "dropout.trained_in_evaluation_mode": never_dropped,
    "initialization.units_alike": equal_rows,
    "initialization.first_loss_far_off": far_off,
    "optimizers.rate_too_high": leaps,
    "overfitting.by_heart": by_heart,
    "saturation.by_weights": flat_start,
    "activations.bent_logits": tanh_before_logits_loss,
    "activations.bounded_output": rectified_targets,
    "activations.class_numbers": class_numbers,
    "batchnorm.on_the_output": normed_answers,
    "optimizers.loss_negated": negated,
    "optimizers.penalty_dominates": penalty,
}


@pytest.mark.parametrize("code", FAULTS)
def test_a_planted_fault_is_found_first(code):
    found = alarms(observed(lambda: FAULTS[code](broken=True)))
    assert found[:1] == [code], found


@pytest.mark.parametrize("code", FAULTS)
def test_its_twin_is_silent(code):
    assert alarms(observed(lambda: FAULTS[code](broken=False))) == []


def codes_of(seen):
    return {finding.code for finding in examine_watched(seen)[1]}


def test_a_cap_on_the_size_of_logits_is_no_bend():
    class Capped(nn.Module):
        def forward(self, x):
            return 30 * torch.tanh(x / 30)

    assert alarms(observed(lambda: fit(net(last=Capped()), classes()))) == []


@pytest.mark.parametrize("constant", [True, False])
def test_a_number_that_is_always_the_same_is_named(constant):
    x, y = curve()
    train = observed(lambda: fit(net(inputs=4, outputs=1), (x, y * (not constant)), functional.mse_loss))
    assert ("splits.constant_label" in codes_of(train)) == constant


def test_a_reward_taken_with_a_minus_is_no_negated_loss():
    """A likelihood is minus a cross-entropy: minus the likelihood is the loss again."""

    def loss_of(output, target):
        return -(-functional.cross_entropy(output, target, reduction="none") * torch.ones(len(target))).mean()

    assert alarms(observed(lambda: fit(net(), classes(), loss_of))) == []


class Adapted(nn.Module):
    """A frozen layer and a branch of low rank whose second factor begins at zero (Hu et al. 2021)."""

    def __init__(self):
        super().__init__()
        torch.manual_seed(4)
        self.base = nn.Linear(6, 32).requires_grad_(requires_grad=False)
        self.down, self.up, self.head = nn.Linear(6, 4, bias=False), nn.Linear(4, 32, bias=False), nn.Linear(32, 3)
        nn.init.zeros_(self.up.weight)

    def forward(self, x):
        return self.head(torch.relu(self.base(x) + self.up(self.down(x))))


def test_a_branch_that_begins_at_zero_gets_gradients_from_the_second_step_on():
    model = Adapted()
    rule = torch.optim.Adam([p for p in model.parameters() if p.requires_grad], lr=0.02)
    assert alarms(observed(lambda: fit(model, classes(), rule=rule))) == []


def test_one_row_at_a_time_is_sound_where_the_network_learns():
    model = net()
    assert alarms(observed(lambda: fit(model, classes(), rule=sgd(model, 0.02), batch=1, steps=900))) == []


def sgd(model, rate):
    return torch.optim.SGD(model.parameters(), lr=rate)


def test_a_norm_that_keeps_no_statistics_mixes_rows_by_intent():
    model = net(between=nn.Sequential(nn.BatchNorm1d(32, track_running_stats=False), nn.ReLU()))
    assert alarms(observed(lambda: fit(model, classes()))) == []


def test_dead_units_are_not_gradients_that_somebody_wiped():
    """With a rectified answer that is zero on all rows every gradient is zero from the backward pass on."""
    model = net(inputs=4, outputs=1, last=nn.ReLU())
    nn.init.constant_(model[2].bias, -9.0)
    found = codes_of(observed(lambda: fit(model, curve(), functional.mse_loss)))
    assert "optimizers.zeroed_before_step" not in found


def test_a_warning_of_torch_names_the_line_that_it_names_without_us():
    from whyfit.vitals.heldout import HeldOut

    def lines():
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            functional.mse_loss(torch.ones(3, 1), torch.ones(3))
            nn.MSELoss()(torch.ones(3, 1), torch.ones(3))
        return [(one.filename, one.lineno) for one in caught]

    bare, held_out = lines(), HeldOut(lambda: 0)
    held_out.install()
    try:
        assert lines() == bare
    finally:
        held_out.undo()
    assert bare[0][0] == __file__


@pytest.mark.parametrize("broken", [True, False])
def test_copies_of_many_digits_are_no_chance(broken):
    """Training rows equal each other on both sides of the switch; scored ones equal them on one."""
    assert alarms(observed(lambda: copied(broken))) == ["splits.scored_rows_trained_on"] * broken


def test_rows_of_few_values_may_equal_training_rows():
    x = torch.randint(0, 3, (400, 4), generator=torch.Generator().manual_seed(5)).float()
    y = x[:, :3].argmax(1)

    def script():
        score(fit(net(inputs=4), (x[:300], y[:300]), batch=64), x[300:], times=1)

    assert alarms(observed(script)) == []


@pytest.mark.parametrize("what", ["all rows", "the rows of each batch"])
def test_a_score_on_training_rows_is_no_division_gone_wrong(what):
    x, y = classes(300)
    model, rule = net(), None
    rule = torch.optim.Adam(model.parameters(), lr=0.02)

    def script():
        for step in range(90):
            rows = torch.arange(300)[step * 32 % 300 :][:32]
            rule.zero_grad()
            functional.cross_entropy(model(x[rows]), y[rows]).backward()
            rule.step()
            if step % 9 == 0:
                with torch.no_grad():
                    model(x if what == "all rows" else x[rows])

    assert alarms(observed(script)) == []


def test_an_autoencoder_is_given_what_it_is_to_answer():
    x, _ = classes()
    assert alarms(observed(lambda: fit(net(outputs=6), (x, x), functional.mse_loss, steps=300))) == []


def test_what_keeps_a_network_from_learning_stands_before_a_score_in_the_wrong_mode():
    def script():
        model = net(between=nn.Sequential(nn.ReLU(), nn.Dropout(0.3)))
        score(fit(model, classes(), rate=5.0), classes(100, seed=9)[0], mode="train")

    found = alarms(observed(script))
    assert found[0] == "optimizers.rate_too_high"
    assert "dropout.evaluated_in_training_mode" in found
