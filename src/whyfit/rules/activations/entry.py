"""The activation: its formula, its compiled code, its plain twin, and the facts that follow from it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

import numpy as np

from whyfit.evidence.types import AnyArray
from whyfit.rules.jit import Compiled

SEGMENTS = (-40.0, -12.0, -6.0, -3.0, -1.0, 0.0, 1.0, 3.0, 6.0, 12.0, 40.0)
"""Where the integrals are cut: no activation here has a kink anywhere else."""
NODES = 64
"""Gauss-Legendre nodes a segment; the integrals of smooth entries agree with twice as many to 1e-15."""
SCAN = np.linspace(-20.0, 20.0, 400_001)
"""Where the largest derivative is looked for, in steps of 1e-4: right to about 1e-9 at a smooth maximum."""


@dataclass(frozen=True, eq=False)
class Activation:
    """One activation function.

    Attributes
    ----------
    code, name
        Stable number and name.
    formula, derivative_formula
        LaTeX.
    range
        Infimum and supremum of its values.
    reads
        Whether `backward` looks at the values before (`z`) or after (`a`) the activation; the other may be anything.
    saturates
        On which side the derivative goes to zero: `no`, `left` (towards −∞), or `both`.
    smooth
        Whether it is analytic; its derivative can then be checked by a complex step.
    paper
        Where it comes from.
    forward
        Compiled `forward(z, a, slope)`: a ← f(z) on flat arrays of one length; `a` may be `z`.
    backward
        Compiled `backward(z, a, d, slope) -> float`: d ← d·f′(z) in place, at kinks as torch has it. What comes back is
        the gradient of the learned slope, 0 for every entry without one.
    value, derivative
        The slow, obvious twins in NumPy, with the slope at `slope` where there is one.
    slope
        Where a learned slope starts; None for an entry without one.

    Examples
    --------
    >>> from whyfit.rules.activations import activations
    >>> relu = activations["relu"]
    >>> round(relu.mean_output, 4), round(relu.gain, 4), relu.largest_derivative
    (0.3989, 1.4142, 1.0)
    """

    code: int
    name: str
    formula: str
    derivative_formula: str
    range: tuple[float, float]
    reads: Literal["z", "a"]
    saturates: Literal["no", "left", "both"]
    smooth: bool
    paper: str
    forward: Compiled[..., None] = field(repr=False)
    backward: Compiled[..., float] = field(repr=False)
    value: Callable[[AnyArray], AnyArray] = field(repr=False)
    derivative: Callable[[AnyArray], AnyArray] = field(repr=False)
    slope: float | None = None

    def __repr__(self) -> str:
        low, high = self.range
        return f"Activation({self.name!r}, range=({low:.4g}, {high:.4g}), gain={self.gain:.4g})"

    @cached_property
    def mean_output(self) -> float:
        """Mean of f(z) for a standard normal z: how far the layer behind is pushed off zero."""
        return _normal_mean(self.value)

    @cached_property
    def second_moment(self) -> float:
        """Mean of f(z)² for a standard normal z."""
        return _normal_mean(lambda z: self.value(z) ** 2)

    @cached_property
    def derivative_moment(self) -> float:
        """Mean of f′(z)² for a standard normal z: the factor by which a layer scales the variance of the gradient."""
        return _normal_mean(lambda z: self.derivative(z) ** 2)

    @cached_property
    def gain(self) -> float:
        """By what to multiply weights so that the mean square stays: 1/√(second moment); √2 for ReLU (He et al. 2015)."""
        return float(self.second_moment**-0.5)

    @cached_property
    def largest_derivative(self) -> float:
        """Largest |f′|; a unit counts as saturated where |f′| is under a tenth of it."""
        return float(np.abs(self.derivative(SCAN)).max())


def _normal_mean(function: Callable[[AnyArray], AnyArray]) -> float:
    nodes, weights = np.polynomial.legendre.leggauss(NODES)
    total: Any = 0.0
    for low, high in zip(SEGMENTS, SEGMENTS[1:], strict=False):
        z = (high + low) / 2 + (high - low) / 2 * nodes
        total += (high - low) / 2 * np.sum(weights * function(z) * np.exp(-(z**2) / 2))
    return float(total / np.sqrt(2 * np.pi))
