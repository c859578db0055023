"""NAdam: Adam with Nesterov's look ahead, its momentum warmed up."""

from __future__ import annotations

import numpy as np

from whyfit.evidence.types import AnyArray
from whyfit.rules.jit import jit
from whyfit.rules.optimizers.adam import BETAS, EPSILON
from whyfit.rules.optimizers.entry import Optimizer, Setting

WARMING = 0.96
"""Dozat 2016; torch has it fixed too."""


@jit
def step(w: AnyArray, g: AnyArray, state: AnyArray, rate: float, t: int, settings: AnyArray) -> None:
    """The gradient itself takes part in the step with the share that the next running mean would give it."""
    number = w.dtype.type
    beta1, beta2, epsilon = number(settings[0]), number(settings[1]), number(settings[2])
    new1, new2 = number(1 - settings[0]), number(1 - settings[1])
    correct = number((1 - settings[1] ** t) ** -0.5)
    mu = settings[0] * (1 - 0.5 * WARMING ** (t * settings[3]))
    mu_next = settings[0] * (1 - 0.5 * WARMING ** ((t + 1) * settings[3]))
    m, v, product = state[0], state[1], state[2]  # the product of all mu so far stands in its first place
    before = float(product[0]) if t > 1 else 1.0
    product[0] = number(before * mu)
    of_g = number(rate * (1 - mu) / (1 - before * mu))
    of_m = number(rate * mu_next / (1 - before * mu * mu_next))
    for i in range(w.size):
        m[i] = beta1 * m[i] + new1 * g[i]
        v[i] = beta2 * v[i] + new2 * (g[i] * g[i])
        w[i] -= (of_g * g[i] + of_m * m[i]) / (np.sqrt(v[i]) * correct + epsilon)


ENTRY = Optimizer(
    code=9,
    name="nadam",
    title="NAdam",
    formula=(
        r"\mu_t = \beta_1 (1 - \tfrac12 0.96^{t\psi}) \\ m, v \text{ as in Adam} \\ "
        r"w \leftarrow w - \eta \Bigl(\frac{(1 - \mu_t)\, g}{1 - \prod_{i \le t} \mu_i} + "
        r"\frac{\mu_{t+1}\, m}{1 - \prod_{i \le t+1} \mu_i}\Bigr) \Big/ "
        r"\Bigl(\sqrt{v / (1 - \beta_2^t)} + \epsilon\Bigr)"
    ),
    settings=(*BETAS, EPSILON, Setting("momentum_decay", 4e-3, "ψ, how fast the momentum warms up")),
    slots=3,
    rate=2e-3,
    rates=(1e-5, 1e-1),
    grew_from=("adam", "nesterov"),
    added="Nesterov's look ahead in Adam",
    paper="Dozat 2016, Incorporating Nesterov momentum into Adam",
    step=step,
)
