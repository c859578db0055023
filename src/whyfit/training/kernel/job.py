"""What compiled code is handed: the data that all members share, and what one member is trained by."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from whyfit.evidence.types import AnyArray, BoolArray, FloatArray, IntArray


class Changes(NamedTuple):
    """What changes the rows of a training batch, see `whyfit.training.kernel.augment`; empty and 0 where nothing does.

    Attributes
    ----------
    apply
        Address, see `whyfit.training.kernel.parts`; 0 for none.
    drawn, normal
        Numbers drawn for one row, and whether they are normal.
    mixes
        Whether rows are mixed, and targets with them.
    height, width, channels
        Of an image.
    strength
        As in the recipe.
    columns, spread, partner, share
        See `whyfit.rules.augmentations.Seen`.
    draws
        (rows · drawn,) float64, the numbers of one step; scratch.
    weights
        (rows,) float64 of mixed rows; scratch.
    """

    apply: int
    drawn: int
    normal: int
    mixes: int
    height: int
    width: int
    channels: int
    strength: float
    columns: IntArray
    spread: AnyArray
    partner: IntArray
    share: FloatArray
    draws: FloatArray
    weights: FloatArray


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
        (classes,) float64, the weight of a row by its class; ones unless asked for.
    weights
        (rows,) float64 with mean 1, the weight of each row by itself; empty where all count alike.
    labels
        1 where each target column is a yes or a no, 0 otherwise.
    changes
        What augmentation does to training batches.
    tables
        (embedded columns, 3) int64, see `Layout.tables`; the last features are places in them.
    """

    values: FloatArray
    shift: FloatArray
    scale: FloatArray
    codes: IntArray
    targets: FloatArray
    target_shift: FloatArray
    target_scale: FloatArray
    class_weights: FloatArray
    weights: FloatArray
    labels: int
    changes: Changes
    tables: IntArray


class Numbers(NamedTuple):
    """The numbers of a recipe; integers are int64 and floats float64, always, so that one compilation serves all.

    Attributes
    ----------
    seed
        Of the member's streams.
    epochs, batch, patience
        `batch` is rows a step; `patience` is −1 for none.
    loss, rule, others
        Addresses, see `whyfit.training.kernel.parts`; `others` is the rule for what a rule for matrices leaves, 0 where
        one rule does all.
    known
        Settings of `rule`; those of `others` stand after them.
    schedule
        Code.
    warmup
        Steps over which the rate rises.
    decay_biases
        Whether penalties and decay touch all parameters (1) or the weights of dense layers alone (0).
    rate
        Learning rate before the schedule.
    smoothing, dropout
        Label smoothing; probability that a unit is dropped.
    l1, l2, decay
        Penalties, and decoupled decay.
    clip_norm, clip_value
        Infinite for none.
    flat
        A tenth of the activation's largest derivative: a unit is saturated below.
    """

    seed: np.uint64
    epochs: int
    batch: int
    patience: int
    loss: int
    rule: int
    others: int
    known: int
    schedule: int
    warmup: int
    decay_biases: int
    rate: float
    smoothing: float
    dropout: float
    l1: float
    l2: float
    decay: float
    clip_norm: float
    clip_value: float
    flat: float


class Vectors(NamedTuple):
    """The flat vectors of one member, float32 in production and float64 in the tests' twin.

    Attributes
    ----------
    parameters, moving
        As laid out in `Layout`; at the end, those of the kept epoch. `moving` are the norms' running statistics.
    best, best_moving
        Of the best epoch so far.
    before
        The parameters before the last step of a sampled epoch; empty where nothing is measured.
    gradients
        Of the parameters.
    state
        (slots, parameters) of the optimiser; in pieces where there are two rules, see `whyfit.training.kernel.update`.
    work
        Values and deltas of one batch.
    masks
        What dropout kept.
    wanted, losses
        (outputs · rows,) target shares or scaled targets with one column a row; (rows,) losses.
    settings
        The optimiser's settings, float64; then those of the rule for the others.
    """

    parameters: AnyArray
    moving: AnyArray
    best: AnyArray
    best_moving: AnyArray
    before: AnyArray
    gradients: AnyArray
    state: AnyArray
    work: AnyArray
    masks: BoolArray
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
    sampled
        The epochs at which vitals are taken, rising.
    vitals
        (sampled, layers, numbers) float64, the numbers in the order of `LAYER_NUMBERS`.
    vital_steps
        (sampled,) int64: steps taken until then; −1 where it did not come to it.
    sums
        (layers, SUMS) float64, see `whyfit.training.kernel.activity`: scratch of one sampled epoch.
    alive
        (layers, widest) whether a unit gave something else than zero: scratch likewise.
    order
        (training rows,) int64: the rows of one epoch in their order; scratch.
    facts
        (8,) int64; see the names below.
    """

    curves: FloatArray
    final: FloatArray
    predictions: AnyArray
    sampled: IntArray
    vitals: FloatArray
    vital_steps: IntArray
    sums: FloatArray
    alive: BoolArray
    order: IntArray
    facts: IntArray


STATUS, WHAT, EPOCH, STEP, LAYER, BEST_EPOCH, STEPS, SOURCE = range(8)
"""Places in `Written.facts`. `EPOCH` is the last one; `SOURCE` the digest of the sources of the machine code."""

DONE, DIVERGED, CANCELLED = range(3)
"""Values of `STATUS`."""

NOT_FINITE_LOSS, NOT_FINITE_GRADIENT, NOT_FINITE_WEIGHT, NOT_FINITE_VALUE = range(1, 5)
"""Values of `WHAT`."""

EVALUATE: Any
TRAIN: Any
MEASURE: Any
EVALUATE, TRAIN, MEASURE = np.int64(0), np.int64(1), np.int64(2)
"""Modes of a pass; not Python's integers, as Numba would compile every function once for each. To measure, norms go
by the batch and leave their running statistics alone, and nothing is dropped."""
