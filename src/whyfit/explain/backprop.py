"""Back-propagation, derived for a given perceptron: every line with its shape, its numbers, and its check."""

from __future__ import annotations

import numpy as np

from whyfit.errors import ArgumentError
from whyfit.evidence.explanation import Check, Explanation, Formula, Heading, Part, Said, Step, Table, rows_of
from whyfit.evidence.question import Question
from whyfit.evidence.types import AnyArray
from whyfit.explain.asked import Asked, Value
from whyfit.explain.autograd import (
    DIFFERENCE_TOLERANCE,
    TOLERANCE,
    Flow,
    apart,
    central_difference,
    gradients_by_torch,
    has_torch,
)
from whyfit.explain.losses import LOSSES, ShownLoss, wanted
from whyfit.explain.net import Gradients, Net, Pass, started
from whyfit.rules.activations import activations

TAKES: dict[str, Value] = {"layers": "2,3,1", "activation": "relu", "loss": "half_squared_error", "rows": 1, "seed": 0}
DEEPEST, WIDEST, MOST_ROWS = 6, 8, 8
"""Of what is written out in full: a larger matrix is no longer read."""
DRAWS = 50
"""A layer of one unit on one row is never on both sides; then the last draw stands."""
SHOWN = tuple(name for name in activations if name not in ("prelu", "maxout"))
"""Without the two that have parameters, or pieces, of their own."""
ALIASES = {"squared_error": "mse"}


def explain(asked: Asked) -> Explanation:
    """Derive it for the network that was asked for."""
    sizes = asked.sizes(deepest=DEEPEST, widest=WIDEST)
    name = ALIASES.get(str(asked.values["loss"]), str(asked.values["loss"]))
    loss = LOSSES[Asked({"loss": name}).choice("loss", LOSSES)]
    activation, rows = asked.choice("activation", SHOWN), asked.whole("rows", 1, MOST_ROWS)
    if loss.kind == "one_hot" and sizes[-1] < 2:
        raise ArgumentError("`--loss cross_entropy` needs at least two outputs, got 1.", advice="Try --layers 2,3,2.")
    rng = np.random.default_rng(asked.whole("seed", 0, 2**31))
    net, x = _telling(sizes, activation, rows, rng)
    y = wanted(loss.kind, sizes[-1], rows, rng)
    return Explanation(Question.BACKPROP, asked.plain(), tuple(_parts(net, x, y, name, rows)))


def _telling(sizes: tuple[int, ...], activation: str, rows: int, rng: np.random.Generator) -> tuple[Net, AnyArray]:
    """A network and inputs where every hidden layer has values on both sides of zero, if a few draws bring one."""
    for _ in range(DRAWS):
        net = _rounded(started(sizes, activation, "xavier_normal", rng), rng)
        x = np.round(rng.standard_normal((sizes[0], rows)), 1)
        if all(u.min() < 0 < u.max() for u in net.forward(x).before[:-1]):
            break
    return net, x


def _rounded(net: Net, rng: np.random.Generator) -> Net:
    """Two digits can be followed by hand; biases that are not zero can be seen."""
    weights = tuple(np.round(w, 2) for w in net.weights)
    return Net(weights, tuple(np.round(0.1 * rng.standard_normal(b.shape), 2) for b in net.biases), net.activation)


def _parts(net: Net, x: AnyArray, y: AnyArray, name: str, rows: int) -> list[Part]:
    loss, passed = LOSSES[name], net.forward(x)
    back = net.backward(passed, loss.delta(passed.outputs, y))
    oracle = gradients_by_torch(net, x, y, name) if has_torch() else None
    depth = len(net.weights)
    parts: list[Part] = [Said("answer", {"layers": depth, "rows": rows, "hidden": depth - 1}), Heading("given")]
    parts += [Step("X" if rows > 1 else "x", rows_of(x)), Step("Y" if rows > 1 else "y", rows_of(y))]
    for place, (w, b) in enumerate(zip(net.weights, net.biases, strict=True), start=1):
        parts += [Step(f"W_{place}", rows_of(w)), Step(f"b_{place}", rows_of(b))]
    parts += [Heading("forward"), *_forward(net, passed, loss, y, oracle)]
    parts += [Heading("backward"), Said("why_backward"), *_backward(net, passed, back, loss, oracle, rows)]
    parts += [Heading("checked"), *_checked(net, back, x, y, loss, oracle)]
    return [*parts, Heading("mistakes"), *_mistakes(net, passed, back)]


