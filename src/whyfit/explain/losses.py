"""The losses of the explanations: value and gradient at the raw outputs, written plainly, mean over the rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from whyfit.evidence.types import AnyArray


@dataclass(frozen=True, slots=True)
class ShownLoss:
    """One loss: a for the raw outputs, y for what is wanted, n rows, m outputs; both (outputs, rows).

    Attributes
    ----------
    formula, delta_formula
        LaTeX of the loss of one row, and of its gradient at the outputs.
    kind
        Of the targets: `numbers`, `one_hot` or `shares`.
    value, delta
        The mean over the rows, and its gradient.
    """

    formula: str
    delta_formula: str
    kind: str
    value: Callable[[AnyArray, AnyArray], float]
    delta: Callable[[AnyArray, AnyArray], AnyArray]


def softmax(a: AnyArray) -> AnyArray:
    """Shares that sum to 1 down each column."""
    e = np.exp(a - a.max(axis=0, keepdims=True))
    shares: AnyArray = e / e.sum(axis=0, keepdims=True)
    return shares


def _cross_entropy(a: AnyArray, y: AnyArray) -> float:
    top = a.max(axis=0)
    return float((np.log(np.exp(a - top).sum(axis=0)) + top - (y * a).sum(axis=0)).mean())


def _binary(a: AnyArray, y: AnyArray) -> float:
    return float((np.logaddexp(0.0, a) - y * a).mean(axis=0).mean())


def _sigmoid(a: AnyArray) -> AnyArray:
    value: AnyArray = 0.5 * (1.0 + np.tanh(a / 2))
    return value


LOSSES: dict[str, ShownLoss] = {
    "half_squared_error": ShownLoss(
        r"\ell = \tfrac12 \lVert a - y \rVert^2",
        r"a - y",
        "numbers",
        lambda a, y: float(((a - y) ** 2).sum(axis=0).mean() / 2),
        lambda a, y: (a - y) / a.shape[1],
    ),
    "mse": ShownLoss(
        r"\ell = \frac{1}{m} \lVert a - y \rVert^2",
        r"\frac{2}{m} (a - y)",
        "numbers",
        lambda a, y: float(((a - y) ** 2).mean()),
        lambda a, y: 2 * (a - y) / a.size,
    ),
    "cross_entropy": ShownLoss(
        r"\ell = -\sum_k y_k \ln p_k, \quad p = \mathrm{softmax}(a)",
        r"p - y",
        "one_hot",
        _cross_entropy,
        lambda a, y: (softmax(a) - y) / a.shape[1],
    ),
    "binary_cross_entropy": ShownLoss(
        r"\ell = -\frac{1}{m} \sum_k \bigl( y_k \ln p_k + (1 - y_k) \ln(1 - p_k) \bigr), \quad p = \sigma(a)",
        r"\frac{1}{m} (p - y)",
        "shares",
        _binary,
        lambda a, y: (_sigmoid(a) - y) / a.size,
    ),
}
"""`squared_error` is another name of `mse`."""


def wanted(kind: str, outputs: int, rows: int, rng: np.random.Generator) -> AnyArray:
    """Targets to show a loss by, (outputs, rows)."""
    if kind == "one_hot":
        return np.eye(outputs)[:, rng.integers(outputs, size=rows)]
    if kind == "shares":
        return rng.integers(2, size=(outputs, rows)).astype(np.float64)
    return np.round(rng.standard_normal((outputs, rows)), 1)
