"""From a member and its dataset to the arguments of the compiled kernel."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any

import numpy as np

from whyfit.data.encode import Scaling, TargetScaling, features_of, fit_scaling, fit_target_scaling, places_of
from whyfit.evidence.dataset import Dataset
from whyfit.evidence.member import Member
from whyfit.evidence.network import Perceptron
from whyfit.evidence.recipe import Recipe
from whyfit.evidence.types import AnyArray, FloatArray, IntArray, frozen_array
from whyfit.evidence.vitals import LAYER_NUMBERS
from whyfit.nets.network import image_of
from whyfit.rules.activations import activations
from whyfit.rules.initializers import Draw, initialize, initializers
from whyfit.rules.optimizers import Optimizer, optimizers
from whyfit.rules.optimizers.decay import decay_of
from whyfit.training.augmenting import augmentation_of, spread_of
from whyfit.training.embedding_start import features_for, first_tables, shapes_of_tables, width_of_inputs
from whyfit.training.kernel.activity import SUMS
from whyfit.training.kernel.assess import CHUNK
from whyfit.training.kernel.job import Changes, Numbers, Rows, Vectors, Written
from whyfit.training.kernel.layout import (
    AFTER,
    BEFORE,
    INPUTS,
    NONE,
    NORM,
    SCALE,
    SLOPE,
    TABLE,
    UNITS,
    VARIANCE,
    WEIGHT,
    WIDTH,
    Hidden,
    Layout,
    lay_out,
)
from whyfit.training.kernel.named import norm_units
from whyfit.training.kernel.parts import (
    activation_address,
    augmentation_address,
    both_address,
    derivative_address,
    loss_address,
    rule_address,
)
from whyfit.training.kernel.scaled_start import scaled_by_data
from whyfit.training.kernel.scratch import aligned, scratch
from whyfit.training.schedule import MEASURED_ROWS, SCHEDULES, sampled_epochs, warmup_steps
from whyfit.training.streams import Stream, normal, stream_key, uniform

FACTS, FINAL = 8, 7
"""Sizes of `Written.facts` and `Written.final`."""

NO_WEIGHTS = frozen_array(np.empty(0), np.float64)
NO_CODES, NO_TARGETS = frozen_array(np.empty(0), np.int64), frozen_array(np.empty((0, 0)), np.float64)


@dataclass(frozen=True, eq=False, slots=True)
class Packed:
    """One member, ready for the kernel: `args` are what the compiled entry takes."""

    layout: Layout
    numbers: Numbers
    data: Rows
    parts: tuple[Any, Any, Any]
    vectors: Vectors
    written: Written
    cancel: AnyArray

    @property
    def args(self) -> tuple[Any, ...]:
        """In the order of the compiled entry."""
        return self.layout.table, self.numbers, self.data, self.parts, self.vectors, self.written, self.cancel


def pack(member: Member, data: Dataset, cancel: AnyArray, dtype: Any = np.float32) -> Packed:
    """Everything that training this member takes; `dtype` is float64 in tests alone."""
    recipe, split = member.recipe, member.split
    batch = min(recipe.batch_size or split.train.size, split.train.size)
    layout = lay_out(
        widths_of(recipe, data),
        hidden_of(recipe, dtype),
        max(batch, CHUNK, MEASURED_ROWS if member.collect.vitals else 0),
        shapes_of_tables(recipe, data),
    )
    vectors = vectors_of(member, data, layout, dtype, cancel)
    # Copies of the indices, as compiled code tells frozen arrays from others, and would be made twice.
    parts = (split.train.copy(), split.stop.copy(), split.score.copy())
    numbers, rows = numbers_of(member, batch, dtype), rows_of(member, data, batch, dtype, layout.tables)
    return Packed(layout, numbers, rows, parts, vectors, written_of(member, layout, dtype), np.asarray(cancel))


def written_of(member: Member, layout: Layout, dtype: Any) -> Written:
    """Where the kernel writes what comes out."""
    epochs, layers, outputs = member.recipe.epochs, len(layout.table) - 1, int(layout.table[-1, WIDTH])
    sampled = sampled_epochs(member.collect.vitals, epochs)
    return Written(
        curves=np.full((epochs, 4), np.nan),
        final=np.full(FINAL, np.nan),
        predictions=np.empty((member.split.score.size if member.collect.predictions else 0, outputs), dtype),
        sampled=sampled,
        vitals=np.full((sampled.size, layers, len(LAYER_NUMBERS)), np.nan),
        vital_steps=np.full(sampled.size, -1),
        sums=np.zeros((layers, SUMS)),
        alive=np.zeros((layers, int(layout.table[:, WIDTH].max())), np.bool_),
        order=np.zeros(member.split.train.size, np.int64),
        facts=np.zeros(FACTS, np.int64),
    )


def widths_of(recipe: Recipe, data: Dataset) -> tuple[int, ...]:
    """Units from inputs to outputs."""
    assert isinstance(recipe.network, Perceptron)
    return (width_of_inputs(recipe, data), *recipe.network.hidden, data.outputs)


NORMS = {"none": NONE, "before": BEFORE, "after": AFTER}


def hidden_of(recipe: Recipe, dtype: Any) -> Hidden:
    """What stands in every hidden layer; the identity leaves all as it is, and Maxout is no function of one number."""
    name, entry = recipe.activation, activations[recipe.activation]
    called = name != "identity" and entry.pieces == 1
    return Hidden(
        activate=activation_address(name, dtype) if called else 0,
        deactivate=derivative_address(name, dtype) if called else 0,
        both=both_address(name, dtype) if called else 0,
        norm=NORMS[recipe.batch_norm],
        dropout=bool(recipe.dropout),
        slope=entry.slope is not None,
        pieces=entry.pieces,
    )


SATURATED = 0.1
"""A unit is saturated where the derivative is under a tenth of its maximum (`LayerVitals`)."""


def numbers_of(member: Member, batch: int, dtype: Any) -> Numbers:
    """The recipe as numbers."""
    recipe, decay, entry = member.recipe, decay_of(member.recipe), optimizers[member.recipe.optimizer]
    steps = -(-member.split.train.size // batch) * recipe.epochs
    return Numbers(
        seed=np.uint64(member.seed % 2**64),
        epochs=recipe.epochs,
        batch=batch,
        patience=-1 if recipe.patience is None else recipe.patience,
        loss=loss_address(recipe.loss, dtype),
        rule=rule_address(recipe.optimizer, dtype),
        others=rule_address(entry.others, dtype) if entry.others else 0,
        known=len(entry.settings),
        schedule=SCHEDULES[recipe.schedule],
        warmup=warmup_steps(recipe.warmup, steps),
        decay_biases=int(recipe.decay_biases),
        rate=float(recipe.learning_rate),
        smoothing=float(recipe.label_smoothing),
        dropout=float(recipe.dropout),
        l1=float(decay.l1),
        l2=float(decay.l2),
        decay=float(decay.decoupled),
        clip_norm=np.inf if recipe.clip_norm is None else float(recipe.clip_norm),
        clip_value=np.inf if recipe.clip_value is None else float(recipe.clip_value),
        flat=SATURATED * activations[recipe.activation].largest_derivative,
    )


def changes_of(recipe: Recipe, data: Dataset, scaling: Scaling, batch: int, dtype: Any) -> Changes:
    """What augments the member's training batches; at strength 0 nothing does."""
    entry, features = augmentation_of(recipe), features_for(recipe, data)
    if entry is None:
        return Changes(0, 0, 0, 0, 0, 0, 0, 0.0, *(np.empty(0, one) for one in (int, dtype, int, float, float, float)))
    count = entry.count(features=features.count, columns=len(data.columns))
    height, width, channels = image_of(data.shape) or (0, 0, 0)
    mixed = batch if entry.mixes else 0
    return Changes(
        apply=augmentation_address(entry.name, dtype),
        drawn=count,
        normal=int(entry.normal),
        mixes=int(entry.mixes),
        height=height,
        width=width,
        channels=channels,
        strength=float(recipe.augmentation_strength),
        columns=features.columns.copy(),
        spread=spread_of(features, scaling).astype(dtype),
        partner=np.zeros(mixed, np.int64),
        share=np.zeros(mixed),
        draws=np.zeros(batch * count),
        weights=np.zeros(mixed),
    )


