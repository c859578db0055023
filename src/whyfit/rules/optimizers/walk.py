"""One rule on one function: the path that the compiled code takes, for pictures and tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from whyfit.errors import ArgumentError
from whyfit.evidence.types import FloatArray
from whyfit.rules.optimizers import optimizers


def walk(
    name: str,
    gradient: Callable[[FloatArray], FloatArray],
    start: Sequence[float],
    *,
    steps: int,
    rate: float | None = None,
    settings: Mapping[str, float] | tuple[tuple[str, float], ...] = (),
    l2: float = 0.0,
    weight_decay: float = 0.0,
) -> FloatArray:
    """Take steps, and keep every point on the way.

    Parameters
    ----------
    name
        In `whyfit.optimizers`; not Muon, which needs a matrix.
    gradient
        From (n,) parameters to their (n,) gradient.
    start
        (n,) where to begin.
    steps
        How many.
    rate
        None for the entry's default.
    settings
        Overrides of the entry's settings.
    l2, weight_decay
        Decay in the gradient, and off the weights.

    Returns
    -------
    FloatArray
        (steps + 1, n), the start first. A path that diverges ends in infinities, as it does in training.

    Examples
    --------
    >>> walk("sgd", lambda w: w, [1.0], steps=3, rate=0.5)[:, 0].tolist()
    [1.0, 0.5, 0.25, 0.125]
    """
    entry = optimizers[name]
    if entry.works_on == "matrix":
        raise ArgumentError(f"`name` must be a rule for numbers, got {name!r}.", advice="It updates whole matrices.")
    rate_ = entry.rate if rate is None else rate
    numbers, w = entry.settings_array(settings), np.array(start, dtype=np.float64)
    state, path = np.zeros((entry.slots, w.size)), [w.copy()]
    with np.errstate(over="ignore", invalid="ignore"):
        for t in range(1, steps + 1):
            g = np.ascontiguousarray(gradient(w) + l2 * w, dtype=np.float64)
            w *= 1.0 - rate_ * weight_decay
            entry.step(w, g, state, rate_, t, numbers)
            path.append(w.copy())
    return np.array(path)
