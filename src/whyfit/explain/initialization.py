"""Starting a network: zeros stepping in symmetry, and how the variance goes up and down a deep stack."""

from __future__ import annotations

import numpy as np

from whyfit.evidence.explanation import Check, Explanation, Heading, Part, Said, Table
from whyfit.evidence.question import Question
from whyfit.evidence.types import FloatArray
from whyfit.explain.asked import Asked, Value
from whyfit.explain.net import Gradients, Net, started
from whyfit.rules.initializers import initializers

TAKES: dict[str, Value] = {"layers": "4,6,6,1", "activation": "tanh", "steps": 200, "rate": 0.1, "seed": 0}
STARTS = ("zero", "constant", "he_normal")
ACTIVATIONS = ("tanh", "sigmoid", "relu")
SAME = 1e-9
"""Relative: units nearer than this are the same number, computed in another order."""
ROWS = 200
DEPTH, WIDTH = 10, 256
"""Of the stack whose variance is followed."""


def explain(asked: Asked) -> Explanation:
    """The same network from three starts; what moves from zero; the stack."""
    sizes, activation = asked.sizes(deepest=6, widest=64), asked.choice("activation", ACTIVATIONS)
    steps, rate = asked.whole("steps", 1, 2000), asked.number("rate", 1e-6, 10.0)
    rng = np.random.default_rng(asked.whole("seed", 0, 2**31))
    x = rng.standard_normal((sizes[0], ROWS))
    y = np.tanh(x[:1] - x[-1:] * x[:1])
    parts: list[Part] = [Said("answer"), Heading("symmetry"), Said("symmetry", {"steps": steps, "rate": rate})]
    parts += [
        Table(
            "symmetry",
            ("start", "step", "loss", "distinct_units", "units"),
            _symmetry(sizes, activation, x, y, steps, rate, rng),
        )
    ]
    parts += [Heading("zero_relu"), *_zero_relu(sizes, x, y), Said("biases"), Heading("depth"), *_depth(rng)]
    return Explanation(Question.INITIALIZATION, asked.plain(), tuple(parts))


def _symmetry(
    sizes: tuple[int, ...],
    activation: str,
    x: FloatArray,
    y: FloatArray,
    steps: int,
    rate: float,
    rng: np.random.Generator,
) -> tuple[tuple[str, int, float, int | None, int | None], ...]:
    rows = []
    for start in STARTS:
        net = started(sizes, activation, start, rng)
        for step in range(steps + 1):
            loss, grads = _gradients(net, x, y)
            if step in (0, steps):
                units = net.weights[0].shape[0] if len(sizes) > 2 else None
                rows.append((start, step, loss, _distinct(net) if units else None, units))
            net = net.moved(grads.weights, grads.biases, rate)
    return tuple(rows)


def _gradients(net: Net, x: FloatArray, y: FloatArray) -> tuple[float, Gradients]:
    passed = net.forward(x)
    apart = passed.outputs - y
    return float((apart**2).mean()), net.backward(passed, 2 * apart / apart.size)


def _distinct(net: Net) -> int:
    """Units of the first hidden layer that differ from all before them, in what comes in and what goes out."""
    whole = np.hstack([net.weights[0], net.biases[0], net.weights[1].T])
    scale = max(float(np.abs(whole).max()), 1e-300)
    found: list[FloatArray] = []
    for unit in whole:
        if all(float(np.abs(unit - other).max()) > SAME * scale for other in found):
            found.append(unit)
    return len(found)


def _zero_relu(sizes: tuple[int, ...], x: FloatArray, y: FloatArray) -> list[Part]:
    """With ReLU and all zeros every gradient but that of the last bias is exactly zero."""
    net = started(sizes, "relu", "zero", np.random.default_rng(0))
    _, grads = _gradients(net, x, y)
    rows = tuple(
        (f"{kind}{place}", float(np.linalg.norm(grad)))
        for kind, several in (("W", grads.weights), ("b", grads.biases))
        for place, grad in enumerate(several, start=1)
    )
    moving = max([float(np.abs(one).max()) for one in (*grads.weights, *grads.biases[:-1])])
    alone = len(sizes) == 2
    parts: list[Part] = [
        Said("zero_linear" if alone else "zero_relu"),
        Table("zero_relu", ("parameter", "gradient_norm"), rows),
    ]
    return parts if alone else [*parts, Check("only_last_bias", moving, 0.0)]


def _depth(rng: np.random.Generator) -> list[Part]:
    """Mean square of the values after layer 1 and after the last, against what each initialiser promises a layer."""
    rows = []
    for activation, starts in (
        ("relu", ("xavier_normal", "he_normal")),
        ("tanh", ("xavier_normal", "unit_normal")),
        ("relu", ("normal",)),
    ):
        for start in starts:
            net = started((WIDTH,) * (DEPTH + 1), activation, start, rng)
            passed = net.forward(rng.standard_normal((WIDTH, ROWS)))
            squares = [float((h**2).mean()) for h in passed.after[1:DEPTH]]
            per_layer = (squares[-1] / squares[0]) ** (1 / (len(squares) - 1)) if squares[0] > 0 else 0.0
            promised = initializers[start].promise((WIDTH, WIDTH), activation).forward
            rows.append((f"{activation}, {start}", squares[0], squares[-1], per_layer, promised))
    return [
        Said("depth", {"layers": DEPTH, "width": WIDTH}),
        Table("depth", ("start", "first_layer", "last_layer", "factor", "promised"), tuple(rows)),
        Said("depth_reading"),
    ]
