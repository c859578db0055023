"""Families by surgery: what can be swapped in a user's network is planned, what cannot is told."""

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional

import whyfit
from whyfit.data.load import load
from whyfit.evidence.question import Question
from whyfit.evidence.recipe import Recipe
from whyfit.nets.registry import register
from whyfit.study.own_swaps import own_swaps

DRAW = np.random.default_rng(0)
X = DRAW.normal(size=(80, 4))
DATA = load((X, (X[:, 0] > 0).astype(int)))


def modules(inputs, outputs):
    return nn.Sequential(nn.Linear(inputs, 8), nn.ReLU(), nn.Linear(8, 8), nn.ReLU(), nn.Linear(8, outputs))


def normed(inputs, outputs):
    return nn.Sequential(nn.Linear(inputs, 8), nn.BatchNorm1d(8), nn.Tanh(), nn.Linear(8, outputs))


class Functional(nn.Module):
    """One activation is a module, the other a function that nothing can reach."""

    def __init__(self, inputs, outputs):
        super().__init__()
        self.first, self.second, self.last = nn.Linear(inputs, 8), nn.Linear(8, 8), nn.Linear(8, outputs)
        self.middle = nn.ReLU()

    def forward(self, x):
        return self.last(functional.relu(self.second(self.middle(self.first(x)))))


class OnlyFunctions(nn.Module):
    def __init__(self, inputs, outputs):
        super().__init__()
        self.first, self.last = nn.Linear(inputs, 8), nn.Linear(8, outputs)

    def forward(self, x):
        return self.last(torch.relu(self.first(x)))


def planned(make):
    made, told = own_swaps(DATA, Recipe.for_data("classification", register(make)))
    return {family.name: family for family in made}, {(one.code, dict(one.facts)["change"]): one for one in told}


def strengths(family):
    return [arm.strength for arm in family.candidates]


def test_a_network_of_modules_has_every_family_and_nothing_to_tell():
    made, told = planned(modules)
    assert {"dropout", "relative_of_relu", "saturating_activation", "initializer", "batch_norm"} <= set(made)
    assert not told


def test_a_swap_to_what_is_there_already_is_no_candidate():
    assert "relu" not in strengths(planned(modules)[0]["relative_of_relu"])
    made, _ = planned(normed)
    assert "relu" in strengths(made["relative_of_relu"])
    assert strengths(made["saturating_activation"]) == ["sigmoid"]


def test_where_a_norm_stands_it_is_taken_out_and_no_second_one_put_in():
    made, _ = planned(normed)
    assert strengths(made["no_batch_norm"]) == ["none"]
    assert "batch_norm" not in made
    assert made["no_batch_norm"].question is Question.BATCHNORM


def test_a_function_that_cannot_be_reached_is_told_beside_the_module_that_was():
    made, told = planned(Functional)
    assert "relative_of_relu" in made
    facts = dict(told["study.not_reached", "relative_of_relu"].facts)
    assert facts["count"] == 1


def test_where_nothing_is_reached_there_is_no_family_and_that_is_told():
    made, told = planned(OnlyFunctions)
    assert "relative_of_relu" not in made
    assert ("study.nothing_reached", "relative_of_relu") in told
    assert "initializer" in made


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_was_not_reached_stands_in_the_report(language):
    report = whyfit.checkup((X, (X[:, 0] > 0).astype(int)), model=OnlyFunctions, budget="10n")
    codes = [one["code"] for one in report.document.data.model_extra["told"]]
    assert "study.nothing_reached" in codes
    from whyfit.report.html import to_html

    assert "nn.ReLU()" in to_html(report.document, language)
