"""Nesterov: momentum, with the gradient as if the step along the running sum were taken already."""

from __future__ import annotations

from whyfit.evidence.types import AnyArray
from whyfit.rules.jit import jit
from whyfit.rules.optimizers.entry import Optimizer
from whyfit.rules.optimizers.momentum import MOMENTUM


@jit
def step(w: AnyArray, g: AnyArray, state: AnyArray, rate: float, t: int, settings: AnyArray) -> None:
    """The running sum, looked at one step ahead."""
    number = w.dtype.type
    rate_, mu = number(rate), number(settings[0])
    v = state[0]
    for i in range(w.size):
        v[i] = mu * v[i] + g[i]
        w[i] -= rate_ * (g[i] + mu * v[i])


ENTRY = Optimizer(
    code=2,
    name="nesterov",
    title="Nesterov momentum",
    formula=r"v \leftarrow \mu v + g \\ w \leftarrow w - \eta (g + \mu v)",
    settings=(MOMENTUM,),
    slots=1,
    rate=1e-3,
    rates=(1e-4, 0.3),
    grew_from=("momentum",),
    added="looking one step ahead",
    paper="Nesterov 1983; in this form Sutskever et al. 2013, On the importance of initialization and momentum",
    step=step,
)
