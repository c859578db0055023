"""Vitals: what each layer did at one sampled moment."""

from __future__ import annotations

from dataclasses import dataclass

NOT_MEASURED = float("nan")
"""What stands in a number that was not measured; never zero, never a guess."""


@dataclass(frozen=True, slots=True)
class LayerVitals:
    """One layer at one sampled moment; every number is NaN where it was not measured.

    "Rows" are the rows that were passed: all training rows in a study, the seen batches in a watched run.

    Attributes
    ----------
    name, kind
        As the network names it; `dense`, `conv`, `recurrent`, …
    activation
        The activation that follows, `identity` for none; `unknown` where it cannot be known.
    units
        Number of outputs (channels of a convolution).
    pre_mean, pre_std
        Of the values before the activation, over rows and units.
    mean, std
        Of the values after the activation.
    zero_share
        Share of zeros after the activation.
    dead
        Units that are zero after the activation for **every** row passed.
    saturated_share
        Share of values where the activation's derivative is under a tenth of its maximum.
    gradient_norm
        Norm of the gradient of the layer's weights.
    delta_std
        Standard deviation of the loss gradient at the values before the activation.
    weight_norm
        Norm of the layer's weights.
    update_ratio
        Norm of the last step's change of the weights, over the norm of the weights.
    distinct_weights, distinct_gradients
        How many units differ from all others in their incoming weights, in their gradients (to 1e-6 of the norm).
    """

    name: str
    kind: str
    activation: str
    units: int
    pre_mean: float = NOT_MEASURED
    pre_std: float = NOT_MEASURED
    mean: float = NOT_MEASURED
    std: float = NOT_MEASURED
    zero_share: float = NOT_MEASURED
    dead: float = NOT_MEASURED
    saturated_share: float = NOT_MEASURED
    gradient_norm: float = NOT_MEASURED
    delta_std: float = NOT_MEASURED
    weight_norm: float = NOT_MEASURED
    update_ratio: float = NOT_MEASURED
    distinct_weights: float = NOT_MEASURED
    distinct_gradients: float = NOT_MEASURED


LAYER_NUMBERS: tuple[str, ...] = tuple(name for name, kind in LayerVitals.__annotations__.items() if kind == "float")
"""The fields of `LayerVitals` that are measured, in order."""


@dataclass(frozen=True, slots=True)
class Vitals:
    """All layers at one sampled moment.

    Attributes
    ----------
    epoch, step
        When: epoch 0 is before the first step. `step` counts optimiser steps from the start.
    layers
        From input to output.
    """

    epoch: int
    step: int
    layers: tuple[LayerVitals, ...]

    def __repr__(self) -> str:
        return f"Vitals(epoch={self.epoch}, step={self.step}, layers={len(self.layers)})"
