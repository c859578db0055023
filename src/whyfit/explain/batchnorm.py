"""Batch norm on a tiny batch: forward and backward, training and evaluation, beside dropout."""

from __future__ import annotations

import numpy as np

from whyfit.evidence.explanation import Check, Explanation, Formula, Heading, Part, Said, Step, Table, rows_of
from whyfit.evidence.question import Question
from whyfit.evidence.types import FloatArray
from whyfit.explain.asked import Asked, Value
from whyfit.explain.autograd import DIFFERENCE_TOLERANCE, TOLERANCE, apart, central_difference, has_torch

TAKES: dict[str, Value] = {"rows": 4, "rate": 0.5, "seed": 0}
UNITS = 2
EPSILON, MOMENTUM = 1e-5, 0.1
"""torch's defaults."""
SHIFT_ROWS = 200_000
SPREADS = 4.0
"""Standard errors that a drawn variance may lie off its expectation: once in 16,000 by chance."""


def explain(asked: Asked) -> Explanation:
    """Forward, backward, the table of four cases, and dropout in front of it."""
    rows, rate = asked.whole("rows", 2, 8), asked.number("rate", 0.0, 1.0)
    rng = np.random.default_rng(asked.whole("seed", 0, 2**31))
    u, upstream = (
        np.round(3 + 2 * rng.standard_normal((UNITS, rows)), 1),
        np.round(rng.standard_normal((UNITS, rows)), 1),
    )
    gamma, beta = np.full((UNITS, 1), 1.5), np.full((UNITS, 1), 0.5)
    mean, variance = u.mean(axis=1, keepdims=True), u.var(axis=1, keepdims=True)
    deviation = np.sqrt(variance + EPSILON)
    normed = (u - mean) / deviation
    running_mean, running_variance = MOMENTUM * mean, (1 - MOMENTUM) + MOMENTUM * variance * rows / (rows - 1)
    evaluated = gamma * (u - running_mean) / np.sqrt(running_variance + EPSILON) + beta
    back = _backward(normed, deviation, gamma, upstream)
    oracle = _by_torch(u, gamma, beta, upstream) if has_torch() else None

    def step(latex: str, value: FloatArray, key: str) -> Step:
        return Step(
            latex, rows_of(value), None if oracle is None else Check("line", apart(value, oracle[key]), TOLERANCE)
        )

    parts: list[Part] = [
        Said("answer"),
        Heading("forward"),
        Step("u", rows_of(u)),
        Step(r"\mu = \frac{1}{n} \sum u", rows_of(mean)),
        Step(r"\sigma^2 = \frac{1}{n} \sum (u - \mu)^2", rows_of(variance)),
        Step(r"\hat u = (u - \mu)/\sqrt{\sigma^2 + \epsilon}", rows_of(normed)),
        step(r"a_{train} = \gamma \hat u + \beta", gamma * normed + beta, "train"),
        Heading("running"),
        Said("running", {"momentum": MOMENTUM}),
        step(r"\mu_r \leftarrow 0.9\,\mu_r + 0.1\,\mu", running_mean, "mean"),
        step(r"\sigma_r^2 \leftarrow 0.9\,\sigma_r^2 + 0.1\,\frac{n}{n-1} \sigma^2", running_variance, "variance"),
        step(r"a_{eval} = \gamma (u - \mu_r)/\sqrt{\sigma_r^2 + \epsilon} + \beta", evaluated, "eval"),
        Heading("backward"),
        Said("backward"),
        Step(r"g = \partial L/\partial a", rows_of(upstream)),
        step(
            r"\partial L/\partial \gamma = \sum g \circ \hat u", (upstream * normed).sum(axis=1, keepdims=True), "gamma"
        ),
        step(r"\partial L/\partial \beta = \sum g", upstream.sum(axis=1, keepdims=True), "beta"),
        step(
            r"\partial L/\partial u_{train} = \frac{\gamma}{\sqrt{\sigma^2 + \epsilon}} "
            r"\bigl( g - \overline{g} - \hat u \circ \overline{g \circ \hat u} \bigr)",
            back,
            "u_train",
        ),
        step(
            r"\partial L/\partial u_{eval} = \frac{\gamma}{\sqrt{\sigma_r^2 + \epsilon}}\, g",
            gamma / np.sqrt(running_variance + EPSILON) * upstream,
            "u_eval",
        ),
        _differences(u, gamma, beta, upstream, back),
        Check("sums", float(np.abs(back.sum(axis=1)).max()), TOLERANCE),
        Heading("cases"),
        Table(
            "cases",
            ("case", "batch_norm_does", "dropout_does"),
            tuple((case, f"bn_{case}", f"do_{case}") for case in CASES),
        ),
        Said("small_batch"),
        Heading("order"),
        *_order(rate, rng),
    ]
    return Explanation(Question.BATCHNORM, asked.plain(), tuple(parts))


