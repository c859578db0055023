"""Activations: each one's formula, derivative and facts; one of them in full, its derivative checked."""

from __future__ import annotations

import numpy as np

from whyfit.evidence.explanation import Check, Explanation, Formula, Heading, Part, Plot, Said, Table, line_of
from whyfit.evidence.question import Question
from whyfit.evidence.types import AnyArray
from whyfit.explain.asked import Asked, Value
from whyfit.explain.autograd import DIFFERENCE_TOLERANCE, STEP, TOLERANCE, activation_by_torch, has_torch
from whyfit.rules.activations import Activation, activations

TAKES: dict[str, Value] = {"activation": "all"}
POINTS = np.array([-3.0, -2.0, -1.0, -0.5, 0.0, 0.5, 1.0, 2.0, 3.0])
CURVE = np.linspace(-4.0, 4.0, 81)
FAMOUS = ("sigmoid", "tanh", "relu", "gelu")
"""Drawn together where none is asked for: the two that saturate, the one that most use, and a smooth relative."""
ROUNDING = 1e-12
"""Of an integral that is zero by symmetry."""
SINGLE = tuple(name for name, entry in activations.items() if entry.pieces == 1)


def explain(asked: Asked) -> Explanation:
    """All of them in one table, or one in full."""
    name = asked.choice("activation", ("all", *activations))
    parts = _all() if name == "all" else _one(activations[name])
    return Explanation(Question.ACTIVATIONS, asked.plain(), tuple(parts))


def _all() -> list[Part]:
    lines = tuple(line_of(name, CURVE, activations[name].value(CURVE)) for name in FAMOUS)
    slopes = tuple(line_of(name, CURVE, activations[name].derivative(CURVE)) for name in FAMOUS)
    return [
        Said("answer"),
        Table(
            "all",
            ("function", "lowest", "highest", "steepest", "mean", "gain"),
            tuple(map(_facts, activations.values())),
        ),
        Said("reading"),
        Plot("curves", "z", "f(z)", lines),
        Plot("slopes", "z", "f′(z)", slopes),
        Said("last_layer"),
        Check(
            "slopes_checked",
            max(_error(activations[name]) for name in SINGLE),
            DIFFERENCE_TOLERANCE,
            {"count": len(SINGLE)},
        ),
    ]


def _facts(entry: Activation) -> tuple[str | float | None, ...]:
    mean = entry.mean_output if abs(entry.mean_output) > ROUNDING else 0.0
    return (entry.name, *entry.range, entry.largest_derivative, mean, entry.gain)


def _one(entry: Activation) -> list[Part]:
    parts: list[Part] = [
        Said("one", {"function": entry.name}),
        Formula(entry.formula),
        Formula(entry.derivative_formula),
    ]
    if entry.pieces > 1:
        return [*parts, Said("maxout", {"pieces": entry.pieces}), *_maxout()]
    rows = tuple(zip(POINTS, map(float, entry.value(POINTS)), map(float, entry.derivative(POINTS)), strict=True))
    parts += [
        Plot(
            "one",
            "z",
            "f(z)",
            (line_of("value", CURVE, entry.value(CURVE)), line_of("slope", CURVE, entry.derivative(CURVE))),
        )
    ]
    parts += [Table("points", ("z", "value", "slope"), tuple((float(z), f, d) for z, f, d in rows))]
    parts += [
        Heading("facts"),
        Table("all", ("function", "lowest", "highest", "steepest", "mean", "gain"), (_facts(entry),)),
    ]
    parts += [Said(f"saturates_{entry.saturates}"), Said("paper", {"paper": entry.paper})]
    parts += [Check("slope_checked", _error(entry), DIFFERENCE_TOLERANCE, {"points": len(_smooth())})]
    if has_torch():
        value, slope = activation_by_torch(entry.name, POINTS, entry.slope)
        apart = max(
            float(np.abs(value - entry.value(POINTS)).max()), float(np.abs(slope - entry.derivative(POINTS)).max())
        )
        parts += [Check("torch_checked", apart, TOLERANCE, {"points": len(POINTS)})]
    return parts


def _maxout() -> list[Part]:
    pieces = np.array([[-1.0, 0.5], [2.0, 1.0], [0.3, 0.3]])
    rows = tuple((float(a), float(b), float(max(a, b)), *map(float, (a >= b, b > a))) for a, b in pieces)
    return [Table("maxout", ("piece_1", "piece_2", "value", "slope_1", "slope_2"), rows)]


def _smooth() -> AnyArray:
    """Points away from kinks, where a difference over both sides means something."""
    points = CURVE + 0.013
    return points[np.abs(points - np.round(points)) > 10 * STEP]


def _error(entry: Activation) -> float:
    z = _smooth()
    slope = (entry.value(z + STEP) - entry.value(z - STEP)) / (2 * STEP)
    return float(np.abs(slope - entry.derivative(z)).max())
