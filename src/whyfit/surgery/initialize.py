"""A new start for any network: each layer by an initialiser, made for the activation that follows it."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor, nn

from whyfit.evidence.types import FloatArray
from whyfit.rules.activations import activations
from whyfit.rules.initializers import Draw, initializers, lsuv
from whyfit.rules.initializers.entry import Initializer, Shape
from whyfit.surgery.flow import Call, Flow
from whyfit.surgery.modules import Run, trace
from whyfit.surgery.reached import Missed, Reached, reached

NOT_A_LAYER_OF_SUMS = "not_a_layer_of_sums"
"""Embeddings and recurrent cells keep their own start: the initialisers are derived for sums of inputs."""

RELATIVES = {"relu6": "relu", "celu": "elu", "hardtanh": "tanh", "softsign": "tanh", "tanhshrink": "tanh"}
"""Activations outside the catalogue → the entry whose gain is taken."""

MADE_WHOLE = frozenset({"orthogonal", "lsuv"})
"""Initialisers of a matrix as a whole: its own sides count, not the fans of a convolution."""


def initialize_module(module: nn.Module, name: str, draw_of: Callable[[int], Draw], run: Run) -> Reached:
    """Start every layer anew, in place; biases start at zero.

    Parameters
    ----------
    module
        The network.
    name
        In `whyfit.initializers`.
    draw_of
        Gives the numbers that layer l starts from, 0 the first that a pass meets.
    run
        Passes a batch; the start of `lsuv` is made for it.

    Examples
    --------
    >>> numbers = np.random.default_rng(0)
    >>> net = nn.Sequential(nn.Linear(300, 200), nn.ReLU(), nn.Linear(200, 1))
    >>> draw = Draw(numbers.random, numbers.standard_normal)
    >>> initialize_module(net, "he_normal", lambda layer: draw, lambda: net(torch.zeros(2, 300))).changed
    ('0', '2')
    >>> round(net[0].weight.std().item() * (300 / 2) ** 0.5, 1)
    1.0
    """
    calls = _each_weight_once(trace(module, run).calls)
    layers = [call for call in calls if call.kind in {"dense", "conv"}]
    for i, call in enumerate(layers):
        _start(call, initializers[name], draw_of(i))
    _zero_biases(module, layers)
    if initializers[name].data_dependent:
        scale_by_data(module, run)
    missed = (Missed(call.name, NOT_A_LAYER_OF_SUMS) for call in calls if call not in layers)
    return reached("initializer", (call.name for call in layers), missed)


def activation_for(call: Call) -> str:
    """The catalogue's entry for the activation that a layer meets; `identity` for what it does not know."""
    name = RELATIVES.get(call.activation, call.activation)
    return name if name in activations else "identity"


def _each_weight_once(calls: list[Call]) -> list[Call]:
    return list({id(call.weight): call for call in reversed(calls)}.values())[::-1]


@torch.no_grad()
def _start(call: Call, entry: Initializer, draw: Draw) -> None:
    matrix, follows = call.units_first.flatten(1), activations[activation_for(call)]
    sides = Shape(matrix.shape[0], matrix.shape[1])
    fans = sides if entry.name in MADE_WHOLE else _fans(call)
    values = torch.from_numpy(np.ascontiguousarray(entry.make(sides, entry.deviation(fans, follows), draw)))
    call.units_first.copy_(values.view(call.units_first.shape))


def _fans(call: Call) -> Shape:
    """Inputs of one unit, and units that one input reaches; a kernel counts with each of its places."""
    weights = call.units_first
    places = math.prod(weights.shape[2:])
    return Shape(weights.shape[0] * places, weights.shape[1] * places)


@torch.no_grad()
def _zero_biases(module: nn.Module, layers: list[Call]) -> None:
    """Of every layer that uses one of the weights: two that share one have a bias each."""
    names, weights = {call.name for call in layers}, {id(call.weight) for call in layers}
    for name, part in module.named_modules():
        own = dict(part.named_parameters(recurse=False))
        shares = any(id(parameter) in weights for parameter in own.values())
        for key, parameter in own.items():
            if key.endswith("bias") and (name in names or (shares and key == "bias")):
                parameter.zero_()


def scale_by_data(module: nn.Module, run: Run) -> None:
    """Divide each layer's weights until its outputs have variance 1 over the batch (Mishkin & Matas 2016)."""
    layers = [call for call in _each_weight_once(trace(module, run).calls) if call.kind in {"dense", "conv"}]
    order = {id(call.weight): i for i, call in enumerate(layers)}

    def outputs_of(layer: int) -> FloatArray:
        found: dict[int, Tensor] = {}
        with torch.no_grad(), Flow(module) as flow:
            run()
        for call in flow.calls:
            found.setdefault(order.get(id(call.weight), -1), call.output)
        values: FloatArray = found[layer].double().numpy()
        return values

    lsuv([call.weight.detach().numpy() for call in layers], outputs_of)
