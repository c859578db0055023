"""Dropout on a tiny batch: forward and backward, training and evaluation, and the average over every mask there is."""

from __future__ import annotations

from itertools import product

import numpy as np

from whyfit.evidence.explanation import Check, Explanation, Formula, Heading, Part, Said, Step, Table, rows_of
from whyfit.evidence.question import Question
from whyfit.evidence.types import FloatArray
from whyfit.explain.asked import Asked, Value
from whyfit.explain.autograd import TOLERANCE, apart, has_torch

TAKES: dict[str, Value] = {"rate": 0.5, "seed": 0}
UNITS, ROWS = 4, 3
MASK_UNITS = 10
"""2¹⁰ masks can all be looked at."""


def explain(asked: Asked) -> Explanation:
    """The four cases, then the average over all masks."""
    rate, rng = asked.number("rate", 0.0, 1.0), np.random.default_rng(asked.whole("seed", 0, 2**31))
    h = np.round(rng.standard_normal((UNITS, ROWS)), 1)
    kept = (rng.random((UNITS, ROWS)) >= rate).astype(np.float64)
    upstream = np.round(rng.standard_normal((UNITS, ROWS)), 1)
    scale = 1 / (1 - rate)
    parts: list[Part] = [
        Said("answer", {"rate": rate}),
        Formula(r"a_{train} = \frac{m}{1 - p} \circ h, \quad m \sim \mathrm{Bernoulli}(1 - p) \\ a_{eval} = h"),
        Heading("forward"),
        Step("h", rows_of(h)),
        Step("m", rows_of(kept)),
        Step(r"a_{train} = m \circ h / (1 - p)", rows_of(kept * h * scale)),
        Step(r"a_{eval} = h", rows_of(h)),
        Heading("backward"),
        Step(r"\partial L/\partial a", rows_of(upstream)),
        Step(
            r"\partial L/\partial h_{train} = m \circ \partial L/\partial a / (1 - p)",
            rows_of(kept * upstream * scale),
            _by_torch(h, kept, upstream, scale),
        ),
        Step(r"\partial L/\partial h_{eval} = \partial L/\partial a", rows_of(upstream)),
        Said("same_mask"),
        Heading("cases"),
        Table(
            "cases",
            ("case", "forward", "backward"),
            (("training", "train_forward", "train_backward"), ("evaluation", "eval_forward", "eval_backward")),
        ),
        Heading("average"),
        *_average(rate, rng),
    ]
    return Explanation(Question.DROPOUT, asked.plain(), tuple(parts))


def _by_torch(h: FloatArray, kept: FloatArray, upstream: FloatArray, scale: float) -> Check | None:
    """Autograd through the same mask."""
    if not has_torch():
        return None
    import torch  # noqa: PLC0415  # an extra

    values = torch.tensor(h, requires_grad=True)
    total = (values * torch.tensor(kept * scale) * torch.tensor(upstream)).sum()
    total.backward()  # type: ignore[no-untyped-call]  # torch has no types for it
    assert values.grad is not None
    return Check("line", apart(kept * upstream * scale, values.grad.numpy()), TOLERANCE)


def _average(rate: float, rng: np.random.Generator) -> list[Part]:
    """Every mask of ten units, weighed by its probability: exact for a linear output, not behind a non-linearity."""
    masks = np.array(list(product((0.0, 1.0), repeat=MASK_UNITS)))
    kept = masks.sum(axis=1)
    chance = (1 - rate) ** kept * rate ** (MASK_UNITS - kept)
    h, w = rng.standard_normal(MASK_UNITS), rng.standard_normal(MASK_UNITS)
    outputs = masks @ (h * w) / (1 - rate)
    linear, curved = float(h @ w), float(np.tanh(h @ w))
    mean, spread = float(chance @ outputs), float(np.sqrt(chance @ (outputs - chance @ outputs) ** 2))
    promised = float(np.sqrt(rate / (1 - rate) * ((h * w) ** 2).sum()))
    return [
        Said("average", {"masks": len(masks), "units": MASK_UNITS}),
        Table(
            "average",
            ("output", "mean_of_masks", "evaluation"),
            (("linear_output", mean, linear), ("tanh_output", float(chance @ np.tanh(outputs)), curved)),
        ),
        Check("expectation", abs(mean - linear), TOLERANCE),
        Check("spread", abs(spread - promised), TOLERANCE, {"spread": promised}),
        Said("bagging"),
    ]
