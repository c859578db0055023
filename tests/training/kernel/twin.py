"""The slow, obvious twin of the kernel: autograd and `torch.optim`, one member at a time, in any precision.

It shares the streams, the initialisers and the scaling with the kernel, which are tested elsewhere, and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from whyfit.data.encode import features_of, fit_scaling, fit_target_scaling, places_of
from whyfit.evidence.dataset import Dataset
from whyfit.evidence.member import Member
from whyfit.rules.initializers import Draw, initialize
from whyfit.training.embedding_start import first_tables
from whyfit.training.schedule import SCHEDULES, rate_factor, warmup_steps
from whyfit.training.streams import Stream, kept, normal, permutation, stream_key, uniform

ACTIVATIONS: dict[str, Callable[[Tensor], Tensor]] = {
    "identity": lambda z: z,
    "relu": functional.relu,
    "leaky_relu": functional.leaky_relu,
    "elu": functional.elu,
    "selu": functional.selu,
    "gelu": functional.gelu,
    "silu": functional.silu,
    "mish": functional.mish,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "softplus": functional.softplus,
    "hardswish": functional.hardswish,
    "hardsigmoid": lambda z: (z + 3).clamp(0, 6) / 6,  # torch's own takes its sixth in float32, in float64 too
    "gelu_tanh": lambda z: functional.gelu(z, approximate="tanh"),
    "maxout": lambda z: z.reshape(z.shape[0], -1, 2).max(dim=-1).values,
}

OPTIMIZERS: dict[str, Callable[..., torch.optim.Optimizer]] = {
    "sgd": torch.optim.SGD,
    "momentum": lambda p, lr: torch.optim.SGD(p, lr=lr, momentum=0.9),
    "nesterov": lambda p, lr: torch.optim.SGD(p, lr=lr, momentum=0.9, nesterov=True),
    "adagrad": torch.optim.Adagrad,
    "adadelta": torch.optim.Adadelta,
    "rmsprop": torch.optim.RMSprop,
    "adam": torch.optim.Adam,
    "adamw": lambda p, lr: torch.optim.AdamW(p, lr=lr, weight_decay=0.0),
    "nadam": torch.optim.NAdam,
    "radam": torch.optim.RAdam,
    "adamax": torch.optim.Adamax,
    "adam_l2": torch.optim.Adam,
    "amsgrad": lambda p, lr: torch.optim.Adam(p, lr=lr, amsgrad=True),
    "asgd": torch.optim.ASGD,
    "rprop": torch.optim.Rprop,
}


@dataclass
class Twin:
    """A perceptron in torch with the semantics of `whyfit.training.kernel`."""

    member: Member
    data: Dataset
    dtype: torch.dtype = torch.float64
    weights: list[Tensor] = field(default_factory=list)
    biases: list[Tensor] = field(default_factory=list)
    norms: list[torch.nn.BatchNorm1d] = field(default_factory=list)
    slopes: list[Tensor] = field(default_factory=list)
    tables: list[Tensor] = field(default_factory=list)

    def __post_init__(self) -> None:
        recipe = self.member.recipe
        self.features = features_of(self.data) if recipe.network.embedding == "none" else places_of(self.data)
        tables = first_tables(recipe, self.data, self.member.split.train, self.member.seed)
        self.tables = [torch.tensor(table, dtype=self.dtype, requires_grad=True) for table in tables]
        wide = self.features.plain + sum(table.shape[1] for table in tables)
        widths = [wide, *recipe.network.hidden, self.data.outputs]
        pieces = 2 if recipe.activation == "maxout" else 1
        for layer in range(len(widths) - 1):
            last = layer == len(widths) - 2
            units = widths[layer + 1] * (1 if last else pieces)
            key = stream_key(self.member.seed, Stream.INIT, 0, layer)
            draw = Draw(lambda n, k=key: uniform(k, n), lambda n, k=key: normal(k, n))
            follows = "identity" if last else recipe.activation
            start = initialize(recipe.initializer, (units, widths[layer]), follows, draw)
            self.weights.append(torch.tensor(start, dtype=self.dtype, requires_grad=True))
            learned = last or recipe.batch_norm != "before"
            self.biases.append(torch.zeros(units, dtype=self.dtype, requires_grad=learned))
            if recipe.batch_norm != "none" and not last:
                size = units if recipe.batch_norm == "before" else widths[layer + 1]
                self.norms.append(torch.nn.BatchNorm1d(size, dtype=self.dtype))
            if recipe.activation == "prelu" and not last:
                self.slopes.append(torch.full((1,), 0.25, dtype=self.dtype, requires_grad=True))
        scaling = fit_scaling(self.features, self.member.split.train)
        wide = self.features.values.astype(np.float64)
        scaled = (wide - scaling.shift.astype(np.float64)) * scaling.scale.astype(np.float64)
        self.inputs = torch.tensor(np.nan_to_num(scaled, nan=0.0), dtype=self.dtype)
        self.targets = self._targets()

    def _targets(self) -> Tensor:
        recipe, target = self.member.recipe, self.data.target
        if self.data.task == "multilabel":
            return torch.tensor(np.array(target), dtype=self.dtype)
        if self.data.task == "classification":
            shares = np.eye(self.data.outputs)[target]
            shares = shares * (1 - recipe.label_smoothing) + recipe.label_smoothing / self.data.outputs
            return torch.tensor(shares, dtype=self.dtype)
        units = fit_target_scaling(self.data, self.member.split.train)
        return torch.tensor((target - units.shift) / units.scale, dtype=self.dtype)

    @property
    def parameters(self) -> list[Tensor]:
        biases = [bias for bias in self.biases if bias.requires_grad]
        norms = [p for norm in self.norms for p in norm.parameters()]
        return [*self.tables, *self.weights, *biases, *norms, *self.slopes]

    def forward(self, rows: np.ndarray, key: Any = None, *, training: bool = False) -> Tensor:
        recipe, a = self.member.recipe, self.inputs[torch.tensor(rows)]
        if self.tables:
            chosen = [functional.embedding(a[:, i - len(self.tables)].long(), t) for i, t in enumerate(self.tables)]
            a = torch.cat([a[:, : self.features.plain], *chosen], dim=1)
        for layer, (w, b) in enumerate(zip(self.weights, self.biases, strict=True)):
            z = a @ w.T + b
            if layer == len(self.weights) - 1:
                return z
            if recipe.batch_norm == "before":
                z = self._norm(layer, z, training=training)
            slope = self.slopes[layer] if self.slopes else None
            a = ACTIVATIONS[recipe.activation](z) if slope is None else functional.prelu(z, slope)
            if recipe.batch_norm == "after":
                a = self._norm(layer, a, training=training)
            if training and recipe.dropout:
                mask = kept(key, layer, a.shape[0], a.shape[1], recipe.dropout)
                a = a * torch.tensor(mask) / (1 - recipe.dropout)
        raise AssertionError

    def _norm(self, layer: int, z: Tensor, *, training: bool) -> Tensor:
        self.norms[layer].train(training)
        return self.norms[layer](z)

    def losses(self, outputs: Tensor, rows: np.ndarray) -> tuple[Tensor, Tensor]:
        """Weighted losses and weights of these rows."""
        name, wanted = self.member.recipe.loss, self.targets[torch.tensor(rows)]
        each = {
            "cross_entropy": lambda: -(wanted * functional.log_softmax(outputs, dim=1)).sum(dim=1),
            "squared_error": lambda: ((outputs - wanted) ** 2).mean(dim=1),
            "absolute_error": lambda: (outputs - wanted).abs().mean(dim=1),
            "huber": lambda: functional.huber_loss(outputs, wanted, reduction="none").mean(dim=1),
            "binary_cross_entropy": lambda: functional.binary_cross_entropy_with_logits(
                outputs, wanted, reduction="none"
            ).mean(dim=1),
        }[name]()
        weights = self.class_weights(rows)
        if self.data.weights is not None:
            weights = weights * torch.tensor(self.data.weights[rows], dtype=self.dtype)
        return (each * weights).sum(), weights.sum()

    def class_weights(self, rows: np.ndarray) -> Tensor:
        """Of the classes of these rows; ones where they count alike."""
        if self.member.recipe.class_weights == "balanced":
            train = self.data.target[self.member.split.train]
            counts = np.bincount(train, minlength=self.data.outputs)
            balance = len(train) / (self.data.outputs * counts)
            return torch.tensor(balance[self.data.target[rows]], dtype=self.dtype)
        return torch.ones(len(rows), dtype=self.dtype)

    @torch.no_grad()
    def mean_loss(self, rows: np.ndarray) -> float:
        if not len(rows):
            return float("nan")
        total, weight = self.losses(self.forward(rows), rows)
        return float(total / weight)

    def gradient(self, rows: np.ndarray, key: Any = None) -> tuple[list[Tensor], float, float]:
        """Gradients in the order of `parameters`, the sum of losses, and what it is divided by."""
        total, weight = self.losses(self.forward(rows, key, training=True), rows)
        divisor = self.class_weights(rows).sum()
        return list(torch.autograd.grad(total / divisor, self.parameters)), float(total.detach()), float(weight)


@dataclass
class Trained:
    """What a twin leaves behind."""

    train_loss: list[float]
    stop_loss: list[float]
    best_epoch: int
    predictions: np.ndarray
    steps: int


def train_twin(twin: Twin, steps: int | None = None) -> Trained:
    """Train as the semantics say; stop after so many steps where asked."""
    member, recipe = twin.member, twin.member.recipe
    rows = member.split.train
    batch = min(recipe.batch_size or len(rows), len(rows))
    total = -(-len(rows) // batch) * recipe.epochs
    optimizer = OPTIMIZERS[recipe.optimizer](twin.parameters, lr=recipe.learning_rate)
    train_loss, stop_loss, best, t = [], [], (0, np.inf, None), 0
    for epoch in range(1, recipe.epochs + 1):
        order = rows[permutation(stream_key(member.seed, Stream.ORDER, epoch), len(rows))]
        sums = np.zeros(2)
        for step in range(-(-len(rows) // batch)):
            if steps is not None and t == steps:
                break
            t += 1
            key = stream_key(member.seed, Stream.DROPOUT, epoch, step)
            gradients, loss, weight = twin.gradient(order[step * batch : (step + 1) * batch], key)
            sums += loss, weight
            _update(twin, optimizer, gradients, total, t)
        train_loss.append(sums[0] / sums[1])
        stop_loss.append(twin.mean_loss(member.split.stop))
        choosing = recipe.patience is not None and len(member.split.stop)
        if not choosing or stop_loss[-1] < best[1]:
            best = (epoch, stop_loss[-1], _state(twin))
        elif epoch - best[0] >= recipe.patience:
            break
    _restore(twin, best[2])
    with torch.no_grad():
        outputs = twin.forward(member.split.score).numpy()
    return Trained(train_loss, stop_loss, best[0], outputs, t)


def _update(twin: Twin, optimizer: torch.optim.Optimizer, gradients: list[Tensor], total: int, t: int) -> None:
    recipe = twin.member.recipe
    due = twin.parameters if recipe.decay_biases else [*twin.tables, *twin.weights]
    rate = recipe.learning_rate * rate_factor(SCHEDULES[recipe.schedule], warmup_steps(recipe.warmup, total), total, t)
    for parameter, gradient in zip(twin.parameters, gradients, strict=True):
        parameter.grad = gradient
    with torch.no_grad():
        for parameter in due:
            parameter.grad += recipe.l1 * torch.sign(parameter) + (recipe.l2 or 0.0) * parameter
        if recipe.clip_value is not None:
            torch.nn.utils.clip_grad_value_(twin.parameters, recipe.clip_value)
        if recipe.clip_norm is not None:
            torch.nn.utils.clip_grad_norm_(twin.parameters, recipe.clip_norm)
        for parameter in due:
            parameter.mul_(1 - rate * (recipe.weight_decay or 0.0))
    optimizer.param_groups[0]["lr"] = rate
    optimizer.step()


def _state(twin: Twin) -> list[Tensor]:
    buffers = [b for norm in twin.norms for b in norm.buffers()]
    return [tensor.detach().clone() for tensor in (*twin.parameters, *buffers)]


@torch.no_grad()
def _restore(twin: Twin, state: list[Tensor]) -> None:
    buffers = [b for norm in twin.norms for b in norm.buffers()]
    for tensor, kept_tensor in zip((*twin.parameters, *buffers), state, strict=True):
        tensor.copy_(kept_tensor)
