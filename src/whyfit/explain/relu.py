"""Dead ReLU units: zero for every row; how one large step makes them, and which relatives come back to life."""

from __future__ import annotations

import numpy as np

from whyfit.evidence.explanation import Check, Explanation, Formula, Heading, Part, Said, Table
from whyfit.evidence.question import Question
from whyfit.evidence.types import FloatArray
from whyfit.explain.asked import Asked, Value
from whyfit.explain.net import Net, started
from whyfit.rules.activations import activations

TAKES: dict[str, Value] = {"steps": 500, "rate": 0.02, "seed": 0}
RELATIVES = ("relu", "leaky_relu", "elu", "gelu", "softplus")
"""With a derivative that is 0, small, or fading below zero."""
UNITS, ROWS = 32, 400
BURIED = 0.1
"""How far below zero each unit's highest value starts."""
POINTS = np.array([-2.0, -0.5, 0.0, 0.5, 2.0])
RATES = (0.02, 0.05, 0.1, 0.2, 0.3)


def explain(asked: Asked) -> Explanation:
    """What dead means, what kills, what revives."""
    steps, rate = asked.whole("steps", 1, 5000), asked.number("rate", 1e-6, 10.0)
    rng = np.random.default_rng(asked.whole("seed", 0, 2**31))
    x = rng.standard_normal((4, ROWS))
    y = x[:1] * x[1:2] + np.sin(x[2:3])
    parts: list[Part] = [
        Said("answer"),
        Formula(activations["relu"].formula),
        Formula(activations["relu"].derivative_formula),
    ]
    parts += [*_dead_or_zero(x, rng), Heading("kills"), Said("kills", {"steps": steps})]
    parts += [Table("kills", ("rate", "dead_units", "units", "loss"), _killed(x, y, steps, rng))]
    parts += [Heading("relatives"), Table("relatives", ("function", *(f"slope_at_{z:g}" for z in POINTS)), _slopes())]
    parts += [Said("buried", {"below": BURIED, "steps": steps, "rate": rate})]
    revived = _revived(x, y, steps, rate, rng)
    parts += [Table("revived", ("function", "alive", "units", "loss_before", "loss"), revived)]
    parts += [Check("stays_dead", float(revived[0][1]), 0.0), Said("remedies")]
    return Explanation(Question.RELU, asked.plain(), tuple(parts))


def _dead_or_zero(x: FloatArray, rng: np.random.Generator) -> list[Part]:
    """A healthy start: half of the values are zero, no unit is dead."""
    passed = started((4, UNITS, 1), "relu", "he_normal", rng).forward(x)
    hidden = passed.after[1]
    return [
        Said("healthy", {"zeros": float((hidden == 0).mean()), "dead": _dead(hidden), "units": UNITS, "rows": ROWS})
    ]


def _dead(hidden: FloatArray) -> int:
    """Units that are zero for every row."""
    return int((hidden == 0).all(axis=-1).sum())


def _trained(net: Net, x: FloatArray, y: FloatArray, steps: int, rate: float) -> tuple[Net, float]:
    with np.errstate(over="ignore", invalid="ignore"):  # a rate may be too high; the loss then says so
        for _ in range(steps):
            passed = net.forward(x)
            apart = passed.outputs - y
            grads = net.backward(passed, 2 * apart / apart.size)
            net = net.moved(grads.weights, grads.biases, rate)
        return net, float(((net.forward(x).outputs - y) ** 2).mean())


def _killed(
    x: FloatArray, y: FloatArray, steps: int, rng: np.random.Generator
) -> tuple[tuple[float, int | None, int, float | None], ...]:
    """The same start at rising rates; what is not finite any more is said as such."""
    net = started((4, UNITS, 1), "relu", "he_normal", rng)
    rows = []
    for rate in RATES:
        trained, loss = _trained(net, x, y, steps, rate)
        finite = bool(np.isfinite(loss))
        rows.append((rate, _dead(trained.forward(x).after[1]) if finite else None, UNITS, loss if finite else None))
    return tuple(rows)


def _slopes() -> tuple[tuple[str | float, ...], ...]:
    return tuple((name, *(float(one) for one in activations[name].derivative(POINTS))) for name in RELATIVES)


def _revived(
    x: FloatArray, y: FloatArray, steps: int, rate: float, rng: np.random.Generator
) -> tuple[tuple[str, int, int, float, float], ...]:
    """All units start below zero for every row: how many have a value above zero for some row after training."""
    fresh = started((4, UNITS, 1), "relu", "lecun_normal", rng)
    lowest = fresh.weights[0] @ x
    biases = (-lowest.max(axis=1, keepdims=True) - BURIED, fresh.biases[1])
    rows = []
    for name in RELATIVES:
        net = Net(fresh.weights, biases, name)
        before = float(((net.forward(x).outputs - y) ** 2).mean())
        trained, loss = _trained(net, x, y, steps, rate)
        alive = int((trained.forward(x).before[0] > 0).any(axis=1).sum())
        rows.append((name, alive, UNITS, before, loss))
    return tuple(rows)
