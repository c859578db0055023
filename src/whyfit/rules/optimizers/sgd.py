"""Gradient descent: full batch, mini-batch or one sample, by the batch size alone."""

from __future__ import annotations

from whyfit.evidence.types import AnyArray
from whyfit.rules.jit import jit
from whyfit.rules.optimizers.entry import Optimizer


@jit
def step(w: AnyArray, g: AnyArray, state: AnyArray, rate: float, t: int, settings: AnyArray) -> None:
    """Go down the gradient."""
    number = w.dtype.type
    rate_ = number(rate)
    for i in range(w.size):
        w[i] -= rate_ * g[i]


ENTRY = Optimizer(
    code=0,
    name="sgd",
    title="Gradient descent",
    formula=r"w \leftarrow w - \eta g",
    settings=(),
    slots=0,
    rate=1e-3,
    rates=(1e-3, 3.0),
    grew_from=(),
    added="steps against the gradient of a batch",
    paper="Cauchy 1847 for the full batch; Robbins & Monro 1951, A stochastic approximation method",
    step=step,
)
