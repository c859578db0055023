"""Adagrad: each parameter's step divided by the size of all its gradients so far."""

from __future__ import annotations

import numpy as np

from whyfit.evidence.types import AnyArray
from whyfit.rules.jit import jit
from whyfit.rules.optimizers.entry import Optimizer, Setting


@jit
def step(w: AnyArray, g: AnyArray, state: AnyArray, rate: float, t: int, settings: AnyArray) -> None:
    """The sum of squares only grows, so the steps only shrink."""
    number = w.dtype.type
    rate_, epsilon = number(rate), number(settings[0])
    s = state[0]
    for i in range(w.size):
        s[i] += g[i] * g[i]
        w[i] -= rate_ * g[i] / (np.sqrt(s[i]) + epsilon)


ENTRY = Optimizer(
    code=3,
    name="adagrad",
    title="Adagrad",
    formula=r"s \leftarrow s + g^2 \\ w \leftarrow w - \eta \frac{g}{\sqrt{s} + \epsilon}",
    settings=(Setting("eps", 1e-10, "added to the root"),),
    slots=1,
    rate=1e-2,
    rates=(1e-3, 1.0),
    grew_from=("sgd",),
    added="a rate of its own for each parameter: less where gradients were large",
    paper="Duchi, Hazan & Singer 2011, Adaptive subgradient methods, in the diagonal form",
    step=step,
)
