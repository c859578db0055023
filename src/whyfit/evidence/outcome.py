"""The outcome: what one trained member leaves behind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from whyfit.evidence.types import AnyArray, FloatArray, IntArray, frozen_array
from whyfit.evidence.vitals import NOT_MEASURED, Vitals

Status: TypeAlias = Literal["done", "diverged", "failed", "cancelled"]


@dataclass(frozen=True, eq=False)
class Curves:
    """Losses and errors, one number an epoch, epoch 1 first.

    The loss is the recipe's, without penalties. The error is the 0-1 error for classification, and the squared error in
    the target's own units for regression.

    Attributes
    ----------
    train_loss, train_error
        Running means over the batches of the epoch, in training mode, as they passed: of augmented rows where the
        recipe augments, and against mixed targets where it mixes them; `Final` has the plain rows.
    stop_loss, stop_error
        On the stop rows after the epoch, in evaluation mode; NaN where there are none.
    """

    train_loss: FloatArray
    train_error: FloatArray
    stop_loss: FloatArray
    stop_error: FloatArray

    def __post_init__(self) -> None:
        """Freeze the four curves."""
        for name in ("train_loss", "train_error", "stop_loss", "stop_error"):
            object.__setattr__(self, name, frozen_array(getattr(self, name), np.float64))

    def __repr__(self) -> str:
        return f"Curves(epochs={self.train_loss.size})"


@dataclass(frozen=True, slots=True)
class Final:
    """The kept network in evaluation mode, on each part: mean loss, mean error, and the loss before the first step.

    Attributes
    ----------
    train_loss, train_error, stop_loss, stop_error, score_loss, score_error
        As in `Curves`, full passes with the kept weights; never of augmented rows.
    first_loss
        On the training rows, in evaluation mode, before the first step.
    """

    train_loss: float = NOT_MEASURED
    train_error: float = NOT_MEASURED
    stop_loss: float = NOT_MEASURED
    stop_error: float = NOT_MEASURED
    score_loss: float = NOT_MEASURED
    score_error: float = NOT_MEASURED
    first_loss: float = NOT_MEASURED


@dataclass(frozen=True, eq=False, kw_only=True)
class Outcome:
    """What one trained member leaves behind.

    Attributes
    ----------
    key
        The member's key.
    status
        `done`; `diverged`: a loss, gradient or weight was not finite; `failed`: the network raised;
        `cancelled`: stopped from outside, nothing of it is used.
    reason
        A code and its facts for every status but `done`, such as `not_finite:loss:epoch=3`.
    curves, final
        See there. A diverged member keeps the curves up to the bad epoch.
    best_epoch, stopped_epoch
        1-based epoch whose weights were kept, and last epoch trained; 0 when there was none.
    predictions
        (score rows, outputs) raw outputs of the kept network in evaluation mode: logits in float32, or values in the
        target's own units in float64 (an offset far above the spread would drown in float32). None when not collected.
    rows
        The rows of `predictions`.
    vitals
        In order of time.
    engine, why_engine
        What trained it, and the code of the reason for that choice.
    platform
        The platform key under which its bits hold.
    steps, seconds
        Optimiser steps taken; wall time.
    schema
        Version of what an outcome means; part of the key.
    weights
        The kept weights as safetensors, where asked for.
    """

    key: str
    status: Status
    reason: str | None = None
    curves: Curves
    final: Final = Final()
    best_epoch: int = 0
    stopped_epoch: int = 0
    predictions: AnyArray | None = None
    rows: IntArray
    vitals: tuple[Vitals, ...] = ()
    engine: str
    why_engine: str
    platform: str
    steps: int = 0
    seconds: float = 0.0
    schema: int
    weights: bytes | None = None

    def __repr__(self) -> str:
        why = f", reason={self.reason!r}" if self.reason else ""
        return f"Outcome({self.key[:8]}, {self.status}{why}, best_epoch={self.best_epoch}, engine={self.engine!r})"


OUTCOME_SCHEMA = 2
"""Raised whenever the same member would give another outcome: engines, streams or preprocessing changed."""