def rows_of(member: Member, data: Dataset, batch: int, dtype: Any, tables: IntArray) -> Rows:
    """The data as this member sees it."""
    recipe, split = member.recipe, member.split
    features = features_for(recipe, data)
    scaling, units = scalings(data, split, embedded=bool(features.places))
    classes = len(data.classes)
    weights = np.ones(max(classes, 1))
    if recipe.class_weights == "balanced":
        counts = np.bincount(data.target[split.train], minlength=classes)
        weights = split.train.size / (classes * np.maximum(counts, 1))
    return Rows(
        values=features.values,
        shift=scaling.shift,
        scale=scaling.scale,
        codes=data.target if units is None else NO_CODES,
        targets=NO_TARGETS if units is None else data.target,
        target_shift=np.zeros(data.outputs) if units is None else units.shift.copy(),
        target_scale=np.ones(data.outputs) if units is None else units.scale.copy(),
        class_weights=weights.astype(np.float64),
        weights=NO_WEIGHTS if data.weights is None else data.weights,
        labels=int(data.task == "multilabel"),
        changes=changes_of(recipe, data, scaling, batch, dtype),
        tables=tables,
    )


SCALINGS = 64
"""How many splits' scalings are kept; chosen: more than the folds of one repeat, a few hundred bytes each."""


