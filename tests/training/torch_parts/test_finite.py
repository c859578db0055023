"""Numbers that are not finite, planted in every pass: found, named, and with the step in which they arose."""

import pytest
import torch
from torch import nn

from training.members import classes_table, member, train
from whyfit.evidence.recipe import Recipe
from whyfit.nets.registry import register
from whyfit.training.engines.single import SingleEngine
from whyfit.training.torch_parts.finite import all_finite, first_not_finite

DATA = classes_table()


class Planted(nn.Module):
    """A small network in which something goes wrong at training step `at`, counted from 0."""

    def __init__(self, plant, at=7):
        super().__init__()
        self.first, self.last, self.plant, self.at, self.count = nn.Linear(6, 8), nn.Linear(8, 3), plant, at, -1

    def forward(self, x):
        if self.training and torch.is_grad_enabled():
            self.count += 1
        now = self.training and self.count == self.at
        h = self.first(x)
        if now and self.plant == "activation":
            h = h + torch.full_like(h, float("inf"))
            h = self.last.weight.new_ones(1) * h
        out = self.last(torch.relu(h))
        if now and self.plant == "loss":
            out = out * float("nan")
        if now and self.plant in {"gradient", "infinite gradient"}:
            out.register_hook(lambda g: g * float("nan" if self.plant == "gradient" else "inf"))
        return out


def outcome(plant, **changes):
    recipe = Recipe.for_data("classification", register(lambda: Planted(plant)), epochs=4, patience=None)
    return train(SingleEngine(), DATA, member(recipe, **changes))[0]


@pytest.mark.parametrize(
    ("plant", "changes", "reason"),
    [
        ("loss", {}, "not_finite:loss:epoch=2:step=2"),
        ("gradient", {}, "not_finite:gradient:epoch=2:step=2:layer="),
        ("infinite gradient", {}, "not_finite:gradient:epoch=2:step=2:layer="),
        ("infinite gradient", {"clip_value": 0.1}, "not_finite:gradient:epoch=2:step=2:layer="),
        ("infinite gradient", {"optimizer": "rprop"}, "not_finite:gradient:epoch=2:step=2:layer="),
        ("gradient", {"clip_norm": 0.1}, "not_finite:gradient:epoch=2:step=2:layer="),
    ],
)
def test_what_is_planted_is_found_where_it_was_planted(plant, changes, reason):
    """144 rows in batches of 32 are 5 steps an epoch: step 7 is step 2 of epoch 2."""
    found = outcome(plant, **changes)
    assert found.status == "diverged"
    assert found.reason.startswith(reason)
    assert found.curves.train_loss.size == 1


def test_a_healthy_twin_is_done():
    assert outcome("nothing").status == "done"


def test_a_step_too_long_for_the_numbers_is_a_weight_that_is_not_finite():
    recipe = Recipe.for_data("classification", register(lambda: Planted("nothing")), epochs=2, patience=None)
    found = train(SingleEngine(), DATA, member(recipe, optimizer="sgd", learning_rate=1e39))[0]
    assert found.status == "diverged"
    assert found.reason.startswith("not_finite:weight:epoch=1:step=0:layer=")


def test_values_too_large_for_a_layer_are_named_by_that_layer():
    class Large(nn.Module):
        def __init__(self):
            super().__init__()
            self.first, self.last = nn.Linear(6, 8), nn.Linear(8, 3)

        def forward(self, x):
            return self.last(self.first(x) * (1e38 if self.training else 1.0) * 1e3)

    recipe = Recipe.for_data("classification", register(Large), epochs=2)
    found = train(SingleEngine(), DATA, member(recipe))[0]
    assert found.reason == "not_finite:activation:epoch=1:step=0:layer=last"


def test_a_norm_that_overflows_is_no_divergence():
    """2e19 squared is no float32, and 2e19 is."""
    assert all_finite([torch.full((3,), 2e19), torch.ones(2)])
    assert not all_finite([torch.ones(2), torch.tensor([1.0, float("inf")])])
    assert not all_finite([torch.tensor([float("nan")])])


def test_the_first_that_is_not_finite_is_named():
    named = [("a", torch.ones(2)), ("b", torch.tensor(float("nan"))), ("c", torch.tensor(float("inf")))]
    assert first_not_finite(named) == "b"
    assert first_not_finite(named[:1]) is None
