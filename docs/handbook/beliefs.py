"""Common beliefs put to the test: one small experiment each, its numbers, and the verdict that follows from them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from handbook.belief_words import LABELS, VERDICTS
from handbook.shown import HTML, Markdown
from whyfit.evidence.explanation import Explanation, Step, Table
from whyfit.evidence.types import FloatArray
from whyfit.explain.answers import explained
from whyfit.explain.net import Net, started
from whyfit.rules.activations import activations
from whyfit.rules.optimizers.walk import walk
from whyfit.study.statistics.quantiles import critical_value
from whyfit.text import Language
from whyfit.text.numbers import number

DRAWN = np.linspace(-6.0, 6.0, 121)
"""Where a curve is drawn."""
STEPS, DECAY = 400, 0.1
"""Of the two weights: large and long enough to see."""
UNITS, ROWS = 64, 500
"""Of the layer whose zeros are counted."""


@dataclass(frozen=True)
class Tested:
    """The verdict on a belief, the numbers behind it, and the rows of its picture.

    In a row `what` and `of` are keys of `LABELS`; all else is numbers.
    """

    verdict: str
    numbers: dict[str, float]
    rows: tuple[dict[str, Any], ...]


def verdict(name: str, lang: Language) -> Markdown:
    """The verdict and its numbers."""
    one, labels = tested(name), LABELS[lang]
    rows = [f"| {labels[key].replace('|', chr(92) + '|')} | {number(value)} |" for key, value in one.numbers.items()]
    head = f"| {labels['measured']} | {labels['value']} |\n|---|---:|"
    return Markdown("\n".join([f"**{VERDICTS[lang][one.verdict]}**", "", head, *rows]))


def picture(name: str, lang: Language) -> HTML:
    """The experiment, drawn."""
    from handbook.belief_pictures import of_belief

    return of_belief(name, tested(name).rows, lang)


@lru_cache(maxsize=16)
def tested(name: str) -> Tested:
    """The experiment, run once for both languages."""
    return BELIEFS[name]()


@lru_cache(maxsize=4)
def _answer(question: str) -> Explanation:
    return explained(question, {})


def _table(question: str, name: str) -> Table:
    return next(part for part in _answer(question).parts if isinstance(part, Table) and part.name == name)


def adamw() -> Tested:
    """Two weights, gradients a hundred times apart, the same decay."""
    ways = {"l2": ("adam_l2", DECAY, 0.0), "w": ("adamw", 0.0, DECAY)}
    paths = {
        way: walk(name, _Turning(), [1.0, 1.0], steps=STEPS, rate=0.01, l2=l2, weight_decay=decoupled)
        for way, (name, l2, decoupled) in ways.items()
    }
    numbers = {
        f"{way}_{size}": float(path[-1, place])
        for way, path in paths.items()
        for place, size in enumerate(("small", "large"))
    }
    same = all(abs(numbers[f"l2_{size}"] - numbers[f"w_{size}"]) < 0.01 for size in ("small", "large"))
    rows = tuple(
        {"what": f"rule_{way}", "of": f"gradients_{size}", "x": step, "y": float(path[step, place])}
        for way, path in paths.items()
        for place, size in enumerate(("small", "large"))
        for step in range(0, STEPS + 1, 5)
    )
    return Tested("true" if same else "false", numbers, rows)


class _Turning:
    """Gradients of alternating sign, whatever the weights are: 0.1 for the first, 10 for the second."""

    def __init__(self) -> None:
        self.sign = 1.0

    def __call__(self, _: FloatArray) -> FloatArray:
        self.sign = -self.sign
        return self.sign * np.array([0.1, 10.0])


def bias() -> Tested:
    """A straight line on a sine: the terms are known."""
    row = dict(zip(_table("bias_variance", "terms").columns, _table("bias_variance", "terms").rows[0], strict=True))
    said = next(part for part in _answer("bias_variance").parts if getattr(part, "name", "") == "plain_bias")
    plain = said.numbers["bias"] + row["variance"] + row["noise"]
    wrong = abs(plain - row["error_measured"]) > 5 * abs(row["sum"] - row["error_measured"])
    terms = (
        ("sum_plain", (("term_bias", said.numbers["bias"]), ("variance", row["variance"]), ("noise", row["noise"]))),
        ("sum_square", (("term_bias2", row["bias2"]), ("variance", row["variance"]), ("noise", row["noise"]))),
        ("sum_error", (("error_fresh", row["error_measured"]),)),
    )
    return Tested(
        "false" if wrong else "true",
        {"plain_sum": plain, "square_sum": row["sum"], "error": row["error_measured"]},
        tuple({"of": bar, "what": name, "x": value} for bar, parts in terms for name, value in parts),
    )


def dead() -> Tested:
    """One layer at a healthy start: which share of the rows each unit is zero for."""
    rng = np.random.default_rng(0)
    hidden = started((4, UNITS, 1), "relu", "he_normal", rng).forward(rng.standard_normal((4, ROWS))).after[1]
    shares = np.sort((hidden == 0).mean(axis=-1))[::-1]
    zeros, died = float(shares.mean()), float((shares == 1.0).sum())
    return Tested(
        "false" if zeros > 0.3 and died == 0 else "true",
        {"zeros": zeros, "dead": died},
        tuple({"x": place + 1, "y": float(share)} for place, share in enumerate(shares)),
    )


def modes() -> Tested:
    """Batch norm on one batch, in both modes."""
    steps = {
        part.latex.split(" =")[0]: np.array(part.value) for part in _answer("batchnorm").parts if isinstance(part, Step)
    }
    train, evaluation = (steps[name].ravel() for name in ("a_{train}", "a_{eval}"))
    apart = float(np.abs(train - evaluation).max())
    rows = tuple({"x": float(x), "y": float(y)} for x, y in zip(train, evaluation, strict=True))
    return Tested("false" if apart > 1e-6 else "true", {"apart": apart}, rows)


def slope() -> Tested:
    """The sigmoid's derivative."""
    at = activations["sigmoid"].derivative(np.array([0.0, 2.0, 5.0]))
    return Tested(
        "false" if at[0] == at.max() else "true",
        dict(zip(("at_zero", "at_two", "at_five"), map(float, at), strict=True)),
        _curve("derivative", activations["sigmoid"].derivative(DRAWN)),
    )


