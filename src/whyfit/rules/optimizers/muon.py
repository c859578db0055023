"""Muon: momentum on a whole matrix, its directions then made equally long.

It is meant for the weights between hidden layers; first and last layer, biases and norms follow Adam.
"""

from __future__ import annotations

import numpy as np

from whyfit.evidence.types import AnyArray
from whyfit.rules.jit import jit
from whyfit.rules.optimizers.entry import Optimizer, Setting

TURNS = (3.4445, -4.7750, 2.0315)
"""Jordan et al. 2024: five rounds of a·x + b·x³ + c·x⁵ bring all from 0.01 to 1 to between 0.68 and 1.13, computed."""
ROUNDS = 5
SMALLEST_NORM = 1e-7
"""torch's: below, the matrix is divided by this instead of by its norm."""


@jit
def orthogonalise(m: AnyArray) -> AnyArray:
    """The matrix with singular values near 1, by Newton and Schulz's iteration; in the precision that comes in.

    X ← aX + (bG + cG²)X with G = XXᵀ, or from the other side where that product is smaller. torch works in bfloat16
    here, so the two agree to about two digits a step.
    """
    number = m.dtype.type
    x, square = m.copy(), number(0.0)
    for i in range(m.shape[0]):
        for j in range(m.shape[1]):
            square += m[i, j] * m[i, j]
    x /= max(np.sqrt(square), number(SMALLEST_NORM))
    tall = m.shape[0] > m.shape[1]
    for _ in range(ROUNDS):
        gram = np.dot(x.T, x) if tall else np.dot(x, x.T)
        turn = np.dot(gram, gram)
        for i in range(gram.shape[0]):
            for j in range(gram.shape[1]):
                turn[i, j] = number(TURNS[1]) * gram[i, j] + number(TURNS[2]) * turn[i, j]
            turn[i, i] += number(TURNS[0])
        x = np.dot(x, turn) if tall else np.dot(turn, x)
    return x


@jit
def step(w: AnyArray, g: AnyArray, state: AnyArray, rate: float, t: int, settings: AnyArray) -> None:
    """A running mean of gradients, looked at one step ahead, then orthogonalised."""
    number = w.dtype.type
    mu, new = number(settings[0]), number(1 - settings[0])
    v, ahead = state[0], np.empty_like(g)
    for i in range(w.shape[0]):
        for j in range(w.shape[1]):
            v[i, j] = mu * v[i, j] + new * g[i, j]
            ahead[i, j] = new * g[i, j] + mu * v[i, j]
    direction = orthogonalise(ahead)
    rate_ = number(rate * max(1.0, w.shape[0] / w.shape[1]) ** 0.5)
    for i in range(w.shape[0]):
        for j in range(w.shape[1]):
            w[i, j] -= rate_ * direction[i, j]


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
