"""Simple learners, and how well answers are right: what `reach` compares a network with."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

import torch
from torch import nn
from torch.nn import functional

MOST_FEATURES, MOST_LEVELS = 512, 1000
"""Of a row; more entries are thinned evenly. Whole numbers up to so many are counted by level."""
FAR = 5.0
"""Standard deviations beyond which a feature is cut."""
PENALTY = 1e-2
"""Of a ridge regression on standardised features, a row. Chosen."""
STEPS, RATE, DECAY = 300, 1e-2, 1e-3
"""Of the perceptron: whole batches by AdamW. Chosen."""

Kind: TypeAlias = Literal["classes", "labels", "numbers"]


@dataclass(frozen=True, slots=True)
class Answers:
    """What is to be answered, row by row.

    Attributes
    ----------
    kind
        One of several classes, a yes or no in each column, or numbers.
    values
        (rows,) classes, or (rows, columns) floats.
    border
        From which output on a yes is meant; NaN where that is not known.
    """

    kind: Kind
    values: torch.Tensor
    border: float

    @classmethod
    def of(cls, values: torch.Tensor, loss: str) -> Answers:
        """From a target and the name of the loss."""
        if values.dtype.is_floating_point or loss in ("mse", "l1", "huber", "bce", "bce_logits"):
            wide = values.float().reshape(len(values), -1)
            yes = bool(((wide == 0) | (wide == 1)).all()) and loss in ("bce", "bce_logits", "own")
            border = {"bce": 0.5, "bce_logits": 0.0}.get(loss, math.nan)
            return cls("labels" if yes else "numbers", wide, border)
        return cls("classes", values.reshape(len(values), -1).squeeze(1), math.nan)

    def of_rows(self, rows: Sequence[int]) -> Answers:
        """Of some rows."""
        return replace(self, values=self.values[list(rows)])

    def fits(self, output: torch.Tensor) -> bool:
        """Whether an output can be held against it."""
        if self.kind == "classes":
            large = self.values.ndim == 1 and output.ndim == 2 and int(self.values.max()) < output.shape[1]
            return large and output.shape[1] > 1 and int(self.values.min()) >= 0
        return output.numel() == self.values.numel() and bool(torch.isfinite(self.values).all())


def skill(asked: Answers, output: torch.Tensor) -> float:
    """From 0, a constant answer, to 1, everything right; less than 0 is worse than a constant.

    For classes and labels (a − b)/(1 − b) with the share a of right answers and that of the commonest answer b, for
    numbers 1 − Σ(y − f)²/Σ(y − ȳ)².

    Examples
    --------
    >>> asked = Answers.of(torch.tensor([[1.0], [2.0], [3.0]]), "mse")
    >>> skill(asked, torch.tensor([1.0, 2.0, 3.0])), skill(asked, torch.tensor([2.0, 2.0, 2.0]))
    (1.0, 0.0)
    """
    if not bool(torch.isfinite(output).all()):
        return -math.inf
    if asked.kind == "classes":
        right = float((output.argmax(1) == asked.values).float().mean())
        return _above(right, float(torch.bincount(asked.values).max()) / len(asked.values))
    output = output.reshape(asked.values.shape)
    if asked.kind == "labels":
        borders = (asked.border,) if math.isfinite(asked.border) else (0.0, 0.5)
        right = max(float(((output > border) == (asked.values > 0.5)).float().mean()) for border in borders)
        share = asked.values.mean(0)
        return _above(right, float(torch.maximum(share, 1 - share).mean()))
    spread = float(((asked.values - asked.values.mean(0)) ** 2).sum())
    return 1 - float(((asked.values - output) ** 2).sum()) / spread if spread > 0 else 0.0


def _above(right: float, base: float) -> float:
    return (right - base) / (1 - base) if base < 1 else 0.0


def features(given: Sequence[torch.Tensor], *, of: Sequence[torch.Tensor] | None = None) -> torch.Tensor | None:
    """(rows, features), standardised by `of` or by themselves: numbers as they are, whole numbers counted by level."""
    own, other = [_wide(one, two) for one, two in zip(given, of or given, strict=True)], None
    base = own if of is None else [_wide(two, two) for two in of]
    if not own or any(one is None for one in own):
        return None
    x, other = torch.cat(own, 1), torch.cat(base, 1)  # type: ignore[arg-type]
    x, other = _thin(x), _thin(other)
    mean, deviation = other.mean(0), other.std(0)
    varies = torch.isfinite(deviation) & (deviation > 1e-6 * (mean.abs() + 1e-12))
    if not bool(varies.any()):
        return None
    scaled = (x[:, varies] - mean[varies]) / deviation[varies]
    return torch.nan_to_num(scaled).clamp(-FAR, FAR)


def _wide(one: torch.Tensor, like: torch.Tensor) -> torch.Tensor | None:
    if one.dtype.is_floating_point:
        return one.reshape(len(one), -1).double()
    flat, levels = one.reshape(len(one), -1).long(), int(like.max()) + 1
    if int(flat.min()) < 0 or levels > MOST_LEVELS:
        return None
    counts = torch.zeros(len(flat), levels, dtype=torch.double)
    return counts.scatter_add(1, flat.clamp(max=levels - 1), torch.ones_like(flat, dtype=torch.double))


def _thin(x: torch.Tensor) -> torch.Tensor:
    return x[:, :: math.ceil(x.shape[1] / MOST_FEATURES)] if x.shape[1] > MOST_FEATURES else x


def learn(x: torch.Tensor, asked: Answers, new: torch.Tensor, *, hidden: int) -> torch.Tensor:
    """Answers for new rows by a ridge regression, or by a perceptron with one layer of hidden units.

    Its outputs mean what `Answers` takes them for: yes from the border on, numbers in their own unit.
    """
    wanted = functional.one_hot(asked.values, int(asked.values.max()) + 1) if asked.kind == "classes" else asked.values
    y = wanted.double()
    mean, deviation = y.mean(0), y.std(0).clamp_min(1e-12)
    z = (y - mean) / deviation
    guess = (_perceptron(x, z, new, hidden) if hidden else _ridge(x, z, new)) * deviation + mean
    if asked.kind == "labels":
        guess = guess - 0.5 + (asked.border if math.isfinite(asked.border) else 0.5)
    return guess.float()


def _ridge(x: torch.Tensor, z: torch.Tensor, new: torch.Tensor) -> torch.Tensor:
    x, new = x.double(), new.double()
    gram = x.T @ x + PENALTY * len(x) * torch.eye(x.shape[1], dtype=torch.double)
    answer: torch.Tensor = new @ torch.linalg.solve(gram, x.T @ z)
    return answer


def _perceptron(x: torch.Tensor, z: torch.Tensor, new: torch.Tensor, hidden: int) -> torch.Tensor:
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(x.shape[1], hidden), nn.Tanh(), nn.Linear(hidden, z.shape[1]))
    rule = torch.optim.AdamW(model.parameters(), lr=RATE, weight_decay=DECAY)
    x, z = x.float(), z.float()
    with torch.enable_grad():
        for _ in range(STEPS):
            rule.zero_grad()
            functional.mse_loss(model(x), z).backward()  # type: ignore[no-untyped-call]
            rule.step()
    with torch.no_grad():
        answer: torch.Tensor = model(new.float()).double()
    return answer
