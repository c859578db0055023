"""What looks like a fault and is meant: nothing is said of it, or nothing before what matters."""

import warnings

import torch
from torch import nn
from torch.nn import functional

from watch.planted import alarms, classes, codes_of, curve, fit, net, observed, score


def test_a_cap_on_the_size_of_logits_is_no_bend():
    class Capped(nn.Module):
        def forward(self, x):
            return 30 * torch.tanh(x / 30)

    assert alarms(observed(lambda: fit(net(last=Capped()), classes()))) == []


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

    bare, held_out = lines(), HeldOut(lambda: 0, lambda _: None)
    held_out.install()
    try:
        assert lines() == bare
    finally:
        held_out.undo()
    assert bare[0][0] == __file__


def test_what_keeps_a_network_from_learning_stands_before_a_score_in_the_wrong_mode():
    def script():
        model = net(between=nn.Sequential(nn.ReLU(), nn.Dropout(0.3)))
        score(fit(model, classes(), rate=5.0), classes(100, seed=9)[0], mode="train")

    found = alarms(observed(script))
    assert found[0] == "optimizers.rate_too_high"
    assert "dropout.evaluated_in_training_mode" in found


class Gated(nn.Module):
    """Experts, weighed by a softmax (Jacobs et al. 1991): the answer has no ends."""

    def __init__(self):
        super().__init__()
        torch.manual_seed(3)
        self.gate = nn.Linear(4, 3)
        self.experts = nn.ModuleList(nn.Sequential(nn.Linear(4, 16), nn.Tanh(), nn.Linear(16, 1)) for _ in range(3))

    def forward(self, x):
        answers = torch.cat([expert(x) for expert in self.experts], 1)
        return (self.gate(x).softmax(1) * answers).sum(1, keepdim=True)


def test_a_gate_puts_no_bounds_on_what_it_weighs():
    assert alarms(observed(lambda: fit(Gated(), curve(), functional.mse_loss, rate=0.02, steps=200))) == []


def test_one_matrix_used_both_ways_is_no_stack_of_layers():
    """Principal components by a linear network: nothing should bend."""

    class Tied(nn.Module):
        def __init__(self):
            super().__init__()
            self.weight = nn.Parameter(torch.randn(4, 4, generator=torch.Generator().manual_seed(2)) / 2)

        def forward(self, x):
            return x @ self.weight @ self.weight.T

    x, _ = curve()
    assert alarms(observed(lambda: fit(Tied(), (x, x), functional.mse_loss, rate=0.01, steps=150))) == []


def test_gradients_of_each_row_by_vmap_are_left_alone():
    """What `torch.func` maps over holds no number: it is not read, and the steps are followed all the same."""
    x, y = classes()
    model = net()
    rule = sgd(model, 0.3)

    def loss_of(parameters, row, label):
        return functional.cross_entropy(torch.func.functional_call(model, parameters, (row[None],)), label[None])

    def script():
        of_each = torch.func.vmap(torch.func.grad(loss_of), in_dims=(None, 0, 0))
        for _ in range(30):
            parameters = {name: p.detach() for name, p in model.named_parameters()}
            gradients = of_each(parameters, x[:64], y[:64])
            for name, p in model.named_parameters():
                p.grad = gradients[name].mean(0)
            rule.step()

    seen = observed(script)
    assert seen.failed == ()
    assert seen.steps == 30
