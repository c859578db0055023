"""Adam: momentum on the gradient, each parameter's step divided by the running size of its own gradient."""

from __future__ import annotations

import numpy as np

from whyfit.evidence.types import AnyArray
from whyfit.rules.jit import jit
from whyfit.rules.optimizers.entry import Optimizer, Setting

BETAS = (
    Setting("beta1", 0.9, "share of the running mean of gradients that is kept a step"),
    Setting("beta2", 0.999, "share of the running mean of squares that is kept a step"),
)
EPSILON = Setting("eps", 1e-8, "added to the root, so that a still parameter is not divided by zero")


@jit
def step(w: AnyArray, g: AnyArray, state: AnyArray, rate: float, t: int, settings: AnyArray) -> None:
    """Running means of g and g², both corrected for having started at zero."""
    number = w.dtype.type
    beta1, beta2, epsilon = number(settings[0]), number(settings[1]), number(settings[2])
    new1, new2 = number(1 - settings[0]), number(1 - settings[1])
    rate_, correct = number(rate / (1 - settings[0] ** t)), number((1 - settings[1] ** t) ** -0.5)
    m, v = state[0], state[1]
    for i in range(w.size):
        m[i] = beta1 * m[i] + new1 * g[i]
        v[i] = beta2 * v[i] + new2 * (g[i] * g[i])
        w[i] -= rate_ * m[i] / (np.sqrt(v[i]) * correct + epsilon)


ENTRY = Optimizer(
    code=6,
    name="adam",
    title="Adam",
    formula=(
        r"m \leftarrow \beta_1 m + (1 - \beta_1) g \\ v \leftarrow \beta_2 v + (1 - \beta_2) g^2 \\ "
        r"w \leftarrow w - \eta \frac{m / (1 - \beta_1^t)}{\sqrt{v / (1 - \beta_2^t)} + \epsilon}"
    ),
    settings=(*BETAS, EPSILON),
    slots=2,
    rate=1e-3,
    rates=(1e-5, 1e-1),
    grew_from=("rmsprop", "momentum"),
    added="both at once, each running mean corrected for its start at zero",
    paper="Kingma & Ba 2015, Adam: a method for stochastic optimization, algorithm 1",
    step=step,
)
