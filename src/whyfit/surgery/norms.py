"""Batch norm put into, or taken out of, a user's network."""

from __future__ import annotations

from typing import Literal

from torch import nn

from whyfit.surgery.modules import Place, Run, part_of, replace, trace
from whyfit.surgery.reached import Missed, Reached, reached

BY_LAYER: tuple[tuple[type[nn.Module], type[nn.Module]], ...] = (
    (nn.Linear, nn.BatchNorm1d),
    (nn.Conv1d, nn.BatchNorm1d),
    (nn.Conv2d, nn.BatchNorm2d),
    (nn.Conv3d, nn.BatchNorm3d),
)
"""Layer → the norm that takes what it gives."""

NORMS = nn.modules.batchnorm._BatchNorm  # noqa: SLF001  # the common base of all batch norms has no public name

NO_NORM_FITS = "no_norm_fits"
"""The layer is no dense or convolution module, or gives more axes than a batch norm takes."""
PLAIN_FUNCTION = "plain_function"
NORM_THERE = "norm_is_there"
"""A norm stands between the layer and its activation already."""


def set_batch_norm(module: nn.Module, where: Literal["none", "before", "after"], run: Run) -> Reached:
    """Take every batch norm out, or put one before or after each hidden activation, in place.

    Examples
    --------
    >>> import torch
    >>> net = nn.Sequential(nn.Linear(2, 4), nn.ReLU(), nn.Linear(4, 1))
    >>> set_batch_norm(net, "before", lambda: net(torch.zeros(2, 2))).changed
    ('0',)
    >>> [type(part).__name__ for part in net[0]]
    ['Linear', 'BatchNorm1d']
    """
    if where == "none":
        return _without(module)
    places = trace(module, run).hidden
    problems = [(place, _why_not(module, place, where)) for place in places]
    changed = []
    for place, problem in problems:
        name = place.call.name if where == "before" else place.module
        part = part_of(module, name or "")
        if problem is None and part is not None and name not in changed:
            replace(module, part, nn.Sequential(part, _norm(module, place)))
            changed.append(name)
    return reached(
        "batch_norm", (name or "" for name in changed), (Missed(p.call.name, why) for p, why in problems if why)
    )


def _without(module: nn.Module) -> Reached:
    found = {name: part for name, part in module.named_modules() if isinstance(part, NORMS)}
    for part in found.values():
        replace(module, part, nn.Identity())
    return reached("batch_norm", found)


def _why_not(module: nn.Module, place: Place, where: str) -> str | None:
    layer = part_of(module, place.call.name)
    if _norm_class(layer) is None or (isinstance(layer, nn.Linear) and place.call.output.ndim > 2):
        return NO_NORM_FITS
    if not place.direct:
        return NORM_THERE
    return PLAIN_FUNCTION if where == "after" and place.module is None else None


def _norm(module: nn.Module, place: Place) -> nn.Module:
    layer = part_of(module, place.call.name)
    units = place.call.output.shape[1]
    kind = _norm_class(layer)
    assert kind is not None
    return kind(units)


def _norm_class(layer: nn.Module | None) -> type[nn.Module] | None:
    return next((norm for kind, norm in BY_LAYER if isinstance(layer, kind)), None)
