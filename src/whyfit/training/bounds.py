"""Where the numbers of a recipe must lie."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Bounds:
    """Where a number must lie.

    Attributes
    ----------
    low, high
        The ends.
    closed
        Whether the lower end itself is allowed.
    whole
        Whether it must be a whole number.
    capped
        Whether the upper end itself is allowed.
    """

    low: float
    high: float = math.inf
    closed: bool = True
    whole: bool = False
    capped: bool = False

    def hold(self, value: Any) -> bool:
        """Whether a value lies there."""
        if isinstance(value, bool) or not isinstance(value, int if self.whole else int | float):
            return False
        above = self.low <= value if self.closed else self.low < value
        return above and (value <= self.high if self.capped else value < self.high)

    def __str__(self) -> str:
        kind = "a whole number" if self.whole else "a number"
        least = f"of at least {self.low:g}" if self.closed else f"above {self.low:g}"
        return f"{kind} {least}" + (
            f" and {'at most' if self.capped else 'under'} {self.high:g}" if self.high < math.inf else ""
        )


SHARE, POSITIVE, AMOUNT, COUNT = Bounds(0, 1), Bounds(0, closed=False), Bounds(0), Bounds(1, whole=True)
STRENGTH = Bounds(0, 1, capped=True)

NUMBERS: Mapping[str, Bounds] = {
    "label_smoothing": SHARE,
    "learning_rate": POSITIVE,
    "warmup": SHARE,
    "epochs": COUNT,
    "l1": AMOUNT,
    "augmentation_strength": STRENGTH,
}
OPTIONAL: Mapping[str, Bounds] = {
    "batch_size": COUNT,
    "patience": COUNT,
    "clip_norm": POSITIVE,
    "clip_value": POSITIVE,
    "l2": AMOUNT,
    "weight_decay": AMOUNT,
}
"""Numbers that may be None."""

BY_RULE = ("l2", "weight_decay")
"""None is here what belongs to the optimiser's name, not nothing."""

SETTINGS: Mapping[str, Bounds] = {
    "beta1": SHARE,
    "beta2": SHARE,
    "rho": SHARE,
    "momentum": SHARE,
    "eps": AMOUNT,
    "momentum_decay": AMOUNT,
    "lambd": AMOUNT,
    "t0": AMOUNT,
    "eta_minus": Bounds(0, 1, closed=False),
    "eta_plus": Bounds(1, closed=False),
    "step_min": AMOUNT,
    "step_max": POSITIVE,
}
"""Of the optimisers' settings, as `torch.optim` holds them; shares that are kept a step lie under 1 here, as a running
mean or sum that keeps all or more has no end."""

ALPHA: Mapping[str, Bounds] = {"rmsprop": SHARE, "asgd": AMOUNT}
"""`alpha` is a share that is kept in RMSprop and a power in averaged descent."""


def bounds_of_setting(optimizer: str, name: str) -> Bounds:
    """Where a setting of an optimiser must lie.

    Examples
    --------
    >>> str(bounds_of_setting("adam", "beta1"))
    'a number of at least 0 and under 1'
    """
    return ALPHA[optimizer] if name == "alpha" else SETTINGS[name]