@lru_cache(maxsize=SCALINGS)
def _scalings(
    data: Dataset,
    digest: str,  # noqa: ARG001  # the key of the cache
    train: _ByDigest,
    *,
    embedded: bool,
) -> tuple[Scaling, TargetScaling | None]:
    units = fit_target_scaling(data, train.rows) if data.task != "classification" else None
    return fit_scaling(places_of(data) if embedded else features_of(data), train.rows), units


class _ByDigest:
    """Training rows that compare by nothing: the digest beside them is the key."""

    def __init__(self, rows: AnyArray) -> None:
        self.rows = rows

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _ByDigest)

    def __hash__(self) -> int:
        return 0


def scalings(data: Dataset, split: Any, *, embedded: bool) -> tuple[Scaling, TargetScaling | None]:
    """What is fitted on the training rows; once a split, however many members share it."""
    return _scalings(data, split.digest, _ByDigest(split.train), embedded=embedded)


def first_parameters(recipe: Recipe, layout: Layout, seed: int) -> FloatArray:
    """The start, (parameters,) float64: weights from the layer's own stream, biases 0, scales of norms 1."""
    flat, table, slope = np.zeros(layout.parameters), layout.table, activations[recipe.activation].slope
    for layer in range(1, len(table)):
        line, key = table[layer], stream_key(seed, Stream.INIT, 0, layer - 1)
        draw = Draw(uniform=partial(uniform, key), normal=partial(normal, key))
        follows = recipe.activation if layer < len(table) - 1 else "identity"
        shape = (int(line[UNITS]), int(line[INPUTS]))
        flat[line[WEIGHT] : line[WEIGHT] + shape[0] * shape[1]] = initialize(
            recipe.initializer, shape, follows, draw
        ).ravel()
        if line[NORM]:
            flat[line[SCALE] : line[SCALE] + norm_units(line)] = 1.0
        if line[SLOPE]:
            flat[line[SLOPE]] = slope
    return flat


def first_rows(member: Member, data: Dataset) -> FloatArray:
    """The first training rows as the network sees them, (rows, features): what a start that looks at data looks at."""
    features = features_for(member.recipe, data)
    scaling, _ = scalings(data, member.split, embedded=bool(features.places))
    return scaling.apply(features.values[member.split.train[:MEASURED_ROWS]])


def vectors_of(member: Member, data: Dataset, layout: Layout, dtype: Any, cancel: AnyArray) -> Vectors:
    """The flat vectors, the parameters at their start."""
    recipe, size, outputs = member.recipe, layout.parameters, int(layout.table[-1, WIDTH])
    rules = rules_of(recipe)
    slots = max(rule.slots for rule in rules)
    parameters, moving = aligned(size, dtype), aligned(layout.moving, dtype)
    parameters[:] = first_parameters(recipe, layout, member.seed)
    for line, values in zip(layout.tables, first_tables(recipe, data, member.split.train, member.seed), strict=True):
        parameters[line[TABLE] : line[TABLE] + values.size] = values.ravel()
    if initializers[recipe.initializer].data_dependent:
        parameters[:] = scaled_by_data(parameters, layout, recipe, first_rows(member, data))
    for line in layout.table[1:]:
        if line[NORM]:
            moving[line[VARIANCE] : line[VARIANCE] + norm_units(line)] = 1.0
    return Vectors(
        parameters=parameters,
        moving=moving,
        best=parameters.copy(),
        best_moving=moving.copy(),
        before=aligned(size if member.collect.vitals else 0, dtype),
        gradients=aligned(size, dtype),
        state=aligned(slots * size, dtype).reshape(slots, size),
        work=scratch(layout.workspace, dtype, cancel),
        masks=aligned(layout.masks, np.bool_),
        wanted=aligned(outputs * layout.rows, dtype),
        losses=aligned(layout.rows, dtype),
        settings=np.concatenate(
            [rules[0].settings_array(recipe.settings), *(one.settings_array() for one in rules[1:])]
        ),
    )


def rules_of(recipe: Recipe) -> tuple[Optimizer, ...]:
    """The recipe's rule, and the one for what it leaves where it works on matrices alone."""
    entry = optimizers[recipe.optimizer]
    return (entry,) if entry.others is None else (entry, optimizers[entry.others])
