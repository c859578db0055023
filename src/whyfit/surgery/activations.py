"""Swapping the hidden activations of a user's network."""

from __future__ import annotations

from typing import Any

from torch import nn

from whyfit.nets.activations import activation_module, pieces_of
from whyfit.nets.maxout import Maxout
from whyfit.surgery.modules import Place, Run, Trace, part_of, replace, trace
from whyfit.surgery.reached import Missed, Reached, reached

PLAIN_FUNCTION = "plain_function"
"""It is called as a function, such as `F.relu(x)`: nothing that could be replaced from outside."""
SHARED_WITH_OUTPUT = "shared_with_output"
"""The same module stands behind the last layer, whose activation belongs to the loss."""
CANNOT_WIDEN = "layer_cannot_be_widened"
"""Maxout needs a dense or convolution module right before it, to make it wider."""

DENSE, CONVOLUTIONS = nn.Linear, (nn.Conv1d, nn.Conv2d, nn.Conv3d)


def swap_activations(module: nn.Module, name: str, run: Run) -> Reached:
    """Put another activation behind every hidden layer, in place; the output's own stays.

    Parameters
    ----------
    module
        The network.
    name
        In `whyfit.activations`. For Maxout the layers before are made wider, and start as torch starts them.
    run
        Passes a small batch.

    Examples
    --------
    >>> import torch
    >>> net = nn.Sequential(nn.Linear(2, 4), nn.ReLU(), nn.Linear(4, 1), nn.Sigmoid())
    >>> swap_activations(net, "elu", lambda: net(torch.zeros(2, 2))).changed
    ('1',)
    >>> net[1], net[3]
    (ELU(alpha=1.0), Sigmoid())
    """
    traced = trace(module, run)
    problems = {id(place): _why_not(module, traced, place, name) for place in traced.hidden}
    good = [place for place in traced.hidden if problems[id(place)] is None]
    missed = [
        Missed(place.module or place.call.name, problems[id(place)] or "")
        for place in traced.hidden
        if place not in good
    ]
    parts = {place.module: (part_of(module, place.module or ""), place) for place in good}
    for old, place in parts.values():
        if old is not None:
            replace(module, old, _fitting(module, place, name))
    return reached("activation", (place.module or "" for place in good), missed)


def _why_not(module: nn.Module, traced: Trace, place: Place, name: str) -> str | None:
    if place.module is None:
        return PLAIN_FUNCTION
    if place.module in traced.at_output:
        return SHARED_WITH_OUTPUT
    widened = pieces_of(name) > 1 and not (
        place.direct and isinstance(part_of(module, place.call.name), (DENSE, *CONVOLUTIONS))
    )
    return CANNOT_WIDEN if widened else None


def _fitting(module: nn.Module, place: Place, name: str) -> nn.Module:
    """The activation for a place; the layer before it is made wider where it takes several values a unit."""
    new, layer = activation_module(name), part_of(module, place.call.name)
    if isinstance(new, Maxout) and layer is not None:
        new.dim = -1 if isinstance(layer, DENSE) else 1
        replace(module, layer, _wider(layer, new.pieces))
    return new


def _wider(layer: Any, pieces: int) -> nn.Module:
    """A fresh layer of the same kind that gives several values a unit."""
    bias = layer.bias is not None
    if isinstance(layer, DENSE):
        return DENSE(layer.in_features, layer.out_features * pieces, bias=bias)
    return type(layer)(  # type: ignore[no-any-return]  # one of three convolutions
        layer.in_channels,
        layer.out_channels * pieces,
        layer.kernel_size,
        layer.stride,
        layer.padding,
        layer.dilation,
        layer.groups,
        bias,
        layer.padding_mode,
    )
