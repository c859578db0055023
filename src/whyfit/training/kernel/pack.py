"""From a member and its dataset to the arguments of the compiled kernel."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from whyfit.data.encode import Scaling, TargetScaling, features_of, fit_scaling, fit_target_scaling
from whyfit.evidence.dataset import Dataset
from whyfit.evidence.member import Member
from whyfit.evidence.network import Perceptron
from whyfit.evidence.recipe import Recipe
from whyfit.evidence.types import AnyArray, FloatArray, frozen_array
from whyfit.rules.activations import activations
from whyfit.rules.initializers import Draw, initialize
from whyfit.rules.optimizers import optimizers
from whyfit.training.kernel.assess import CHUNK
from whyfit.training.kernel.head import LOSSES
from whyfit.training.kernel.job import Numbers, Rows, Vectors, Written
from whyfit.training.kernel.layout import BIAS, INPUTS, UNITS, WEIGHT, Layout, lay_out
from whyfit.training.schedule import SCHEDULES, warmup_steps
from whyfit.training.streams import Stream, normal, stream_key, uniform

FACTS, FINAL = 8, 7
"""Sizes of `Written.facts` and `Written.final`."""

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
    units = units_of(recipe, data)
    batch = min(recipe.batch_size or split.train.size, split.train.size)
    layout = lay_out(units, activations[recipe.activation].code, max(batch, CHUNK))
    written = Written(
        curves=np.full((recipe.epochs, 4), np.nan),
        final=np.full(FINAL, np.nan),
        predictions=np.empty((split.score.size if member.collect.predictions else 0, units[-1]), dtype),
        facts=np.zeros(FACTS, np.int64),
    )
    vectors = vectors_of(recipe, layout, first_parameters(recipe, layout, member.seed), dtype)
    parts = (split.train, split.stop, split.score)
    return Packed(
        layout, numbers_of(member, batch), rows_of(recipe, data, split), parts, vectors, written, np.asarray(cancel)
    )


def units_of(recipe: Recipe, data: Dataset) -> tuple[int, ...]:
    """Units from inputs to outputs."""
    assert isinstance(recipe.network, Perceptron)
    return (features_of(data).count, *recipe.network.hidden, data.outputs)


def numbers_of(member: Member, batch: int) -> Numbers:
    """The recipe as numbers."""
    recipe = member.recipe
    steps = -(-member.split.train.size // batch) * recipe.epochs
    return Numbers(
        seed=np.uint64(member.seed % 2**64),
        epochs=recipe.epochs,
        batch=batch,
        patience=-1 if recipe.patience is None else recipe.patience,
        loss=LOSSES[recipe.loss],
        optimizer=optimizers[recipe.optimizer].code,
        schedule=SCHEDULES[recipe.schedule],
        warmup=warmup_steps(recipe.warmup, steps),
        rate=float(recipe.learning_rate),
        smoothing=float(recipe.label_smoothing),
    )


def rows_of(recipe: Recipe, data: Dataset, split: Any) -> Rows:
    """The data as this member sees it."""
    scaling, units = scalings(data, split)
    classes = len(data.classes)
    weights = np.ones(max(classes, 1))
    if recipe.class_weights == "balanced":
        counts = np.bincount(data.target[split.train], minlength=classes)
        weights = split.train.size / (classes * np.maximum(counts, 1))
    return Rows(
        values=features_of(data).values,
        shift=scaling.shift,
        scale=scaling.scale,
        codes=data.target if units is None else NO_CODES,
        targets=NO_TARGETS if units is None else data.target,
        target_shift=np.zeros(data.outputs) if units is None else units.shift.copy(),
        target_scale=np.ones(data.outputs) if units is None else units.scale.copy(),
        class_weights=weights.astype(np.float64),
    )


SCALINGS = 64
"""How many splits' scalings are kept; chosen: more than the folds of one repeat, a few hundred bytes each."""


@lru_cache(maxsize=SCALINGS)
def _scalings(data: Dataset, digest: str, train: _ByDigest) -> tuple[Scaling, TargetScaling | None]:  # noqa: ARG001
    units = fit_target_scaling(data, train.rows) if data.task == "regression" else None
    return fit_scaling(features_of(data), train.rows), units


class _ByDigest:
    """Training rows that compare by nothing: the digest beside them is the key."""

    def __init__(self, rows: AnyArray) -> None:
        self.rows = rows

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _ByDigest)

    def __hash__(self) -> int:
        return 0


def scalings(data: Dataset, split: Any) -> tuple[Scaling, TargetScaling | None]:
    """What is fitted on the training rows; once a split, however many members share it."""
    return _scalings(data, split.digest, _ByDigest(split.train))


def first_parameters(recipe: Recipe, layout: Layout, seed: int) -> FloatArray:
    """The start, (parameters,) float64: weights from the layer's own stream, biases zero."""
    flat, table = np.zeros(layout.parameters), layout.table
    for layer in range(1, len(table)):
        key = stream_key(seed, Stream.INIT, 0, layer - 1)
        draw = Draw(uniform=lambda count, k=key: uniform(k, count), normal=lambda count, k=key: normal(k, count))
        follows = recipe.activation if layer < len(table) - 1 else "identity"
        shape = (int(table[layer, UNITS]), int(table[layer, INPUTS]))
        start = table[layer, WEIGHT]
        flat[start : start + shape[0] * shape[1]] = initialize(recipe.initializer, shape, follows, draw).ravel()
    return flat


def vectors_of(recipe: Recipe, layout: Layout, start: FloatArray, dtype: Any) -> Vectors:
    """The flat vectors, the parameters at their start."""
    rule, outputs = optimizers[recipe.optimizer], int(layout.table[-1, UNITS])
    parameters = aligned(layout.parameters, dtype)
    parameters[:] = start
    return Vectors(
        parameters=parameters,
        best=parameters.copy(),
        gradients=aligned(layout.parameters, dtype),
        state=aligned(rule.slots * layout.parameters, dtype).reshape(rule.slots, layout.parameters),
        work=aligned(layout.workspace, dtype),
        wanted=aligned(outputs * layout.rows, dtype),
        losses=aligned(layout.rows, dtype),
        settings=rule.settings_array(recipe.settings),
    )


def aligned(count: int, dtype: Any) -> AnyArray:
    """Zeros that begin on a cache line, as every offset of the layout does."""
    itemsize = np.dtype(dtype).itemsize
    room = np.zeros(count * itemsize + 64, np.uint8)
    start = -room.ctypes.data % 64
    return room[start : start + count * itemsize].view(dtype)


def layer_names(layout: Layout) -> list[str]:
    """The dense layers, named as in `whyfit.nets.perceptron`."""
    hidden = len(layout.table) - 2
    return [*(f"hidden.{i}.dense" for i in range(hidden)), "last"]


def weights_of(layout: Layout, flat: AnyArray) -> dict[str, AnyArray]:
    """The parameters by name and in shape, as the torch module of `whyfit.nets.perceptron` has them."""
    named: dict[str, AnyArray] = {}
    for name, line in zip(layer_names(layout), layout.table[1:], strict=True):
        units, inputs = int(line[UNITS]), int(line[INPUTS])
        named[f"{name}.weight"] = flat[line[WEIGHT] : line[WEIGHT] + units * inputs].reshape(units, inputs)
        named[f"{name}.bias"] = flat[line[BIAS] : line[BIAS] + units]
    return named
