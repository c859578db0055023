"""`torch.optim` on a surface: the independent twin of the compiled rules."""

from __future__ import annotations

import numpy as np

from whyfit.evidence.types import FloatArray
from whyfit.rules.optimizers import optimizers
from whyfit.rules.optimizers.surfaces import Surface

NAMES = {
    "sgd": "SGD",
    "momentum": "SGD",
    "nesterov": "SGD",
    "adagrad": "Adagrad",
    "adadelta": "Adadelta",
    "rmsprop": "RMSprop",
    "adam": "Adam",
    "adamw": "AdamW",
    "nadam": "NAdam",
    "radam": "RAdam",
    "adamax": "Adamax",
    "amsgrad": "Adam",
}
"""Those that torch has, with settings that carry over; the others are compared in the tests."""


def torch_path(name: str, surface: Surface, rate: float, steps: int) -> FloatArray | None:
    """Every point on torch's way, (steps + 1, 2); None for a rule that is not compared here."""
    import torch  # noqa: PLC0415  # an extra

    if name not in NAMES:
        return None
    w = torch.tensor(surface.start, dtype=torch.float64, requires_grad=True)
    rule = getattr(torch.optim, NAMES[name])([w], lr=rate, **_options(name))
    path = [w.detach().numpy().copy()]
    for _ in range(steps):
        w.grad = torch.tensor(surface.gradient(w.detach().numpy()))
        rule.step()
        path.append(w.detach().numpy().copy())
    return np.array(path)


def _options(name: str) -> dict[str, object]:
    """Ours by torch's names, decay left out: here only the rule walks."""
    given = {one.name: one.default for one in optimizers[name].settings}
    options: dict[str, object] = {key: value for key, value in given.items() if not key.startswith("beta")}
    if "beta1" in given:
        options["betas"] = (given["beta1"], given["beta2"])
    if name in ("nesterov", "amsgrad"):
        options[name] = True
    if name == "adamw":
        options["weight_decay"] = 0.0
    return options
