"""Adamax: Adam divided by the largest recent gradient in the place of the root mean square."""

from __future__ import annotations

from whyfit.evidence.types import AnyArray
from whyfit.rules.jit import jit
from whyfit.rules.optimizers.adam import BETAS, EPSILON
from whyfit.rules.optimizers.entry import Optimizer


@jit
def step(w: AnyArray, g: AnyArray, state: AnyArray, rate: float, t: int, settings: AnyArray) -> None:
    """A maximum that fades."""
    number = w.dtype.type
    beta1, beta2, epsilon = number(settings[0]), number(settings[1]), number(settings[2])
    new1, rate_ = number(1 - settings[0]), number(rate / (1 - settings[0] ** t))
    m, u = state[0], state[1]
    for i in range(w.size):
        m[i] = beta1 * m[i] + new1 * g[i]
        faded, fresh = beta2 * u[i], abs(g[i]) + epsilon
        u[i] = faded if faded > fresh else fresh
        w[i] -= rate_ * m[i] / u[i]


ENTRY = Optimizer(
    code=11,
    name="adamax",
    title="Adamax",
    formula=(
        r"m \leftarrow \beta_1 m + (1 - \beta_1) g \\ u \leftarrow \max(\beta_2 u, |g| + \epsilon) \\ "
        r"w \leftarrow w - \frac{\eta}{1 - \beta_1^t} \frac{m}{u}"
    ),
    settings=(*BETAS, EPSILON),
    slots=2,
    rate=2e-3,
    rates=(1e-5, 1e-1),
    grew_from=("adam",),
    added="the infinity norm in the place of the second",
    paper="Kingma & Ba 2015, Adam: a method for stochastic optimization, algorithm 2",
    step=step,
)
