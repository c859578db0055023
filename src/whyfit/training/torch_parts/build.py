"""The network of a member, at its start."""

from __future__ import annotations

import torch
from torch import nn

from whyfit.data.encode import features_of
from whyfit.evidence.dataset import Dataset
from whyfit.evidence.member import Member
from whyfit.evidence.network import Perceptron
from whyfit.nets.check import fresh_module, read_network
from whyfit.nets.network import Network
from whyfit.nets.perceptron import perceptron
from whyfit.rules.initializers import Draw
from whyfit.training.streams import Stream, normal, stream_key, uniform


def build_network(member: Member, data: Dataset, device: str = "cpu", dtype: torch.dtype = torch.float32) -> Network:
    """The network of a member, at its start.

    Raises
    ------
    NetworkError
        A user's network cannot be made, or does not fit the data.
    """
    recipe = member.recipe
    if isinstance(recipe.network, Perceptron):
        module: nn.Module = perceptron(
            recipe, features_of(data).count, data.outputs, lambda layer: draw_of(member.seed, layer), dtype
        )
        return Network(module.to(device))
    module = fresh_module(recipe.network, data, start_seed(member.seed))
    network = read_network(module, data)
    return Network(module.to(device), network.takes, network.image, network.one_logit)


def draw_of(seed: int, layer: int) -> Draw:
    """The numbers that a dense layer starts from: the same for every engine."""
    key = stream_key(seed, Stream.INIT, 0, layer)
    return Draw(uniform=lambda count: uniform(key, count), normal=lambda count: normal(key, count))


def start_seed(seed: int) -> int:
    """What torch's generator is seeded with while a user's function makes its network."""
    return int(stream_key(seed, Stream.INIT))
