"""The curve of the activation that a study's networks use, from the catalogue."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np

from whyfit.evidence.activation import ActivationCurve
from whyfit.evidence.evidence import Run
from whyfit.evidence.types import AnyArray, FloatArray

ENDS, POINTS = 6.0, 121
"""Inputs that are drawn: six standard deviations of a layer that keeps its size, in steps of a tenth."""
JUMP, AFTER = 0.1, 1e-6
"""A derivative that changes by a tenth of its largest value within one step jumps there, and is drawn upright. Chosen:
the steepest one without a jump in the catalogue, ELU, changes by 0.095."""


def activation_curve(runs: Iterable[Run]) -> ActivationCurve | None:
    """The most frequent hidden activation of these networks; None where none is one function of one number.

    Examples
    --------
    >>> activation_curve(()) is None
    True
    """
    from whyfit.rules.activations import activations  # noqa: PLC0415  # the catalogue loads Numba

    first = next((run.vitals[-1].layers[:-1] for run in runs if run.vitals), ())
    names = [layer.activation for layer in first if layer.activation in activations and layer.activation != "identity"]
    known = [name for name in names if activations[name].pieces == 1]
    if not known:
        return None
    entry = activations[max(known, key=known.count)]
    inputs = _inputs(entry.derivative)
    values, derivatives = entry.value(inputs), entry.derivative(inputs)
    return ActivationCurve(entry.name, *(tuple(map(float, numbers)) for numbers in (inputs, values, derivatives)))


def _inputs(derivative: Callable[[AnyArray], AnyArray]) -> FloatArray:
    """Evenly spaced, and one more right behind each jump of the derivative."""
    even = np.linspace(-ENDS, ENDS, POINTS)
    slopes = derivative(even)
    jumps = np.abs(np.diff(slopes)) > JUMP * np.abs(slopes).max()
    return np.sort(np.concatenate([even, even[:-1][jumps] + AFTER]))
