"""RAdam: Adam that waits for its running mean of squares to be worth something."""

from __future__ import annotations

import numpy as np

from whyfit.evidence.types import AnyArray
from whyfit.rules.jit import jit
from whyfit.rules.optimizers.adam import BETAS, EPSILON
from whyfit.rules.optimizers.entry import Optimizer

TRUSTED = 5.0
"""torch's; the paper adapts from 4 on. Below, the variance of the adaptive rate is not finite."""


@jit
def step(w: AnyArray, g: AnyArray, state: AnyArray, rate: float, t: int, settings: AnyArray) -> None:
    """The first steps are plain momentum; then Adam's, damped while the squares rest on few gradients."""
    number = w.dtype.type
    beta1, beta2, epsilon = number(settings[0]), number(settings[1]), number(settings[2])
    new1, new2 = number(1 - settings[0]), number(1 - settings[1])
    rate_, left = rate / (1 - settings[0] ** t), settings[1] ** t
    longest = 2 / (1 - settings[1]) - 1
    length = longest - 2 * t * left / (1 - left)
    trusted = length > TRUSTED
    worth = (length - 4) * (length - 2) * longest / ((longest - 4) * (longest - 2) * length) if trusted else 1.0
    rate_, of_m = number(rate_ * (worth * (1 - left)) ** 0.5), number(rate_)
    m, v = state[0], state[1]
    for i in range(w.size):
        m[i] = beta1 * m[i] + new1 * g[i]
        v[i] = beta2 * v[i] + new2 * (g[i] * g[i])
        adaptive = rate_ * m[i] / (np.sqrt(v[i]) + epsilon)
        w[i] -= adaptive if trusted else of_m * m[i]


ENTRY = Optimizer(
    code=10,
    name="radam",
    title="RAdam",
    formula=(
        r"m, v \text{ as in Adam}; \quad \rho_\infty = \frac{2}{1 - \beta_2} - 1, \quad "
        r"\rho_t = \rho_\infty - \frac{2 t \beta_2^t}{1 - \beta_2^t} \\ "
        r"r_t = \sqrt{\frac{(\rho_t - 4)(\rho_t - 2) \rho_\infty}{(\rho_\infty - 4)(\rho_\infty - 2) \rho_t}} \\ "
        r"w \leftarrow w - \eta \frac{m}{1 - \beta_1^t} \cdot "
        r"\Bigl(r_t \frac{\sqrt{1 - \beta_2^t}}{\sqrt{v} + \epsilon} \text{ if } \rho_t > 5, \text{ else } 1\Bigr)"
    ),
    settings=(*BETAS, EPSILON),
    slots=2,
    rate=1e-3,
    rates=(1e-5, 1e-1),
    grew_from=("adam",),
    added="a warm-up of its own, from the variance of the adaptive rate",
    paper="Liu et al. 2020, On the variance of the adaptive learning rate and beyond, algorithm 2",
    step=step,
)