def _forward(net: Net, passed: Pass, loss: ShownLoss, y: AnyArray, oracle: Flow | None) -> list[Part]:
    parts: list[Part] = []
    depth = len(net.weights)
    formula = activations[net.activation].formula
    for place in range(1, depth + 1):
        below = "x" if place == 1 else f"h_{place - 1}"
        u = passed.before[place - 1]
        last = place == depth
        symbol = "a" if last else f"u_{place}"
        parts.append(_step(rf"{symbol} = W_{place} {below} + b_{place}", u, oracle, f"u{place}"))
        if not last:
            if place == 1:
                parts.append(Formula(formula))
            parts.append(_step(rf"h_{place} = f(u_{place})", passed.after[place], oracle, f"h{place}"))
    rows = y.shape[1]
    mean = loss.formula if rows == 1 else loss.formula + r"; \quad L = \frac{1}{n} \sum \ell"
    value = np.array([[loss.value(passed.outputs, y)]])
    return [*parts, _step(mean.replace(r"\ell", "L", 1) if rows == 1 else mean, value, oracle, "L")]


def _backward(net: Net, passed: Pass, back: Gradients, loss: ShownLoss, oracle: Flow | None, rows: int) -> list[Part]:
    parts: list[Part] = [Formula(activations[net.activation].derivative_formula)]
    depth = len(net.weights)
    share = r"\frac{1}{n} " if rows > 1 else ""
    inside = rf"({loss.delta_formula})" if rows > 1 else loss.delta_formula
    for place in range(depth, 0, -1):
        if place == depth:
            line = rf"\delta_{place} = \partial L/\partial a = {share}{inside}"
        else:
            slope = activations[net.activation].derivative(passed.before[place - 1])
            parts.append(Step(rf"f'(u_{place})", rows_of(slope)))
            line = rf"\delta_{place} = (W_{place + 1}^\top \delta_{place + 1}) \circ f'(u_{place})"
        below = "x" if place == 1 else f"h_{place - 1}"
        parts.append(_step(line, back.deltas[place - 1], oracle, f"δ{place}"))
        weights = rf"\partial L/\partial W_{place} = \delta_{place} {below}^\top"
        parts.append(_step(weights, back.weights[place - 1], oracle, f"W{place}"))
        biases = rf"\partial L/\partial b_{place} = \delta_{place}" + (r"\,\mathbf{1}" if rows > 1 else "")
        parts.append(_step(biases, back.biases[place - 1], oracle, f"b{place}"))
    return parts


def _step(latex: str, value: AnyArray, oracle: Flow | None, key: str) -> Step:
    check = None if oracle is None else Check("line", apart(value, oracle[key]), TOLERANCE)
    return Step(latex, rows_of(value), check)


def _checked(net: Net, back: Gradients, x: AnyArray, y: AnyArray, loss: ShownLoss, oracle: Flow | None) -> list[Part]:
    parts: list[Part] = []
    if oracle is None:
        parts.append(Said("no_torch"))
    else:
        ours = {
            f"{kind}{place}": grad
            for kind, grads in (("W", back.weights), ("b", back.biases), ("δ", back.deltas))
            for place, grad in enumerate(grads, start=1)
        }
        worst = max(apart(grad, oracle[key]) for key, grad in ours.items())
        parts.append(Check("autograd", worst, TOLERANCE, {"lines": len(ours)}))
    arrays = [*net.weights, *net.biases]
    slopes = central_difference(lambda: loss.value(net.forward(x).outputs, y), arrays)
    worst = max(apart(ours, theirs) for ours, theirs in zip((*back.weights, *back.biases), slopes, strict=True))
    return [*parts, Check("differences", worst, DIFFERENCE_TOLERANCE, {"entries": sum(one.size for one in arrays)})]


def _mistakes(net: Net, passed: Pass, back: Gradients) -> list[Part]:
    """What the usual slips give in place of the right numbers: how far off, or None where not even the shapes fit."""
    rows: list[tuple[str, str, float | None]] = [
        ("bias_left_out", "∂L/∂b₁", _off(np.zeros_like(back.biases[0]), back.biases[0]))
    ]
    if len(net.weights) > 1:
        slope = activations[net.activation].derivative(passed.before[0])
        one_output = net.weights[1][:1].T * back.deltas[1][:1]
        rows += [
            ("sum_forgotten", "δ₁", _off(one_output * slope, back.deltas[0])),
            ("slope_forgotten", "δ₁", _off(net.weights[1].T @ back.deltas[1], back.deltas[0])),
            ("inputs_mixed", "∂L/∂W₂", _off(back.deltas[1] @ passed.after[0].T, back.weights[1])),
        ]
    return [Said("mistakes_text"), Table("mistakes", ("mistake", "where", "off"), tuple(rows))]


def _off(wrong: AnyArray, right: AnyArray) -> float | None:
    return float(np.abs(wrong - right).max()) if wrong.shape == right.shape else None
