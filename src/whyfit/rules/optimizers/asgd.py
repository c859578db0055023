"""Averaged SGD: gradient descent whose rate fades, and the running average of where it has been."""

from __future__ import annotations

from whyfit.evidence.types import AnyArray
from whyfit.rules.jit import jit
from whyfit.rules.optimizers.entry import Optimizer, Setting


@jit
def step(w: AnyArray, g: AnyArray, state: AnyArray, rate: float, t: int, settings: AnyArray) -> None:
    """The average stands in the state; neither torch nor whyfit puts it into the network.

    As in torch the rate of a step is worked out at the step before, which shows under a schedule alone.
    """
    number = w.dtype.type
    lambd, t0 = settings[0], settings[2]
    average, following = state[0], state[1]  # the rate of the next step stands in the first place of the latter
    eta = float(following[0]) if t > 1 else rate
    keep, eta_, share = number(1 - lambd * eta), number(eta), number(1 / max(1.0, t - 1 - t0))
    following[0] = number(rate / (1 + lambd * rate * t) ** settings[1])
    for i in range(w.size):
        w[i] = keep * w[i] - eta_ * g[i]
        average[i] += share * (w[i] - average[i])


ENTRY = Optimizer(
    code=12,
    name="asgd",
    title="Averaged SGD",
    formula=(
        r"\eta_t = \eta / (1 + \lambda \eta (t - 1))^\alpha \\ w \leftarrow (1 - \lambda \eta_t) w - \eta_t g \\ "
        r"\bar w \leftarrow \bar w + \frac{w - \bar w}{\max(1, t - 1 - t_0)}"
    ),
    settings=(
        Setting("lambd", 1e-4, "λ, how strongly weights and rate fade"),
        Setting("alpha", 0.75, "power of the fading rate"),
        Setting("t0", 1e6, "step from which on the average is taken"),
    ),
    slots=2,
    rate=1e-2,
    rates=(1e-3, 3.0),
    grew_from=("sgd",),
    added="a rate that fades by itself, and an average of the path beside it",
    paper="Polyak & Juditsky 1992, Acceleration of stochastic approximation by averaging",
    step=step,
)
