"""One optimiser step of one network, held to what all engines hold to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from math import isfinite
from typing import Self

import numpy as np
import torch
from torch import Tensor
from torch.optim import Optimizer

from whyfit.evidence.recipe import Recipe
from whyfit.nets.embedding import ids_of_tables
from whyfit.nets.network import Network
from whyfit.training.schedule import SCHEDULES, rate_factor, warmup_steps
from whyfit.training.torch_parts.decay import Decay
from whyfit.training.torch_parts.finite import DivergedError, all_finite, first_in_pass, first_not_finite
from whyfit.training.torch_parts.lone_row import LoneRow
from whyfit.training.torch_parts.losses import Loss
from whyfit.training.torch_parts.mixed import Mixed
from whyfit.training.torch_parts.optimizers import Both, optimizer_of
from whyfit.training.torch_parts.randomness import Draws, KeyedDropout


@dataclass(frozen=True, eq=False)
class Stepper:
    """Takes the steps of one member.

    Attributes
    ----------
    network, loss, decay, optimizer
        See there.
    recipe
        Gives rate and schedule.
    steps
        All that the recipe allows.
    draws
        What the network draws in training.
    """

    network: Network
    loss: Loss
    decay: Decay
    optimizer: Optimizer | Both
    recipe: Recipe
    steps: int
    draws: Draws

    @classmethod
    def of(cls, network: Network, recipe: Recipe, loss: Loss, steps: int, draws: Draws) -> Self:
        """A stepper whose optimiser has not moved yet."""
        decay = Decay.of(recipe, network.module)
        return cls(
            network, loss, decay, optimizer_of(recipe, decay.all, ids_of_tables(network.module)), recipe, steps, draws
        )

    def take(
        self,
        rows: Tensor,
        targets: Tensor,
        t: int,
        key: np.uint64,
        mixed: Mixed | None = None,
        own: Tensor | None = None,
    ) -> tuple[Tensor, float, float]:
        """Step t, counted from 1 over all epochs; `mixed` says which rows were mixed, where augmentation does that, and
        `own` are the rows' own weights.

        Returns
        -------
        tuple
            Outputs (rows, outputs), detached; the sum of the loss; what to divide it by.

        Raises
        ------
        DivergedError
            Loss, gradient or weight is not finite.
        """
        with self._modes(rows, key) as mode:
            outputs = self.network(rows)
            if mode is not None:
                mode.closed = True
            loss, divisor, weight = self.loss.mean(outputs, targets, mixed, own)
            value = loss.item()
            if not isfinite(value):
                raise self._why(rows)
            for parameter in self.decay.all:
                parameter.grad = None
            torch.autograd.backward(loss)
        self._update(t)
        return outputs.detach(), value * float(divisor), float(weight)

    def hold_weights(self, *, earlier: bool = False) -> None:
        """Raise where a weight is not finite: by its gradient where that was not, by the rule otherwise.

        Asked after a loss that is not finite, and at the end of each epoch for what no loss shows: after an ordinary
        step a weight that is not finite gives a loss that is not, and asking each time costs a tenth of a small step.
        """
        if not all_finite([p.detach() for p in self.decay.all]):
            self._hold_gradients(earlier=earlier)
            raise DivergedError("weight", _layer(self.network.module.named_parameters()), earlier=earlier)

    @contextmanager
    def _modes(self, rows: Tensor, key: np.uint64) -> Iterator[KeyedDropout | None]:
        if rows.shape[0] > 1 and not self.draws.any:
            yield None
            return
        with self.draws.keyed(key) as mode, LoneRow() if rows.shape[0] == 1 else nullcontext():
            yield mode

    def _why(self, rows: Tensor) -> DivergedError:
        """Why a loss is not finite: the step before, a layer's values, or the loss itself."""
        try:
            self.hold_weights(earlier=True)
        except DivergedError as error:
            return error
        layer = first_in_pass(self.network, rows)
        return DivergedError("loss") if layer is None else DivergedError("activation", layer)

    def _update(self, t: int) -> None:
        if self.decay.hides_infinity:
            self._hold_gradients(earlier=False)
        self.decay.penalise()
        self.decay.clip()
        rate = self._rate(t)
        self.decay.shrink(rate)
        self.optimizer.step()

    def _hold_gradients(self, *, earlier: bool) -> None:
        named = [(name, p.grad) for name, p in self.network.module.named_parameters() if p.grad is not None]
        if not all_finite([gradient for _, gradient in named]):
            raise DivergedError("gradient", _layer(named), earlier=earlier)

    def _rate(self, t: int) -> float:
        recipe = self.recipe
        if recipe.schedule == "constant" and not recipe.warmup:
            return recipe.learning_rate
        warmup = warmup_steps(recipe.warmup, self.steps)
        rate = recipe.learning_rate * rate_factor.py_func(SCHEDULES[recipe.schedule], warmup, self.steps, t)
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        return float(rate)


def _layer(named: Iterable[tuple[str, Tensor]]) -> str:
    """The layer of the first tensor that is not finite: the name of its weights without their own last part."""
    name = first_not_finite(named) or ""
    return name.rpartition(".")[0] or name


def rows_a_step(recipe: Recipe, rows: int) -> int:
    """Rows of a full batch."""
    return rows if recipe.batch_size is None else min(recipe.batch_size, rows)


def steps_an_epoch(recipe: Recipe, rows: int) -> int:
    """Steps of one epoch; the last batch may be short."""
    return -(-rows // rows_a_step(recipe, rows))
