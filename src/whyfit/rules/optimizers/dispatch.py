"""One compiled step that runs any rule by its code: what the kernel calls.

Muon, which updates matrices, is called by itself. A code that is not in the catalogue is a bug of the caller, and
leaves NaN behind instead of a plausible number.
"""

from __future__ import annotations

import numpy as np

from whyfit.evidence.types import AnyArray
from whyfit.rules.jit import jit
from whyfit.rules.optimizers import (
    adadelta,
    adagrad,
    adam,
    adamax,
    amsgrad,
    asgd,
    momentum,
    nadam,
    nesterov,
    radam,
    rmsprop,
    rprop,
    sgd,
)


@jit
def step(code: int, w: AnyArray, g: AnyArray, state: AnyArray, rate: float, t: int, settings: AnyArray) -> None:  # noqa: C901, PLR0912  # one line a rule
    """One update in place, in one pass over the parameters.

    Parameters
    ----------
    code
        The rule's code in `whyfit.optimizers`.
    w, g
        (n,) parameters and their gradient, penalties and clipping already in it; float32 or float64, contiguous.
    state
        (slots, n) of the same type, zeros before the first step.
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
    elif code == 2:
        nesterov.step(w, g, state, rate, t, settings)
    elif code == 3:
        adagrad.step(w, g, state, rate, t, settings)
    elif code == 4:
        adadelta.step(w, g, state, rate, t, settings)
    elif code == 5:
        rmsprop.step(w, g, state, rate, t, settings)
    elif code in (6, 7, 8):
        adam.step(w, g, state, rate, t, settings)
    elif code == 9:
        nadam.step(w, g, state, rate, t, settings)
    elif code == 10:
        radam.step(w, g, state, rate, t, settings)
    elif code == 11:
        adamax.step(w, g, state, rate, t, settings)
    elif code == 12:
        asgd.step(w, g, state, rate, t, settings)
    elif code == 13:
        rprop.step(w, g, state, rate, t, settings)
    elif code == 14:
        amsgrad.step(w, g, state, rate, t, settings)
    else:
        w[:] = w.dtype.type(np.nan)
