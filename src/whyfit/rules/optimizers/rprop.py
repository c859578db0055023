"""Rprop: only the gradient's sign counts; each parameter's step grows while the sign stays."""

from __future__ import annotations

from whyfit.evidence.types import AnyArray
from whyfit.rules.jit import jit
from whyfit.rules.optimizers.entry import Optimizer, Setting


@jit
def step(w: AnyArray, g: AnyArray, state: AnyArray, rate: float, t: int, settings: AnyArray) -> None:
    """For the full batch: with mini-batches the sign is noise. The rate is the size of the first step, and no more."""
    number = w.dtype.type
    zero, one = number(0.0), number(1.0)
    shrink, grow, least, most = number(settings[0]), number(settings[1]), number(settings[2]), number(settings[3])
    last, size = state[0], state[1]
    if t == 1:
        size[:] = number(rate)
    for i in range(w.size):
        agree = g[i] * last[i]
        factor = grow if agree > zero else (shrink if agree < zero else one)
        longer = size[i] * factor
        longer = least if longer < least else longer
        size[i] = most if longer > most else longer
        last[i] = zero if agree < zero else g[i]  # after a turn the parameter waits for one step
        direction = one if last[i] > zero else (-one if last[i] < zero else zero)
        w[i] -= size[i] * direction


ENTRY = Optimizer(
    code=13,
    name="rprop",
    title="Rprop",
    formula=(
        r"\Delta \leftarrow \Delta \cdot (\eta^+ \text{ if } g\,g' > 0,\; \eta^- \text{ if } g\,g' < 0) \\ "
        r"g \leftarrow 0 \text{ if } g\,g' < 0 \\ w \leftarrow w - \Delta\,\mathrm{sign}(g), \quad g' \leftarrow g"
    ),
    settings=(
        Setting("eta_minus", 0.5, "factor of the step after the sign has turned"),
        Setting("eta_plus", 1.2, "factor of the step while the sign stays"),
        Setting("step_min", 1e-6, "smallest step"),
        Setting("step_max", 50.0, "largest step"),
    ),
    slots=2,
    rate=1e-2,
    rates=(1e-4, 1e-1),
    grew_from=("sgd",),
    added="only the sign of the gradient, and a step of its own for each parameter",
    paper="Riedmiller & Braun 1993, A direct adaptive method for faster backpropagation learning: the RPROP algorithm",
    step=step,
    full_batch=True,
)
