"""What a script needs to know of the inputs, as plain values: columns, levels, and what was fitted on training rows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from whyfit.data.encode import Features, features_of, fit_scaling, fit_target_scaling
from whyfit.evidence.dataset import Dataset
from whyfit.evidence.types import FloatArray, IntArray


@dataclass(frozen=True, eq=False)
class Inputs:
    """From rows as the user has them to features as the network sees them.

    Attributes
    ----------
    numeric
        Names of numeric columns, in the order of the features.
    may_miss
        Those of them that have an indicator of being missing.
    levels
        (name, levels) of each categorical column.
    arrays
        Name → numbers: `shift` and `scale` of the features, `target_shift` and `target_scale` of a regression.
    """

    numeric: tuple[str, ...]
    may_miss: tuple[str, ...]
    levels: tuple[tuple[str, tuple[str, ...]], ...]
    arrays: dict[str, FloatArray]

    @property
    def features(self) -> int:
        """The inputs of the network."""
        return int(self.arrays["shift"].size)


def inputs_of(data: Dataset, train: IntArray, features: Features | None = None) -> Inputs:
    """The inputs of a dataset, fitted on training rows; `features` where the network embeds categories."""
    scaling = fit_scaling(features or features_of(data), train)
    arrays = {"shift": scaling.shift, "scale": scaling.scale}
    if data.task != "classification":
        target = fit_target_scaling(data, train)
        arrays |= {"target_shift": target.shift, "target_scale": target.scale}
    numeric = tuple(column.name for column in data.columns if column.kind == "numeric")
    missing = np.flatnonzero(np.isnan(data.numeric).any(axis=0))
    levels = tuple((column.name, column.levels) for column in data.columns if column.kind == "categorical")
    return Inputs(numeric, tuple(numeric[i] for i in missing), levels, arrays)
