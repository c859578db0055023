"""One contract for all catalogues: every entry passes it by being listed."""

import doctest
import importlib
import pkgutil

import pytest

import whyfit.rules
from whyfit.errors import ArgumentError
from whyfit.rules.activations import activations
from whyfit.rules.augmentations import augmentations
from whyfit.rules.initializers import initializers
from whyfit.rules.losses import losses
from whyfit.rules.optimizers import optimizers

CATALOGUES = {
    "activations": activations,
    "optimizers": optimizers,
    "initializers": initializers,
    "losses": losses,
    "augmentations": augmentations,
}
ENTRIES = [
    pytest.param(entry, id=f"{kind}-{name}") for kind, all_ in CATALOGUES.items() for name, entry in all_.items()
]

CODES = {
    "activations": "identity relu sigmoid tanh leaky_relu prelu elu maxout selu gelu silu mish softplus hardswish "
    "hardsigmoid gelu_tanh",
    "optimizers": "sgd momentum nesterov adagrad adadelta rmsprop adam adam_l2 adamw nadam radam adamax asgd rprop "
    "amsgrad muon",
    "initializers": "zero constant normal unit_normal uniform xavier_uniform xavier_normal he_uniform he_normal "
    "he_uniform_fan_out he_normal_fan_out lecun_normal orthogonal lsuv",
    "losses": "cross_entropy squared_error binary_cross_entropy absolute_error huber",
    "augmentations": "rotate shift scale affine noise cutout flip flip_vertical mixup column_swap",
}
"""Codes are the places in these lists. They never change: new names go to the end, none is taken out."""


@pytest.mark.parametrize("kind", CATALOGUES)
def test_codes_never_change(kind):
    assert [(entry.code, name) for name, entry in CATALOGUES[kind].items()] == list(enumerate(CODES[kind].split()))


@pytest.mark.parametrize("entry", ENTRIES)
def test_an_entry_has_a_formula_a_paper_and_a_short_name(entry):
    assert entry.name.replace("_", "a").isalnum()
    assert entry.name.islower()
    assert entry.formula.count("{") == entry.formula.count("}")
    assert any(year.isdigit() and len(year) == 4 for year in entry.paper.replace(",", " ").split()) or (
        entry.code < 4 and hasattr(entry, "suits")  # the planted mistakes come from no paper
    )


@pytest.mark.parametrize("entry", ENTRIES)
def test_the_repr_is_one_line_with_the_name(entry):
    assert f"({entry.name!r}" in repr(entry)
    assert "\n" not in repr(entry)
    assert len(repr(entry)) < 120


@pytest.mark.parametrize("entry", ENTRIES)
def test_an_entry_cannot_be_changed(entry):
    with pytest.raises(AttributeError):
        entry.name = "other"


def test_a_catalogue_is_a_mapping_in_the_order_of_codes():
    assert list(activations)[:2] == ["identity", "relu"]
    assert "relu" in activations
    assert 7 not in activations
    assert repr(losses) == (
        "<whyfit.losses: cross_entropy, squared_error, binary_cross_entropy, absolute_error, huber>"
    )
    with pytest.raises(TypeError):
        activations["mine"] = activations["relu"]


@pytest.mark.parametrize(
    ("wrong", "meant"), [("rellu", "relu"), ("ReLU", "relu"), ("leakyrelu", "leaky_relu"), ("hard_swish", "hardswish")]
)
def test_a_name_that_is_nearly_there_gets_the_right_one(wrong, meant):
    with pytest.raises(
        ArgumentError, match=rf"`activation` .*`whyfit\.activations`, got '{wrong}'\. Did you mean.*'{meant}'"
    ):
        activations[wrong]


def test_a_name_that_is_nowhere_near_gets_the_whole_list():
    with pytest.raises(ArgumentError, match=r"got 'xyz'\. There are 'cross_entropy', 'squared_error',"):
        losses["xyz"]


def test_get_gives_a_default_as_every_mapping_does():
    assert activations.get("nothing like it") is None
    assert activations.get("nothing like it", 3) == 3
    assert activations.get("relu") is activations["relu"]


MODULES = [module.name for module in pkgutil.walk_packages(whyfit.rules.__path__, "whyfit.rules.")]


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_print_what_they_say(name):
    result = doctest.testmod(importlib.import_module(name))
    assert result.failed == 0
