"""Momentum: a running sum of gradients: what they agree on adds up, what they do not cancels."""

from __future__ import annotations

from whyfit.evidence.types import AnyArray
from whyfit.rules.jit import jit
from whyfit.rules.optimizers.entry import Optimizer, Setting

MOMENTUM = Setting("momentum", 0.9, "share of the running sum that is kept a step")


@jit
def step(w: AnyArray, g: AnyArray, state: AnyArray, rate: float, t: int, settings: AnyArray) -> None:
    """Go along the running sum."""
    number = w.dtype.type
    rate_, mu = number(rate), number(settings[0])
    v = state[0]
    for i in range(w.size):
        v[i] = mu * v[i] + g[i]
        w[i] -= rate_ * v[i]


ENTRY = Optimizer(
    code=1,
    name="momentum",
    title="Momentum",
    formula=r"v \leftarrow \mu v + g \\ w \leftarrow w - \eta v",
    settings=(MOMENTUM,),
    slots=1,
    rate=1e-3,
    rates=(1e-4, 0.3),
    grew_from=("sgd",),
    added="a running sum of past gradients",
    paper="Polyak 1964, Some methods of speeding up the convergence of iteration methods",
    step=step,
)
