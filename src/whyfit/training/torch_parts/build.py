"""The network of a member, at its start."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np
import torch
from torch import nn

from whyfit.errors import NetworkError
from whyfit.evidence.dataset import Dataset
from whyfit.evidence.member import Member
from whyfit.evidence.network import Perceptron
from whyfit.evidence.recipe import Recipe
from whyfit.evidence.types import IntArray
from whyfit.nets.check import fresh_module, read_network
from whyfit.nets.network import Network
from whyfit.nets.perceptron import perceptron
from whyfit.nets.start import seeded
from whyfit.rules.initializers import Draw, initializers
from whyfit.surgery.changes import asks_for_change, change_network
from whyfit.surgery.initialize import scale_by_data
from whyfit.surgery.reached import Reached
from whyfit.training.embedding_start import features_for, first_tables
from whyfit.training.schedule import MEASURED_ROWS
from whyfit.training.streams import Stream, normal, stream_key, uniform
from whyfit.training.torch_parts.evaluate import evaluating
from whyfit.training.torch_parts.rows import Rows


def build_network(member: Member, data: Dataset, device: str = "cpu", dtype: torch.dtype = torch.float32) -> Network:
    """The network of a member, at its start.

    Raises
    ------
    NetworkError
        A user's network cannot be made, or does not fit the data.
    """
    network = _perceptron(member, data, dtype) if isinstance(member.recipe.network, Perceptron) else _user(member, data)
    return replace(network, module=network.module.to(device))


def reach_of(recipe: Recipe, data: Dataset) -> tuple[Reached, ...]:
    """What a recipe's changes reach in a user's network, and what they miss: one for each changed field.

    Raises
    ------
    NetworkError
        The network cannot be made.
    """
    assert not isinstance(recipe.network, Perceptron)
    rows = np.arange(min(data.rows, MEASURED_ROWS))
    return _changed(fresh_module(recipe.network, data, 0), recipe, 0, data, rows)[1]


def _perceptron(member: Member, data: Dataset, dtype: torch.dtype) -> Network:
    recipe = member.recipe
    inputs, draw = features_for(recipe, data).count, partial(draw_of, member.seed)
    tables = first_tables(recipe, data, member.split.train, member.seed)
    network = Network(perceptron(recipe, inputs, data.outputs, draw, dtype, tables).eval())
    if initializers[recipe.initializer].data_dependent:
        rows = (
            Rows.of(data, member.split.train, features=features_for(recipe, data))
            .features(_first(member.split.train))
            .to(dtype)
        )
        scale_by_data(network.module, partial(network, rows))
    return network


def _user(member: Member, data: Dataset) -> Network:
    assert not isinstance(member.recipe.network, Perceptron)
    module = fresh_module(member.recipe.network, data, start_seed(member.seed))
    if not asks_for_change(member.recipe):
        return read_network(module, data)
    network, done = _changed(module, member.recipe, member.seed, data, member.split.train)
    empty = [one.change for one in done if not one and _must_reach(member.recipe, one.change)]
    if empty:
        raise NetworkError(
            f"nothing in it could be changed by {', '.join(f'`{name}`' for name in empty)}.",
            where="model",
            advice="Use modules such as nn.ReLU() in place of functions such as F.relu.",
        )
    return network


def _changed(
    module: nn.Module, recipe: Recipe, seed: int, data: Dataset, train: IntArray
) -> tuple[Network, tuple[Reached, ...]]:
    """The network as the recipe wants it, and what that reached; the batch is the first training rows."""
    network = read_network(module, data)
    rows = Rows.of(data, train).features(_first(train))
    with evaluating(module), seeded(start_seed(seed)):
        done = change_network(module, recipe, partial(draw_of, seed), partial(network, rows))
    return read_network(module, data), done


def _must_reach(recipe: Recipe, change: str) -> bool:
    """Whether an empty reach is a contradiction: taking out what is not there is none."""
    return getattr(recipe, change) not in (0.0, "none")


def _first(train: IntArray) -> torch.Tensor:
    return torch.from_numpy(train[:MEASURED_ROWS].copy())


def draw_of(seed: int, layer: int) -> Draw:
    """The numbers that a dense layer starts from: the same for every engine."""
    key = stream_key(seed, Stream.INIT, 0, layer)
    return Draw(uniform=lambda count: uniform(key, count), normal=lambda count: normal(key, count))


def start_seed(seed: int) -> int:
    """What torch's generator is seeded with while a user's function makes its network."""
    return int(stream_key(seed, Stream.INIT))
