"""From columns to the numbers that a network sees: what is laid out once, and what is fitted on the training part.

The layout (which features there are) depends on the columns alone. Everything estimated (means, scales) comes from the
training rows of one split, so nothing of the stop or score rows reaches the network before its time. All members
share one array of features: a member holds two short vectors, and applies them to each batch as it gathers it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from whyfit.evidence.dataset import Dataset
from whyfit.evidence.types import AnyArray, FloatArray, IntArray, frozen_array


@dataclass(frozen=True, eq=False)
class Features:
    """The shared array of features.

    Attributes
    ----------
    values
        (rows, features) float32: numeric columns (NaN where missing), then one indicator for each numeric column that
        has missing values, then one column for each level of each categorical column (all zero where missing).
    names
        (features,) such as `age`, `age is missing`, `city=Rome`.
    image
        Whether the columns are pixels, which share one mean and one scale.
    columns
        (features,) which of the dataset's columns each came from: numeric ones first, then categorical ones.
    quantities
        How many of the features are quantities; they stand first.
    places
        Where categories are to be embedded: the last features are places in tables, one for each categorical column, 0
        where missing, with so many places each. Empty otherwise.
    """

    values: FloatArray
    names: tuple[str, ...]
    image: bool
    columns: IntArray
    quantities: int
    places: tuple[int, ...] = ()

    @property
    def plain(self) -> int:
        """The number of features that are no places in a table."""
        return self.count - len(self.places)

    @property
    def count(self) -> int:
        """The number of features: the inputs of a network."""
        return int(self.values.shape[1])


@dataclass(frozen=True, eq=False, slots=True)
class Scaling:
    """What is fitted on the training rows: a feature becomes (value − shift)·scale, and 0 where it is missing.

    Attributes
    ----------
    shift, scale
        (features,) float32. The scale is 0 for a feature that is constant in the training rows, so a level that
        training never saw stays silent instead of passing through weights that were never trained.
    """

    shift: FloatArray
    scale: FloatArray

    def apply(self, values: FloatArray) -> FloatArray:
        """(rows, features) as the network sees them; the slow, obvious twin of what the kernel does in its gather."""
        scaled = (values - self.shift) * self.scale
        return np.where(np.isnan(scaled), np.zeros_like(scaled), scaled)


@dataclass(frozen=True, eq=False, slots=True)
class TargetScaling:
    """Regression targets are trained on as (target − shift)/scale; outputs come back in the target's own units.

    Attributes
    ----------
    shift, scale
        (outputs,) float64; the scale is 1 for a target that is constant in the training rows.
    """

    shift: FloatArray
    scale: FloatArray


@lru_cache(maxsize=4)
def places_of(data: Dataset) -> Features:
    """Lay out the features for a network that embeds its categories; the same object for the same dataset."""
    categorical = [column for column in data.columns if column.kind == "categorical"]
    numeric = _numeric(data)
    values = np.concatenate([*numeric.parts, data.codes + 1], axis=1, dtype=np.float32, casting="unsafe")
    own = range(numeric.quantities, numeric.quantities + len(categorical))
    return Features(
        values=frozen_array(values, np.float32),
        names=(*numeric.names, *(column.name for column in categorical)),
        image=data.shape is not None,
        columns=frozen_array(np.array([*numeric.origins, *own]), np.int64),
        quantities=numeric.quantities,
        places=tuple(len(column.levels) + 1 for column in categorical),
    )


class _Numeric(NamedTuple):
    """The numeric columns, then the indicators of what is missing."""

    names: list[str]
    parts: list[AnyArray]
    origins: list[int]
    quantities: int


def _numeric(data: Dataset) -> _Numeric:
    names = [column.name for column in data.columns if column.kind == "numeric"]
    missing = [int(i) for i in np.flatnonzero(np.isnan(data.numeric).any(axis=0))]
    return _Numeric(
        names=[*names, *(f"{names[i]} is missing" for i in missing)],
        parts=[data.numeric, np.isnan(data.numeric[:, missing])],
        origins=[*range(len(names)), *missing],
        quantities=len(names),
    )


SLAB_NUMBERS = 1 << 20
"""Numbers that are looked at at once while scales are fitted: 8 MiB in float64. Chosen."""


@lru_cache(maxsize=4)
def features_of(data: Dataset) -> Features:
    """Lay out the features of a dataset; the same object for the same dataset, so that nobody holds a second copy."""
    categorical = [column for column in data.columns if column.kind == "categorical"]
    numeric = _numeric(data)
    levels = [(data.codes[:, i, None] == np.arange(len(c.levels))) for i, c in enumerate(categorical)]
    names = [f"{column.name}={level}" for column in categorical for level in column.levels]
    values = np.concatenate([part.astype(np.float32, copy=False) for part in [*numeric.parts, *levels]], axis=1)
    own = [numeric.quantities + i for i, column in enumerate(categorical) for _ in column.levels]
    return Features(
        values=frozen_array(values, np.float32),
        names=(*numeric.names, *names),
        image=data.shape is not None,
        columns=frozen_array(np.array([*numeric.origins, *own]), np.int64),
        quantities=numeric.quantities,
    )


def fit_scaling(features: Features, train: IntArray) -> Scaling:
    """Fit means and scales on the training rows alone; places in tables are left as they are.

    Sums are taken in float64, a slab of rows at a time: no member ever holds a copy of the data.
    """
    axis = None if features.image else 0
    slabs = np.array_split(train, 1 + train.size * features.count // SLAB_NUMBERS)
    count = np.maximum(sum(_sum_of(~np.isnan(features.values[slab]), axis) for slab in slabs), 1)
    mean = sum(_sum_of(_known(features.values[slab], 0.0), axis) for slab in slabs) / count
    deviation = np.sqrt(sum(_sum_of(_known(features.values[slab], mean) ** 2, axis) for slab in slabs) / count)
    constant = deviation <= np.finfo(np.float32).eps * np.maximum(np.abs(mean), np.finfo(np.float32).tiny)
    scale = np.where(constant, 0.0, 1.0 / np.where(constant, 1.0, deviation))
    shift, scale = (np.array(np.broadcast_to(one, features.count)) for one in (mean, scale))
    shift[features.plain :], scale[features.plain :] = 0.0, 1.0
    return Scaling(frozen_array(shift, np.float32), frozen_array(scale, np.float32))


def _known(values: FloatArray, mean: Any) -> FloatArray:
    """Value − mean in float64, 0 where missing."""
    apart: FloatArray = values.astype(np.float64) - mean
    return np.where(np.isnan(apart), 0.0, apart)


def _sum_of(values: AnyArray, axis: int | None) -> Any:
    return values.sum(axis=axis)


def fit_target_scaling(data: Dataset, train: IntArray) -> TargetScaling:
    """Fit mean and scale of regression targets on the training rows alone; a yes or no stays 1 or 0."""
    if data.task == "multilabel":
        outputs = data.target.shape[1]
        return TargetScaling(frozen_array(np.zeros(outputs), np.float64), frozen_array(np.ones(outputs), np.float64))
    seen = data.target[train].astype(np.float64)
    deviation = seen.std(axis=0)
    return TargetScaling(
        frozen_array(seen.mean(axis=0), np.float64), frozen_array(np.where(deviation > 0, deviation, 1.0), np.float64)
    )
