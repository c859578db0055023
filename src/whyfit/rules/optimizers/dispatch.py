"""One compiled step that runs any rule by its code: what the kernel calls."""

from __future__ import annotations

from whyfit.evidence.types import AnyArray
from whyfit.rules.jit import jit
from whyfit.rules.optimizers import adam, momentum, sgd


@jit
def step(code: int, w: AnyArray, g: AnyArray, state: AnyArray, rate: float, t: int, settings: AnyArray) -> None:
    """One update in place.

    Parameters
    ----------
    code
        The rule's code in `whyfit.optimizers`.
    w, g
        (n,) parameters and their gradient, penalties and clipping already in it.
    state
        (slots, n), zeros before the first step.
    rate
        Of this step, schedule already in it.
    t
        The step, counted from 1.
    settings
        `Optimizer.settings_array()`.
    """
    if code == 0:
        sgd.step(w, g, state, rate, t, settings)
    elif code == 1:
        momentum.step(w, g, state, rate, t, settings)
    elif code == 6:
        adam.step(w, g, state, rate, t, settings)
