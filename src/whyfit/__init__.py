"""whyfit: why your neural network fits or does not fit, and what would help, measured with intervals.

Every name is loaded when it is first used, so that importing whyfit costs next to nothing.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from whyfit._version import __version__

if TYPE_CHECKING:
    from whyfit import report, splits
    from whyfit.doors.api import checkup
    from whyfit.doors.train_door import train
    from whyfit.doors.watch_session import Watch as watch  # noqa: N813  # it reads as a verb: `with whyfit.watch(model):`
    from whyfit.evidence.member import Collect
    from whyfit.evidence.recipe import Recipe
    from whyfit.rules.activations import activations
    from whyfit.rules.augmentations import augmentations
    from whyfit.rules.initializers import initializers
    from whyfit.rules.losses import losses
    from whyfit.rules.optimizers import optimizers

_HOMES = {
    "Collect": "whyfit.evidence.member:Collect",
    "Recipe": "whyfit.evidence.recipe:Recipe",
    "activations": "whyfit.rules.activations:activations",
    "augmentations": "whyfit.rules.augmentations:augmentations",
    "checkup": "whyfit.doors.api:checkup",
    "initializers": "whyfit.rules.initializers:initializers",
    "losses": "whyfit.rules.losses:losses",
    "optimizers": "whyfit.rules.optimizers:optimizers",
    "report": "whyfit.report",
    "splits": "whyfit.splits",
    "train": "whyfit.doors.train_door:train",
    "watch": "whyfit.doors.watch_session:Watch",
}
"""Where each public name lives: a module, or a name in one."""

__all__ = [
    "Collect",
    "Recipe",
    "__version__",
    "activations",
    "augmentations",
    "checkup",
    "initializers",
    "losses",
    "optimizers",
    "report",
    "splits",
    "train",
    "watch",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'whyfit' has no attribute {name!r}")
    module, _, attribute = _HOMES[name].partition(":")
    found = importlib.import_module(module)
    value = getattr(found, attribute) if attribute else found
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
