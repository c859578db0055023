"""The rows of one member on the torch side: gathered and scaled a batch at a time, never copied whole."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
import torch
from torch import Tensor

from whyfit.data.encode import TargetScaling, features_of, fit_scaling, fit_target_scaling
from whyfit.evidence.dataset import Dataset
from whyfit.evidence.types import IntArray
from whyfit.training.torch_parts.tensors import shared


@dataclass(frozen=True, eq=False)
class Rows:
    """All rows of a dataset as one member sees them.

    Attributes
    ----------
    values
        (all rows, features) float32, shared by all members.
    shift, scale
        (features,) float32, fitted on the member's training rows.
    missing
        Whether any value is NaN.
    target
        (all rows,) int64 class codes, or (all rows, outputs) float64 in the target's own units; shared.
    units
        Shift and scale of regression targets; None for classification.
    """

    values: Tensor
    shift: Tensor
    scale: Tensor
    missing: bool
    target: Tensor
    units: TargetScaling | None

    @classmethod
    def of(cls, data: Dataset, train: IntArray, device: str = "cpu") -> Self:
        """The rows as a member with these training rows sees them."""
        features = features_of(data)
        scaling = fit_scaling(features, train)
        return cls(
            shared(features.values).to(device),
            shared(scaling.shift).to(device),
            shared(scaling.scale).to(device),
            bool(np.isnan(data.numeric).any()),
            shared(data.target).to(device),
            fit_target_scaling(data, train) if data.task == "regression" else None,
        )

    def features(self, index: Tensor) -> Tensor:
        """(rows, features): scaled, 0 where missing; the same operations in the same order as the kernel's gather."""
        scaled = (self.values[index] - self.shift).mul_(self.scale)
        return scaled.nan_to_num_(nan=0.0, posinf=torch.inf, neginf=-torch.inf) if self.missing else scaled

    def targets(self, index: Tensor) -> Tensor:
        """(rows,) class codes, or (rows, outputs) scaled float32."""
        if self.units is None:
            return self.target[index]
        shift, scale = self._units()
        return ((self.target[index] - shift) / scale).float()

    def own_units(self, outputs: Tensor) -> Tensor:
        """Outputs of the network → values in the target's own units (float64 for regression); logits stay."""
        if self.units is None:
            return outputs
        shift, scale = self._units()
        return outputs.double() * scale + shift

    def _units(self) -> tuple[Tensor, Tensor]:
        assert self.units is not None
        device = self.target.device
        return shared(self.units.shift).to(device), shared(self.units.scale).to(device)
