"""The curve of the activation that a study's networks use, or a watched one, from the catalogue."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np

from whyfit.evidence.activation import ActivationCurve
from whyfit.evidence.evidence import Run
from whyfit.evidence.observation import Observation
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
    first = next((run.vitals[-1].layers[:-1] for run in runs if run.vitals), ())
    return _commonest(layer.activation for layer in first)


def watched_activation(seen: Observation) -> ActivationCurve | None:
    """The same of the layers that a watched script has; what its last layer feeds into a loss counts as well.

    Examples
    --------
    >>> watched_activation(Observation()) is None
    True
    """
    looks = [look for look in seen.looks if look.layers]
    return _commonest(layer.activation for layer in looks[-1].layers) if looks else None


def _commonest(names: Iterable[str]) -> ActivationCurve | None:
    from whyfit.rules.activations import activations  # noqa: PLC0415  # the catalogue loads Numba

    known = [name for name in names if name in activations and name != "identity" and activations[name].pieces == 1]
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
