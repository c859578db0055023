"""Muon: momentum on a whole matrix, its directions then made equally long.

It is meant for the weights between hidden layers; first and last layer, biases and norms follow Adam.
"""

from __future__ import annotations

import numpy as np

from whyfit.evidence.types import AnyArray
from whyfit.rules.jit import jit
from whyfit.rules.optimizers.entry import Optimizer, Setting

TURNS = (3.4445, -4.7750, 2.0315)
"""Jordan et al. 2024: a·x + b·x³ + c·x⁵ brings singular values to 0.7 … 1.2 in five rounds; steepest at 0."""
ROUNDS = 5
SMALLEST_NORM = 1e-7
"""torch's: below, the matrix is divided by this instead of by its norm."""


@jit
def orthogonalise(m: AnyArray) -> AnyArray:
    """The matrix with singular values near 1, by Newton and Schulz's iteration; in the precision that comes in.

    torch works in bfloat16 here, so the two agree to about two digits a step.
    """
    number = m.dtype.type
    norm = np.sqrt(np.sum(m * m))
    tall = m.shape[0] > m.shape[1]
    x = np.ascontiguousarray(m.T) if tall else m.copy()
    x /= max(norm, number(SMALLEST_NORM))
    for _ in range(ROUNDS):
        gram = np.dot(x, x.T)
        x = number(TURNS[0]) * x + np.dot(number(TURNS[1]) * gram + number(TURNS[2]) * np.dot(gram, gram), x)
    return np.ascontiguousarray(x.T) if tall else x


@jit
def step(w: AnyArray, g: AnyArray, state: AnyArray, rate: float, t: int, settings: AnyArray) -> None:
    """A running mean of gradients, looked at one step ahead, then orthogonalised."""
    number = w.dtype.type
    mu, new = number(settings[0]), number(1 - settings[0])
    v = state[0]
    v[:] = mu * v + new * g
    longer = max(1.0, w.shape[0] / w.shape[1]) ** 0.5
    w[:] = w - number(rate * longer) * orthogonalise(new * g + mu * v)


ENTRY = Optimizer(
    code=15,
    name="muon",
    title="Muon",
    formula=(
        r"V \leftarrow \mu V + (1 - \mu) G \\ O = \mathrm{NS}_5\bigl((1 - \mu) G + \mu V\bigr) \approx "
        r"\arg\min_{O^\top O = I} \lVert O - V \rVert \\ W \leftarrow W - \eta \sqrt{\max(1, n_{out}/n_{in})}\; O"
    ),
    settings=(Setting("momentum", 0.95, "share of the running mean that is kept a step"),),
    slots=1,
    rate=1e-3,
    rates=(1e-4, 1e-1),
    grew_from=("nesterov",),
    added="the update of a matrix as one thing: all its directions get the same length",
    paper="Jordan et al. 2024, Muon: an optimizer for hidden layers in neural networks",
    step=step,
    decay="decoupled",
    default_decay=0.1,
    works_on="matrix",
    others="adam",
)
