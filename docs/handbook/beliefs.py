"""Common beliefs put to the test: one small experiment each, its numbers, and the verdict that follows from them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from handbook.shown import Markdown
from whyfit.evidence.explanation import Explanation, Step, Table
from whyfit.explain.answers import explained
from whyfit.explain.net import Net, started
from whyfit.rules.activations import activations
from whyfit.study.statistics.quantiles import critical_value
from whyfit.text import Language
from whyfit.text.numbers import number

VERDICTS = {
    "en": {"false": "False.", "true": "True.", "partly": "In part."},
    "zh": {"false": "不对。", "true": "对。", "partly": "部分正确。"},
}
LABELS: dict[str, dict[str, str]] = {
    "en": {
        "measured": "measured",
        "value": "value",
        "l2_small": "Adam with L2: what is left of a weight with small gradients",
        "l2_large": "Adam with L2: … with large gradients",
        "w_small": "AdamW: … with small gradients",
        "w_large": "AdamW: … with large gradients",
        "plain_sum": "mean |bias| + variance + noise, a straight line fitted to a sine",
        "square_sum": "bias² + variance + noise",
        "error": "error measured on fresh rows",
        "zeros": "share of zeros, over units and rows",
        "dead": "units that are zero for every row",
        "apart": "largest difference of the two outputs, same batch",
        "at_zero": "derivative at 0",
        "at_two": "derivative at 2",
        "at_five": "derivative at 5",
        "zero_bias": "loss after training, biases from zero",
        "random_bias": "… biases from standard normal numbers",
        "low": "difference (zero − random), 95 % interval from",
        "high": "… to",
        "sigmoid_low": "sigmoid at −3",
        "sigmoid_high": "sigmoid at 3",
        "tanh_low": "tanh at −3",
        "tanh_high": "tanh at 3",
        "agree_thinned": "agreement of two thinned networks of one dropout network",
        "agree_bagged": "agreement of two networks trained on bootstrap samples",
        "scaled": "error of the scaled network (evaluation mode)",
        "averaged": "error of the average over 10 masks",
        "bagged": "error of a bagged ensemble of 10",
    },
    "zh": {
        "measured": "测量",
        "value": "数值",
        "l2_small": "Adam 加 L2：梯度小的权重剩下多少",
        "l2_large": "Adam 加 L2：梯度大的权重剩下多少",
        "w_small": "AdamW：梯度小的权重剩下多少",
        "w_large": "AdamW：梯度大的权重剩下多少",
        "plain_sum": "平均 |偏差| + 方差 + 噪声（用直线拟合正弦）",
        "square_sum": "偏差² + 方差 + 噪声",
        "error": "在新的行上测得的误差",
        "zeros": "所有神经元和行中零的比例",
        "dead": "对每一行都为零的神经元",
        "apart": "同一批次两种输出的最大差别",
        "at_zero": "0 处的导数",
        "at_two": "2 处的导数",
        "at_five": "5 处的导数",
        "zero_bias": "训练后的损失，偏置从零开始",
        "random_bias": "训练后的损失，偏置从标准正态分布开始",
        "low": "差（零 − 随机）的 95% 区间，从",
        "high": "至",
        "sigmoid_low": "sigmoid 在 −3",
        "sigmoid_high": "sigmoid 在 3",
        "tanh_low": "tanh 在 −3",
        "tanh_high": "tanh 在 3",
        "agree_thinned": "同一个 dropout 网络的两个稀疏网络的一致程度",
        "agree_bagged": "在自助样本上训练的两个网络的一致程度",
        "scaled": "缩放后的网络（评估模式）的误差",
        "averaged": "对 10 个掩码取平均的误差",
        "bagged": "10 个网络装袋集成的误差",
    },
}


@dataclass(frozen=True)
class Tested:
    """The verdict on a belief, and the numbers behind it."""

    verdict: str
    numbers: dict[str, float]


def show(name: str, lang: Language) -> Markdown:
    """The verdict and its numbers."""
    tested, labels = BELIEFS[name](), LABELS[lang]
    rows = [f"| {labels[key].replace('|', chr(92) + '|')} | {number(value)} |" for key, value in tested.numbers.items()]
    head = f"| {labels['measured']} | {labels['value']} |\n|---|---:|"
    return Markdown("\n".join([f"**{VERDICTS[lang][tested.verdict]}**", "", head, *rows]))


@lru_cache(maxsize=4)
def _answer(question: str) -> Explanation:
    return explained(question, {})


def _table(question: str, name: str) -> Table:
    return next(part for part in _answer(question).parts if isinstance(part, Table) and part.name == name)


def adamw() -> Tested:
    """Two weights, gradients a hundred times apart, the same decay."""
    (_, l2_small, l2_large), (_, w_small, w_large) = _table("optimizers", "decay").rows
    same = abs(l2_small - w_small) < 0.01 and abs(l2_large - w_large) < 0.01
    return Tested(
        "true" if same else "false",
        {"l2_small": l2_small, "l2_large": l2_large, "w_small": w_small, "w_large": w_large},
    )


def bias() -> Tested:
    """A straight line on a sine: the terms are known."""
    row = dict(zip(_table("bias_variance", "terms").columns, _table("bias_variance", "terms").rows[0], strict=True))
    said = next(part for part in _answer("bias_variance").parts if getattr(part, "name", "") == "plain_bias")
    plain = said.numbers["bias"] + row["variance"] + row["noise"]
    wrong = abs(plain - row["error_measured"]) > 5 * abs(row["sum"] - row["error_measured"])
    return Tested(
        "false" if wrong else "true", {"plain_sum": plain, "square_sum": row["sum"], "error": row["error_measured"]}
    )


def dead() -> Tested:
    """A healthy start."""
    said = next(part for part in _answer("relu").parts if getattr(part, "name", "") == "healthy")
    return Tested(
        "false" if said.numbers["zeros"] > 0.3 and said.numbers["dead"] == 0 else "true",
        {"zeros": said.numbers["zeros"], "dead": said.numbers["dead"]},
    )


def modes() -> Tested:
    """Batch norm on one batch, in both modes."""
    steps = {
        part.latex.split(" =")[0]: np.array(part.value) for part in _answer("batchnorm").parts if isinstance(part, Step)
    }
    apart = float(np.abs(steps["a_{train}"] - steps["a_{eval}"]).max())
    return Tested("false" if apart > 1e-6 else "true", {"apart": apart})


def slope() -> Tested:
    """The sigmoid's derivative."""
    at = activations["sigmoid"].derivative(np.array([0.0, 2.0, 5.0]))
    return Tested(
        "false" if at[0] == at.max() else "true",
        dict(zip(("at_zero", "at_two", "at_five"), map(float, at), strict=True)),
    )


def ranges() -> Tested:
    """The ends of both."""
    ends = np.array([-3.0, 3.0])
    low, high = activations["sigmoid"].value(ends)
    tanh_low, tanh_high = activations["tanh"].value(ends)
    numbers = {"sigmoid_low": low, "sigmoid_high": high, "tanh_low": tanh_low, "tanh_high": tanh_high}
    return Tested("false" if low >= 0 else "true", {name: float(value) for name, value in numbers.items()})


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
    return Tested("true" if low <= 0 else "false", numbers)


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

    def agreement(scores: torch.Tensor) -> float:
        votes = scores.argmax(-1)
        return float(np.mean([(votes[i] == votes[j]).float().mean() for i in range(10) for j in range(i)]))

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
    alike = abs(agreement(thinned) - agreement(bagged)) < 0.01
    return Tested(
        "true" if near and alike else "partly" if near else "false",
        {
            "agree_thinned": agreement(thinned),
            "agree_bagged": agreement(bagged),
            "scaled": error(scaled),
            "averaged": error(thinned.mean(0)),
            "bagged": error(bagged.mean(0)),
        },
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
