"""Faults that are seen as mechanisms, whatever became of the loss; each healthy twin, one switch away, is silent."""

import torch
from torch import nn
from torch.nn import functional

from watch.planted import classes, curve, fit, found_and_silent, net


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
    "activations.targets_outside": targets_outside,
    "backprop.rows_mixed": batch_taken_for_time,
    "backprop.flat_operation": flat_operation,
    "dropout.not_rescaled": not_rescaled,
    "dropout.trained_in_evaluation_mode": never_dropped,
    "initialization.units_alike": equal_rows,
    "initialization.first_loss_far_off": far_off,
    "optimizers.rate_too_high": leaps,
    "saturation.by_weights": flat_start,
    "activations.bent_logits": tanh_before_logits_loss,
    "activations.bounded_output": rectified_targets,
    "activations.class_numbers": class_numbers,
    "batchnorm.on_the_output": normed_answers,
    "optimizers.loss_negated": negated,
    "optimizers.penalty_dominates": penalty,
}

test_a_planted_fault_is_found_first, test_its_twin_is_silent = found_and_silent(FAULTS)
