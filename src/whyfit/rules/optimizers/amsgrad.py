"""AMSGrad: Adam whose divisor never shrinks."""

from __future__ import annotations

import numpy as np

from whyfit.evidence.types import AnyArray
from whyfit.rules.jit import jit
from whyfit.rules.optimizers.adam import BETAS, EPSILON
from whyfit.rules.optimizers.entry import Optimizer


@jit
def step(w: AnyArray, g: AnyArray, state: AnyArray, rate: float, t: int, settings: AnyArray) -> None:
    """The largest running mean of squares so far divides."""
    number = w.dtype.type
    beta1, beta2, epsilon = number(settings[0]), number(settings[1]), number(settings[2])
    new1, new2 = number(1 - settings[0]), number(1 - settings[1])
    rate_, correct = number(rate / (1 - settings[0] ** t)), number((1 - settings[1] ** t) ** -0.5)
    m, v, top = state[0], state[1], state[2]
    for i in range(w.size):
        m[i] = beta1 * m[i] + new1 * g[i]
        v[i] = beta2 * v[i] + new2 * (g[i] * g[i])
        top[i] = v[i] if v[i] > top[i] else top[i]
        w[i] -= rate_ * m[i] / (np.sqrt(top[i]) * correct + epsilon)


ENTRY = Optimizer(
    code=14,
    name="amsgrad",
    title="AMSGrad",
    formula=(
        r"m, v \text{ as in Adam}, \quad \hat v \leftarrow \max(\hat v, v) \\ "
        r"w \leftarrow w - \eta \frac{m / (1 - \beta_1^t)}{\sqrt{\hat v / (1 - \beta_2^t)} + \epsilon}"
    ),
    settings=(*BETAS, EPSILON),
    slots=3,
    rate=1e-3,
    rates=(1e-5, 1e-1),
    grew_from=("adam",),
    added="a divisor that never shrinks, which Adam's proof of convergence had needed",
    paper="Reddi, Kale & Kumar 2018, On the convergence of Adam and beyond, algorithm 2",
    step=step,
)
