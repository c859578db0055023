"""Another rate of dropout for a user's network."""

from __future__ import annotations

from torch import nn

from whyfit.surgery.modules import Run, part_of, replace, trace
from whyfit.surgery.reached import Missed, Reached, reached

MODULES = (nn.Dropout, nn.Dropout1d, nn.Dropout2d, nn.Dropout3d, nn.AlphaDropout, nn.FeatureAlphaDropout)
INNER = (nn.MultiheadAttention, nn.RNNBase)
"""Modules that drop inside; their rate is a field."""

PLAIN_FUNCTION = "plain_function"


def set_dropout(module: nn.Module, rate: float, run: Run) -> Reached:
    """Give every dropout of a network another rate, in place; where it has none, put one behind each hidden activation.

    Examples
    --------
    >>> import torch
    >>> net = nn.Sequential(nn.Linear(2, 4), nn.ReLU(), nn.Linear(4, 1))
    >>> set_dropout(net, 0.2, lambda: net(torch.zeros(2, 2))).changed
    ('1',)
    >>> net[1]
    Sequential(
      (0): ReLU()
      (1): Dropout(p=0.2, inplace=False)
    )
    """
    found = {name: part for name, part in module.named_modules() if _drops(part)}
    if not found:
        return _insert(module, rate, run) if rate > 0 else reached("dropout", ())
    for part in found.values():
        if isinstance(part, MODULES):
            part.p = rate
        else:
            part.dropout = rate  # attention and recurrent modules keep their rate there
    return reached("dropout", found)


def _drops(part: nn.Module) -> bool:
    """Whether a part drops, or is made to: an inner dropout that was switched off stays off."""
    return isinstance(part, MODULES) or (isinstance(part, INNER) and bool(part.dropout))


def _insert(module: nn.Module, rate: float, run: Run) -> Reached:
    traced = trace(module, run)
    names = {place.module for place in traced.hidden} - traced.at_output
    missed = [Missed(place.call.name, PLAIN_FUNCTION) for place in traced.hidden if place.module is None]
    for name in names - {None}:
        part = part_of(module, name or "")
        if part is not None:
            replace(module, part, nn.Sequential(part, nn.Dropout(rate)))
    return reached("dropout", sorted(name for name in names if name is not None), missed)
