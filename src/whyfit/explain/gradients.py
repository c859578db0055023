"""Gradients that vanish or explode: their size layer by layer through a deep stack, and what clipping does."""

from __future__ import annotations

import numpy as np

from whyfit.evidence.explanation import Check, Explanation, Formula, Heading, Part, Plot, Said, Table, line_of
from whyfit.evidence.question import Question
from whyfit.evidence.types import FloatArray
from whyfit.explain.asked import Asked, Value
from whyfit.explain.net import started

TAKES: dict[str, Value] = {"layers": "10", "seed": 0}
WIDTH, ROWS = 64, 64
STACKS = (
    ("sigmoid", "xavier_normal"),
    ("tanh", "xavier_normal"),
    ("relu", "he_normal"),
    ("relu", "unit_normal"),
)
"""One that loses its gradient, two that keep it, one whose weights are √(width/2) times too large."""
CLIP = 1.0
ROUNDING = 1e-12


def explain(asked: Asked) -> Explanation:
    """One line a stack; the factor a layer; clipping by norm and by value."""
    depth = _depth(asked)
    norms = {stack: _norms(*stack, depth, asked.whole("seed", 0, 2**31)) for stack in STACKS}
    places = np.arange(1, depth + 1)
    rows = tuple(
        (
            _name(stack),
            values[0],
            values[-1],
            values[0] / values[-1],
            (values[0] / values[-1]) ** (1 / max(1, depth - 1)),
        )
        for stack, values in norms.items()
    )
    parts: list[Part] = [
        Said("answer"),
        Formula(r"\delta_l = (W_{l+1}^\top \delta_{l+1}) \circ f'(u_l)"),
        Said("stacks", {"layers": depth, "width": WIDTH}),
        Table("stacks", ("stack", "first_layer", "last_layer", "ratio", "factor"), rows),
        Plot(
            "stacks",
            "layer",
            "gradient_norm",
            tuple(line_of(_name(stack), places, values) for stack, values in norms.items()),
            log=True,
        ),
        Said("reading"),
        Heading("clipping"),
        *_clipping(),
    ]
    return Explanation(Question.GRADIENTS, asked.plain(), tuple(parts))


def _depth(asked: Asked) -> int:
    """`--layers` is here a number of hidden layers."""
    text = str(asked.values["layers"])
    return Asked({"layers": int(text) if text.isascii() and text.isdigit() else text}).whole("layers", 2, 60)


def _name(stack: tuple[str, str]) -> str:
    return f"{stack[0]}, {stack[1]}"


def _norms(activation: str, initializer: str, depth: int, seed: int) -> FloatArray:
    """Norm of δ, the gradient before the activation, for each hidden layer; the same random one at the outputs."""
    rng = np.random.default_rng(seed)
    net = started((WIDTH,) * (depth + 1) + (1,), activation, initializer, rng)
    passed = net.forward(rng.standard_normal((WIDTH, ROWS)))
    grads = net.backward(passed, np.random.default_rng([seed, 1]).standard_normal((1, ROWS)) / ROWS)
    return np.array([float(np.linalg.norm(one)) for one in grads.deltas[:-1]])


def _clipping() -> list[Part]:
    """One gradient both ways: by norm it keeps its direction, by value it turns."""
    gradient = np.array([3.0, 0.4, -0.2])
    by_norm = gradient * min(1.0, CLIP / float(np.linalg.norm(gradient)))
    by_value = np.clip(gradient, -CLIP, CLIP)
    rows = tuple(
        (name, float(one[0]), float(one[1]), float(one[2]), float(np.linalg.norm(one)), _angle(gradient, one))
        for name, one in (("as_it_was", gradient), ("by_norm", by_norm), ("by_value", by_value))
    )
    return [
        Said("clipping", {"clip": CLIP}),
        Table("clipping", ("way", "g_1", "g_2", "g_3", "norm", "angle"), rows),
        Check("direction", 1.0 - _cosine(gradient, by_norm), ROUNDING),
    ]


def _cosine(one: FloatArray, other: FloatArray) -> float:
    return float(one @ other / (np.linalg.norm(one) * np.linalg.norm(other)))


def _angle(one: FloatArray, other: FloatArray) -> float:
    return float(np.degrees(np.arccos(np.clip(_cosine(one, other), -1.0, 1.0))))
