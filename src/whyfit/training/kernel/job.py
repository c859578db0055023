"""What compiled code is handed: the data that all members share, and the numbers that one member is trained by."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from whyfit.evidence.types import AnyArray, FloatArray, IntArray


class Rows(NamedTuple):
    """The data as one member sees it; nothing of it is copied.

    Attributes
    ----------
    values
        (rows, features) float32, shared by all members.
    shift, scale
        (features,) float32, fitted on the member's training rows.
    codes
        (rows,) int64 classes; empty for regression.
    targets
        (rows, outputs) float64; empty for classification.
    target_shift, target_scale
        (outputs,) float64; regression is trained on (target − shift)/scale.
    class_weights
        (classes,) the weight of a row by its class; ones unless asked for.
    """

    values: FloatArray
    shift: FloatArray
    scale: FloatArray
    codes: IntArray
    targets: FloatArray
    target_shift: FloatArray
    target_scale: FloatArray
    class_weights: FloatArray


class Numbers(NamedTuple):
    """The numbers of a recipe; integers are int64 and floats float64, always, so that one compilation serves all.

    Attributes
    ----------
    seed
        Of the member's streams.
    epochs, batch, patience
        Rows a step; `patience` is −1 for none.
    loss, optimizer, schedule
        Codes.
    warmup
        Steps over which the rate rises.
    rate
        Learning rate before the schedule.
    smoothing
        Label smoothing.
    """

    seed: np.uint64
    epochs: int
    batch: int
    patience: int
    loss: int
    optimizer: int
    schedule: int
    warmup: int
    rate: float
    smoothing: float


class Vectors(NamedTuple):
    """The flat vectors of one member, float32 in production and float64 in the tests' twin.

    Attributes
    ----------
    parameters, best, gradients
        (parameters,) as laid out in `Layout`; `best` are the kept ones.
    state
        (slots, parameters) of the optimiser.
    work
        (workspace,) values and deltas of one batch.
    wanted, losses
        (outputs · rows,) target shares or scaled targets with one column a row; (rows,) losses.
    settings
        The optimiser's settings, float64.
    """

    parameters: AnyArray
    best: AnyArray
    gradients: AnyArray
    state: AnyArray
    work: AnyArray
    wanted: AnyArray
    losses: AnyArray
    settings: FloatArray


class Written(NamedTuple):
    """What a call writes.

    Attributes
    ----------
    curves
        (epochs, 4) float64: train loss, train error, stop loss, stop error.
    final
        (7,) float64 in the order of `Final`.
    predictions
        (score rows, outputs) of the vectors' type; no rows where they are not collected.
    facts
        (8,) int64; see the names below.
    """

    curves: FloatArray
    final: FloatArray
    predictions: AnyArray
    facts: IntArray


STATUS, WHAT, EPOCH, STEP, LAYER, BEST_EPOCH, STEPS, SOURCE = range(8)
"""Places in `Written.facts`. `EPOCH` is the last one; `SOURCE` the digest of the sources of the machine code."""

DONE, DIVERGED, CANCELLED = range(3)
"""Values of `STATUS`."""

NOT_FINITE_LOSS, NOT_FINITE_GRADIENT, NOT_FINITE_WEIGHT, NOT_FINITE_VALUE = range(1, 5)
"""Values of `WHAT`."""
