"""Probe: train a private copy on one batch.

Tells a network, a loss and their gradients that can learn anything at all from ones that cannot (cut off, dead, a loss
that does not fit its output), and one that learns in training mode alone (batch norm, dropout) from one whose
evaluation mode follows. A few hundred steps of Adam. Blind to everything that needs other rows.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import torch
from torch import nn

from whyfit.probes.pair import Pair, first_tensor

RATES = (1e-3, 1e-2, 1e-4)
"""Of Adam, in this order: its default, and ten times as much and as little; one of them is enough."""
STEPS = 600
"""Of each rate. Chosen: batch norm's running statistics, which keep 0.9 of themselves a step, have long arrived."""
EVERY = 20
"""Steps between two evaluations."""
LEARNED = 0.1
"""A batch is learned when its loss is a tenth of what a constant answer gives. Chosen: far below what noise gives."""
FIRST_STEPS = 10
"""Steps within which every parameter must have had a gradient: a branch that starts at zero passes one on later."""

LossOf = Callable[[Any, Any], torch.Tensor]


@dataclass(frozen=True, slots=True)
class Overfitted:
    """What training on one batch showed.

    Attributes
    ----------
    first, chance
        Loss before the first step, and that of a constant answer (NaN where it is not known).
    last, evaluated
        Lowest loss reached in training mode, and in evaluation mode.
    rate, steps
        Of the try that came furthest.
    silent
        Parameters that had no gradient, or nothing but zeros, in all of the first steps.
    """

    first: float
    chance: float
    last: float
    evaluated: float
    rate: float
    steps: int
    silent: tuple[str, ...]

    @property
    def goal(self) -> float:
        """The loss at which the batch counts as learned."""
        return LEARNED * (self.first if math.isnan(self.chance) else self.chance)


def probe_overfit(pair: Pair, targets: Any, loss_of: LossOf, chance: float = math.nan) -> Overfitted:
    """Train at each rate until the batch is learned in both modes; the try that came furthest."""
    best: Overfitted | None = None
    for rate in RATES:
        tried = _try(Pair(copy.deepcopy(pair.network), pair.batch), targets, loss_of, chance, rate)
        if best is None or _distance(tried) < _distance(best):
            best = tried
        if max(tried.last, tried.evaluated) <= tried.goal:
            break
    assert best is not None
    return best


def _distance(tried: Overfitted) -> float:
    return min(tried.last, tried.evaluated)  # dropout keeps the one up, statistics that are never updated the other


def _try(pair: Pair, targets: Any, loss_of: LossOf, chance: float, rate: float) -> Overfitted:
    named = {name: p for name, p in pair.network.named_parameters() if p.requires_grad}
    rule = torch.optim.Adam(named.values(), lr=rate)
    silent, losses, first = set(named), [math.inf], math.nan
    evaluated, step = math.inf, 0
    for step, loss in enumerate(_steps(pair, targets, loss_of, rule)):
        first = loss if step == 0 else first
        losses.append(loss)
        if step < FIRST_STEPS:
            silent = {name for name in silent if not _has_gradient(named[name])}
        if not math.isfinite(loss):
            break
        if (step + 1) % EVERY == 0:
            evaluated = min(evaluated, _evaluate(pair, targets, loss_of))
            reached = Overfitted(first, chance, min(losses), evaluated, rate, step + 1, ())
            if max(reached.last, evaluated) <= reached.goal:
                break
    return Overfitted(first, chance, min(losses), evaluated, rate, step + 1, tuple(sorted(silent)))


def _steps(pair: Pair, targets: Any, loss_of: LossOf, rule: torch.optim.Optimizer) -> Iterator[float]:
    """The loss of each step; its gradients stand until the next is asked for."""
    for _ in range(STEPS):
        pair.network.train()
        rule.zero_grad(set_to_none=True)
        with torch.enable_grad():
            loss = loss_of(pair.network(*pair.batch), targets)
            if loss.requires_grad:
                loss.backward()  # type: ignore[no-untyped-call]
        yield float(loss.detach())
        rule.step()


def _has_gradient(parameter: nn.Parameter) -> bool:
    return parameter.grad is not None and bool((parameter.grad != 0).any())


def _evaluate(pair: Pair, targets: Any, loss_of: LossOf) -> float:
    pair.network.eval()
    with torch.no_grad():
        return float(loss_of(pair.network(*pair.batch), targets))


def output_of(pair: Pair) -> torch.Tensor | None:
    """What the network answers in evaluation mode, without gradients."""
    pair.network.eval()
    with torch.no_grad():
        return first_tensor(pair.network(*pair.batch))
