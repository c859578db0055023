"""Adadelta: Adagrad that forgets, and steps in units of the parameter itself."""

from __future__ import annotations

import numpy as np

from whyfit.evidence.types import AnyArray
from whyfit.rules.jit import jit
from whyfit.rules.optimizers.entry import Optimizer, Setting


@jit
def step(w: AnyArray, g: AnyArray, state: AnyArray, rate: float, t: int, settings: AnyArray) -> None:
    """The step is the running size of steps over the running size of gradients."""
    number = w.dtype.type
    rate_, rho, new, epsilon = number(rate), number(settings[0]), number(1 - settings[0]), number(settings[1])
    s, u = state[0], state[1]
    for i in range(w.size):
        s[i] = rho * s[i] + new * (g[i] * g[i])
        delta = np.sqrt(u[i] + epsilon) / np.sqrt(s[i] + epsilon) * g[i]
        u[i] = rho * u[i] + new * (delta * delta)
        w[i] -= rate_ * delta


ENTRY = Optimizer(
    code=4,
    name="adadelta",
    title="Adadelta",
    formula=(
        r"s \leftarrow \rho s + (1 - \rho) g^2 \\ \Delta = \frac{\sqrt{u + \epsilon}}{\sqrt{s + \epsilon}}\, g \\ "
        r"u \leftarrow \rho u + (1 - \rho) \Delta^2 \\ w \leftarrow w - \eta \Delta"
    ),
    settings=(
        Setting("rho", 0.9, "share of both running means that is kept a step", paper=0.95),
        Setting("eps", 1e-6, "starts the steps off: the first is about its root"),
    ),
    slots=2,
    rate=1.0,
    rates=(0.1, 30.0),
    grew_from=("adagrad",),
    added="forgetting, and no rate at all: 1.0 is the paper's, and a rate of 0.001 leaves it standing",
    paper="Zeiler 2012, ADADELTA: an adaptive learning rate method, algorithm 1",
    step=step,
    paper_rate=1.0,
)
