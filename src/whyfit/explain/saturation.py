"""Saturation: a stack of sigmoids against its bound of 0.25 a layer, and the two ways into the flat part."""

from __future__ import annotations

import numpy as np

from whyfit.evidence.explanation import Check, Explanation, Formula, Heading, Part, Plot, Said, Table, line_of
from whyfit.evidence.question import Question
from whyfit.evidence.types import FloatArray
from whyfit.explain.asked import Asked, Value
from whyfit.explain.net import started
from whyfit.rules.activations import activations

TAKES: dict[str, Value] = {"layers": "8", "activation": "sigmoid", "seed": 0}
SATURATING = ("sigmoid", "tanh", "hardsigmoid")
WIDTH, ROWS = 64, 200
FLAT = 0.1
"""A unit is in the flat part where its derivative is under a tenth of the largest."""
SCALES = (0.1, 1.0, 3.0, 10.0, 100.0)
ROUNDING = 1e-12


def explain(asked: Asked) -> Explanation:
    """Products of derivatives down the layers; then saturation by the scale of inputs and of weights."""
    text, name = str(asked.values["layers"]), asked.choice("activation", SATURATING)
    depth = Asked({"layers": int(text) if text.isascii() and text.isdigit() else text}).whole("layers", 1, 60)
    rng = np.random.default_rng(asked.whole("seed", 0, 2**31))
    entry = activations[name]
    slopes = _slopes(name, depth, rng)
    products = np.cumprod(slopes, axis=0)
    bound = entry.largest_derivative ** np.arange(1, depth + 1)
    rows = tuple(
        (
            layer + 1,
            float(slopes[layer].mean()),
            float(products[layer].mean()),
            float(products[layer].max()),
            float(bound[layer]),
        )
        for layer in range(depth)
    )
    layers = np.arange(1, depth + 1)
    lines = (line_of("mean_product", layers, products.mean(axis=1)), line_of("bound", layers, bound))
    parts: list[Part] = [
        Said("answer", {"function": name, "steepest": entry.largest_derivative}),
        Formula(entry.derivative_formula),
        Said("stack", {"layers": depth, "width": WIDTH}),
        Table("stack", ("layer", "mean_slope", "mean_product", "largest_product", "bound"), rows),
        Plot("stack", "layer", "product", lines, log=True),
        Check("bound", float((products.max(axis=1) / bound).max()) - 1.0, ROUNDING, {"paths": products.shape[1]}),
        Heading("flat"),
        Said("flat", {"share": FLAT}),
        Table("flat", ("scale", "by_inputs", "by_weights"), _by_scale(name, rng)),
        Said("flat_reading"),
    ]
    return Explanation(Question.SATURATION, asked.plain(), tuple(parts))


def _slopes(name: str, depth: int, rng: np.random.Generator) -> FloatArray:
    """(layers, paths): f′ along one path a row and unit, through the unit of the same number in every layer."""
    net = started((WIDTH,) * (depth + 1), name, "xavier_normal", rng)
    net = type(net)((*net.weights, np.zeros((1, WIDTH))), (*net.biases, np.zeros((1, 1))), name)
    passed = net.forward(rng.standard_normal((WIDTH, ROWS)))
    return np.array([activations[name].derivative(u).ravel() for u in passed.before[:-1]])


def _by_scale(name: str, rng: np.random.Generator) -> tuple[tuple[float, float, float], ...]:
    """Share of flat units in the first layer: inputs times the scale, or weights times it."""
    x = rng.standard_normal((WIDTH, ROWS))
    net = started((WIDTH, WIDTH, 1), name, "xavier_normal", rng)

    def flat(weights: float, inputs: float) -> float:
        u = weights * net.weights[0] @ (inputs * x)
        entry = activations[name]
        return float((np.abs(entry.derivative(u)) < FLAT * entry.largest_derivative).mean())

    return tuple((scale, flat(1.0, scale), flat(scale, 1.0)) for scale in SCALES)
