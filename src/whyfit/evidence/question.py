"""The twelve questions, in the order of the report."""

from __future__ import annotations

from enum import StrEnum


class Question(StrEnum):
    """One of the twelve questions; its value is its name in every file."""

    SPLITS = "splits"
    BIAS_VARIANCE = "bias_variance"
    OVERFITTING = "overfitting"
    OPTIMIZERS = "optimizers"
    BACKPROP = "backprop"
    INITIALIZATION = "initialization"
    GRADIENTS = "gradients"
    ACTIVATIONS = "activations"
    RELU = "relu"
    SATURATION = "saturation"
    DROPOUT = "dropout"
    BATCHNORM = "batchnorm"
