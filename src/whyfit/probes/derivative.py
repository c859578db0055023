"""Probe: autograd against central differences in float64, parameter by parameter.

Tells a wrong backward pass (of a function written by hand) from one that is right. Two steps are taken along each
direction: where they disagree with each other the way leads over a kink, or rounds in float32, and the parameter is
counted as not checkable. Four forward passes a parameter. Blind to errors orthogonal to the direction, which a random
one almost never is.
"""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import torch

from whyfit.probes.pair import Pair

STEP = 1e-4
"""Times the size of the parameter: central differences then err by about 1e-8 relative, rounding by about 1e-11."""
TOLERANCE = 1e-3
"""Relative: far above both errors, far below any wrong formula."""
FINER = 32
"""Part of the step that is taken once more where both steps agree with each other and not with autograd."""
MOST = 40
"""Parameters that are checked."""


def probe_derivative(pair: Pair) -> dict[str, Any]:
    """The worst parameter and its relative error, how many were checked, how many lie on a kink; the error of each.

    `errors` has None for a parameter on a kink; those that no gradient reaches are not in it.
    """
    pair = Pair(copy.deepcopy(pair.network).eval(), pair.batch, pair.named)
    network = copy.deepcopy(pair.network).double()
    batch = tuple(_double(value) for value in pair.batch)
    wide = Pair(network, batch, {name: _double(value) for name, value in pair.named.items()})
    draw = np.random.default_rng(0)
    named = [(name, p) for name, p in network.named_parameters() if p.requires_grad][:MOST]
    with torch.enable_grad():
        output = wide.run()
        if output is None or not output.requires_grad:
            return {}
        weights = torch.tensor(draw.normal(size=tuple(output.shape)))
        gradients = _gradients(output, weights, [p for _, p in named]) or _in_single(pair, weights)
    errors = {}
    for (name, parameter), gradient in zip(named, gradients, strict=True):
        if gradient is not None:
            errors[name] = _error(wide, weights, parameter, gradient, draw)
    checked = {name: error for name, error in errors.items() if error is not None}
    worst = max(checked, key=lambda name: checked[name], default=None)
    return {
        "worst": worst,
        "error": checked.get(worst or "", 0.0),
        "checked": len(checked),
        "kinks": len(errors) - len(checked),
        "errors": errors,
    }


def _gradients(output: torch.Tensor, weights: torch.Tensor, parameters: list[Any]) -> tuple[Any, ...] | None:
    """Of the weighted outputs; None where a backward pass written by hand knows one precision alone."""
    try:
        return torch.autograd.grad((output * weights.to(output.dtype)).sum(), parameters, allow_unused=True)
    except RuntimeError:
        return None


def _in_single(pair: Pair, weights: torch.Tensor) -> tuple[Any, ...]:
    """The same in the network's own precision, whose rounding lies far below a wrong formula."""
    output = pair.run()
    if output is None:
        return ()
    named = [p for _, p in pair.network.named_parameters() if p.requires_grad][:MOST]
    found: tuple[Any, ...] = torch.autograd.grad((output * weights.to(output.dtype)).sum(), named, allow_unused=True)
    return tuple(None if one is None else one.double() for one in found)


def _error(pair: Pair, weights: torch.Tensor, parameter: Any, gradient: torch.Tensor, draw: Any) -> float | None:
    direction = torch.tensor(draw.normal(size=tuple(parameter.shape)))
    direction /= direction.norm() or 1.0
    size = STEP * max(float(parameter.detach().norm()), 1e-2)
    told = float((gradient * direction).sum())
    wide, narrow = (_slope(pair, weights, parameter, direction, step) for step in (size, size / 4))
    scale = max(abs(told), abs(narrow), 1e-9)
    if abs(wide - narrow) > TOLERANCE * scale:
        return None
    error = abs(told - narrow) / scale
    if error > TOLERANCE:  # a wrong formula is as wrong at every step; a kink that both steps cross is left behind
        error = min(error, abs(told - _slope(pair, weights, parameter, direction, size / FINER)) / scale)
    return error


def _slope(pair: Pair, weights: torch.Tensor, parameter: Any, direction: torch.Tensor, step: float) -> float:
    values = []
    with torch.no_grad():
        kept = parameter.detach().clone()
        for sign in (1, -1):
            parameter.copy_(kept + sign * step * direction)
            output = pair.run()
            assert output is not None
            values.append(float((output * weights).sum()))
        parameter.copy_(kept)
    return (values[0] - values[1]) / (2 * step)


def _double(value: Any) -> Any:
    return value.double() if isinstance(value, torch.Tensor) and value.dtype.is_floating_point else value