CASES = ("forward_training", "forward_evaluation", "backward_training", "backward_evaluation")


def _backward(normed: FloatArray, deviation: FloatArray, gamma: FloatArray, upstream: FloatArray) -> FloatArray:
    """Ioffe & Szegedy 2015, section 3, collected: what is constant over the batch, or along û, does not pass."""
    along = (upstream * normed).mean(axis=1, keepdims=True)
    result: FloatArray = gamma / deviation * (upstream - upstream.mean(axis=1, keepdims=True) - normed * along)
    return result


def _differences(u: FloatArray, gamma: FloatArray, beta: FloatArray, upstream: FloatArray, back: FloatArray) -> Check:
    values = u.copy()

    def loss() -> float:
        mean, variance = values.mean(axis=1, keepdims=True), values.var(axis=1, keepdims=True)
        return float((upstream * (gamma * (values - mean) / np.sqrt(variance + EPSILON) + beta)).sum())

    return Check(
        "differences", apart(back, central_difference(loss, [values])[0]), DIFFERENCE_TOLERANCE, {"entries": u.size}
    )


def _by_torch(u: FloatArray, gamma: FloatArray, beta: FloatArray, upstream: FloatArray) -> dict[str, FloatArray]:
    """`torch.nn.BatchNorm1d` on the same batch in both modes; torch has rows first."""
    import torch  # noqa: PLC0415  # an extra

    layer = torch.nn.BatchNorm1d(len(u), eps=EPSILON, momentum=MOMENTUM, dtype=torch.float64)
    with torch.no_grad():
        layer.weight.copy_(torch.tensor(gamma[:, 0]))
        layer.bias.copy_(torch.tensor(beta[:, 0]))
    found: dict[str, FloatArray] = {}
    for mode in ("train", "eval"):
        layer.train(mode == "train")
        inputs = torch.tensor(u.T.copy(), requires_grad=True)
        outputs = layer(inputs)
        layer.zero_grad()
        (outputs * torch.tensor(upstream.T.copy())).sum().backward()
        assert inputs.grad is not None
        found |= {mode: outputs.detach().numpy().T, f"u_{mode}": inputs.grad.numpy().T}
        if mode == "train":
            found["gamma"] = layer.weight.grad.numpy().reshape(-1, 1).copy()  # type: ignore[union-attr]  # backward has run
            found["beta"] = layer.bias.grad.numpy().reshape(-1, 1).copy()  # type: ignore[union-attr]
    found["mean"] = layer.running_mean.numpy().reshape(-1, 1)  # type: ignore[union-attr]  # it tracks them
    found["variance"] = layer.running_var.numpy().reshape(-1, 1)  # type: ignore[union-attr]
    return found


def _order(rate: float, rng: np.random.Generator) -> list[Part]:
    """Dropout before batch norm: the variance that was learned is not the variance that is met (Li et al. 2019)."""
    h = np.maximum(rng.standard_normal(SHIFT_ROWS), 0.0)
    dropped = np.where(rng.random(SHIFT_ROWS) >= rate, h / (1 - rate), 0.0)
    measured = float(dropped.var() / h.var())
    promised = 1 + rate / (1 - rate) * float((h**2).mean() / h.var())
    return [
        Said("order", {"rate": rate, "measured": measured, "promised": promised}),
        Formula(
            r"\frac{\mathrm{Var}\, a_{train}}{\mathrm{Var}\, a_{eval}} "
            r"= 1 + \frac{p}{1 - p} \frac{E[h^2]}{\mathrm{Var}\, h}"
        ),
        Check("shift", _spreads(dropped, h, promised), SPREADS),
    ]


def _spreads(dropped: FloatArray, h: FloatArray, promised: float) -> float:
    """By how many standard errors the variance behind dropout is off what was promised."""
    squares = (dropped - dropped.mean()) ** 2
    error = float(squares.std() / len(squares) ** 0.5)
    return abs(float(squares.mean()) - promised * float(h.var())) / error
