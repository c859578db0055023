"""torch's autograd as the oracle of a derivation, where torch is installed; central differences where it is not."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from whyfit.evidence.types import AnyArray, FloatArray
from whyfit.explain.net import Net

TOLERANCE = 1e-12
"""Of the largest entry: float64 has 1e-16, and a gradient here is a sum of at most some hundred products."""
STEP = 1e-6
"""Of central differences: about the cube root of 1e-16, where truncation and rounding are alike."""
DIFFERENCE_TOLERANCE = 1e-7
"""The rounding of a difference over that step, 1e-16/1e-6, with room for a factor of 1000 in the loss."""

Flow = dict[str, AnyArray]


def has_torch() -> bool:
    """Whether autograd can be asked."""
    return importlib.util.find_spec("torch") is not None


def gradients_by_torch(net: Net, x: AnyArray, y: AnyArray, loss: str) -> Flow:
    """Every quantity of the derivation as torch has it: values forward, gradients backward.

    Returns
    -------
    Flow
        `u1`, `h1`, …, `L` forward; `δ1`, `W1`, `b1`, … the gradients there.
    """
    import torch  # noqa: PLC0415  # an extra; only this question asks for it

    weights = [torch.tensor(w, requires_grad=True) for w in net.weights]
    biases = [torch.tensor(b, requires_grad=True) for b in net.biases]
    hidden, before, flow = torch.tensor(x), [], {}
    for place, (w, b) in enumerate(zip(weights, biases, strict=True), start=1):
        u = w @ hidden + b
        u.retain_grad()
        before.append(u)
        flow[f"u{place}"] = u.detach().numpy()
        hidden = u if place == len(weights) else _activated(net.activation, u)
        flow[f"h{place}"] = hidden.detach().numpy()
    value = _loss(loss, hidden, torch.tensor(y))
    value.backward()
    flow["L"] = value.detach().numpy().reshape(1, 1)
    for place, (w, b, u) in enumerate(zip(weights, biases, before, strict=True), start=1):
        flow |= {f"δ{place}": _grad(u), f"W{place}": _grad(w), f"b{place}": _grad(b)}
    return flow


def _grad(tensor: Any) -> AnyArray:
    assert tensor.grad is not None
    grad: AnyArray = tensor.grad.numpy()
    return grad


def _activated(name: str, u: Any) -> Any:
    from torch.nn import functional  # noqa: PLC0415

    special: dict[str, Callable[[Any], Any]] = {
        "identity": lambda z: z,
        "gelu_tanh": lambda z: functional.gelu(z, approximate="tanh"),
        # torch's own have 1/6 in single precision, which is 1e-8 off in double
        "hardsigmoid": lambda z: functional.relu6(z + 3) / 6,
        "hardswish": lambda z: z * functional.relu6(z + 3) / 6,
    }
    return special.get(name, getattr(functional, name, None))(u)  # type: ignore[misc]  # every other name is torch's own


def activation_by_torch(name: str, points: AnyArray, slope: float | None) -> tuple[AnyArray, AnyArray]:
    """Values and derivatives of one activation at some points, as torch has them."""
    import torch  # noqa: PLC0415

    z = torch.tensor(points, requires_grad=True)
    value = torch.nn.functional.prelu(z, torch.tensor([slope], dtype=z.dtype)) if slope else _activated(name, z)
    value.sum().backward()
    return value.detach().numpy(), _grad(z)


def _loss(name: str, a: Any, y: Any) -> Any:
    from torch.nn import functional  # noqa: PLC0415

    if name == "half_squared_error":
        return ((a - y) ** 2).sum(dim=0).mean() / 2
    if name == "mse":
        return functional.mse_loss(a, y)
    if name == "cross_entropy":
        return functional.cross_entropy(a.T, y.T)
    return functional.binary_cross_entropy_with_logits(a, y)


def apart(ours: AnyArray, theirs: AnyArray) -> float:
    """The largest difference, as a share of the largest entry (of 1 where all are smaller)."""
    if ours.shape != theirs.shape:
        return float("inf")
    return float(np.abs(ours - theirs).max() / max(1.0, float(np.abs(theirs).max())))


def central_difference(function: Callable[[], float], arrays: Sequence[FloatArray]) -> list[FloatArray]:
    """∂function/∂array for each array, entry by entry: (f(w + h) − f(w − h)) / 2h; the arrays are put back."""
    found = []
    for array in arrays:
        slope = np.empty_like(array)
        for index in np.ndindex(array.shape):
            kept = array[index]
            array[index] = kept + STEP
            above = function()
            array[index] = kept - STEP
            below = function()
            array[index] = kept
            slope[index] = (above - below) / (2 * STEP)
        found.append(slope)
    return found
