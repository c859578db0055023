"""Faults that are seen as mechanisms, whatever became of the loss; each healthy twin, one switch away, is silent."""

import pytest
import torch
from torch import nn
from torch.nn import functional

from watch.planted import alarms, classes, curve, fit, net, observed
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


FAULTS = {
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