def _curve(what: str, values: FloatArray) -> tuple[dict[str, Any], ...]:
    return tuple({"what": what, "x": float(x), "y": float(y)} for x, y in zip(DRAWN, values, strict=True))


def ranges() -> Tested:
    """The ends of both."""
    ends = np.array([-3.0, 3.0])
    low, high = activations["sigmoid"].value(ends)
    tanh_low, tanh_high = activations["tanh"].value(ends)
    numbers = {"sigmoid_low": low, "sigmoid_high": high, "tanh_low": tanh_low, "tanh_high": tanh_high}
    return Tested(
        "false" if low >= 0 else "true",
        {name: float(value) for name, value in numbers.items()},
        tuple(row for name in ("sigmoid", "tanh") for row in _curve(name, activations[name].value(DRAWN))),
    )


def biases() -> Tested:
    """Twenty pairs of networks that differ in the start of their biases alone."""
    pairs = np.array([[_trained(seed, random=random) for random in (False, True)] for seed in range(20)])
    gap = pairs[:, 0] - pairs[:, 1]
    half = critical_value(0.95, len(gap) - 1) * float(gap.std(ddof=1)) / len(gap) ** 0.5
    low, high = float(gap.mean()) - half, float(gap.mean()) + half
    numbers = {
        "zero_bias": float(pairs[:, 0].mean()),
        "random_bias": float(pairs[:, 1].mean()),
        "low": low,
        "high": high,
    }
    ends = {"low": low, "high": high, "mean": float(gap.mean())}
    return Tested("true" if low <= 0 else "false", numbers, tuple({"x": float(one)} | ends for one in gap))


def _trained(seed: int, *, random: bool) -> float:
    rng = np.random.default_rng(seed)
    x = rng.standard_normal((4, 200))
    y = np.tanh(x[:1] - x[-1:] * x[:1])
    net = started((4, 16, 1), "tanh", "xavier_normal", np.random.default_rng([seed, 1]))
    if random:
        drawn = np.random.default_rng([seed, 2])
        net = Net(net.weights, tuple(drawn.standard_normal(b.shape) for b in net.biases), net.activation)
    for _ in range(500):
        passed = net.forward(x)
        apart = passed.outputs - y
        grads = net.backward(passed, 2 * apart / apart.size)
        net = net.moved(grads.weights, grads.biases, 0.1)
    return float(((net.forward(x).outputs - y) ** 2).mean())


def bagging() -> Tested:
    """One dropout network and its masks, beside ten networks on bootstrap samples; digits."""
    import torch
    from torch import nn

    from handbook.scripts import BATCH, halves

    (x, y), (held_x, held_y) = halves()

    def fitted(rows: torch.Tensor, rate: float, seed: int) -> nn.Module:
        torch.manual_seed(seed)
        model = nn.Sequential(nn.Linear(64, 64), nn.ReLU(), nn.Dropout(rate), nn.Linear(64, 10))
        rule = torch.optim.Adam(model.parameters(), lr=1e-3)
        for _ in range(15):
            for part in rows[torch.randperm(len(rows))].split(BATCH):
                rule.zero_grad()
                nn.functional.cross_entropy(model(x[part]), y[part]).backward()
                rule.step()
        return model

    def error(scores: torch.Tensor) -> float:
        return float((scores.argmax(-1) != held_y).float().mean())

    def agreements(scores: torch.Tensor) -> list[float]:
        votes = scores.argmax(-1)
        return [float((votes[i] == votes[j]).float().mean()) for i in range(10) for j in range(i)]

    with_dropout = fitted(torch.arange(len(x)), 0.5, 0)
    with torch.no_grad():
        with_dropout.train()
        thinned = torch.stack([with_dropout(held_x).softmax(-1) for _ in range(10)])
        with_dropout.eval()
        scaled = with_dropout(held_x)
    samples = [torch.randint(0, len(x), (len(x),), generator=torch.Generator().manual_seed(k)) for k in range(10)]
    models = [fitted(rows, 0.0, k) for k, rows in enumerate(samples)]
    with torch.no_grad():
        bagged = torch.stack([model(held_x).softmax(-1) for model in models])
    near = abs(error(scaled) - error(thinned.mean(0))) < 0.01
    pairs = {"pairs_thinned": agreements(thinned), "pairs_bagged": agreements(bagged)}
    agreed = {what: float(np.mean(values)) for what, values in pairs.items()}
    alike = abs(agreed["pairs_thinned"] - agreed["pairs_bagged"]) < 0.01
    return Tested(
        "true" if near and alike else "partly" if near else "false",
        {
            "agree_thinned": agreed["pairs_thinned"],
            "agree_bagged": agreed["pairs_bagged"],
            "scaled": error(scaled),
            "averaged": error(thinned.mean(0)),
            "bagged": error(bagged.mean(0)),
        },
        tuple({"of": what, "x": value, "mean": agreed[what]} for what, values in pairs.items() for value in values),
    )


BELIEFS: dict[str, Callable[[], Tested]] = {
    "adamw": adamw,
    "bias": bias,
    "dead": dead,
    "modes": modes,
    "slope": slope,
    "biases": biases,
    "ranges": ranges,
    "bagging": bagging,
}
