"""RMSprop: Adagrad that forgets."""

from __future__ import annotations

import numpy as np

from whyfit.evidence.types import AnyArray
from whyfit.rules.jit import jit
from whyfit.rules.optimizers.entry import Optimizer, Setting


@jit
def step(w: AnyArray, g: AnyArray, state: AnyArray, rate: float, t: int, settings: AnyArray) -> None:
    """A running mean of squares; with `momentum`, a running sum of the steps."""
    number = w.dtype.type
    rate_, alpha, new, epsilon = number(rate), number(settings[0]), number(1 - settings[0]), number(settings[1])
    mu = number(settings[2])
    s, v = state[0], state[1]
    for i in range(w.size):
        s[i] = alpha * s[i] + new * (g[i] * g[i])
        v[i] = mu * v[i] + g[i] / (np.sqrt(s[i]) + epsilon)
        w[i] -= rate_ * v[i]


ENTRY = Optimizer(
    code=5,
    name="rmsprop",
    title="RMSprop",
    formula=(
        r"s \leftarrow \alpha s + (1 - \alpha) g^2 \\ v \leftarrow \mu v + \frac{g}{\sqrt{s} + \epsilon} \\ "
        r"w \leftarrow w - \eta v"
    ),
    settings=(
        Setting("alpha", 0.99, "share of the running mean of squares that is kept a step", paper=0.9),
        Setting("eps", 1e-8, "added to the root"),
        Setting("momentum", 0.0, "share of the running sum of steps that is kept"),
    ),
    slots=2,
    rate=1e-2,
    rates=(1e-5, 1e-1),
    grew_from=("adagrad",),
    added="forgetting: a running mean in the place of the sum",
    paper="Tieleman & Hinton 2012, Neural networks for machine learning, lecture 6.5",
    step=step,
    paper_rate=1e-3,
)
