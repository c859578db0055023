"""The activation: its formula, its compiled code, its plain twin, and the facts that follow from it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import Any, Literal

import numpy as np

from whyfit.evidence.types import AnyArray
from whyfit.rules.jit import Compiled

CUTS = (-40.0, -12.0, -6.0, -3.0, -1.0, 0.0, 1.0, 3.0, 6.0, 12.0, 40.0)
"""Where the integrals are cut: no activation here has a kink anywhere else, and beyond ±40 the normal weight is 0."""
NODES = 64
"""Gauss-Legendre nodes a piece; twice as many change no integral here by more than 1e-14."""
SCAN = np.concatenate([np.linspace(-20.0, 20.0, 400_001), np.add.outer(CUTS, (-1e-9, 1e-9)).ravel()])
"""Where the largest derivative is looked for: 1e-4 apart, right to 1e-9; both sides of kinks."""


def normal_density(z: AnyArray) -> AnyArray:
    """φ(z)."""
    density: AnyArray = np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
    return density


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
        Whether it is analytic; its derivative is then checked by a complex step.
    paper
        Where it comes from.
    forward
        Compiled `forward(z, a, slope)`: a ← f(z) on flat arrays of one length; `a` may be `z`.
    backward
        Compiled `backward(z, a, d, slope) -> float`: d ← d·f′(z) in place, at kinks as torch has it. It gives the
        gradient of the learned slope, 0 for every entry without one. (For Maxout see `maxout`.)
    both
        Compiled `both(z, a)`: a ← f(z) and z ← f′(z) in one pass, where two passes would take the same exponential
        twice; None elsewhere. Only the kernel's training pass asks for it, and then multiplies by what stands in z.
    value, derivative
        The slow, obvious twins in NumPy, for PReLU with its first slope.
    density
        Of what stands before the activation when the values before are standard normal: Maxout hands on the largest.
    pieces
        Values before the activation for each value after it; 1 but for Maxout.
    slope
        Where a learned slope starts; None for an entry without one.

    Examples
    --------
    >>> from whyfit.rules.activations import activations
    >>> relu = activations["relu"]
    >>> relu
    Activation('relu', range=(0, inf), gain=1.414)
    >>> round(relu.mean_output, 4), relu.largest_derivative
    (0.3989, 1.0)
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
    backward: Compiled[..., Any] = field(repr=False)
    value: Callable[[AnyArray], AnyArray] = field(repr=False)
    derivative: Callable[[AnyArray], AnyArray] = field(repr=False)
    density: Callable[[AnyArray], AnyArray] = field(repr=False, default=normal_density)
    both: Compiled[..., None] | None = field(repr=False, default=None)
    pieces: int = 1
    slope: float | None = None

    def __repr__(self) -> str:
        low, high = self.range
        return f"Activation({self.name!r}, range=({low:.4g}, {high:.4g}), gain={self.gain:.4g})"

    @cached_property
    def mean_output(self) -> float:
        """Mean of f(z) for a standard normal z: how far the next layer's input is pushed off zero."""
        return self._expected(self.value)

    @cached_property
    def second_moment(self) -> float:
        """Mean of f(z)² for a standard normal z."""
        return self._expected(lambda z: self.value(z) ** 2)

    @cached_property
    def derivative_moment(self) -> float:
        """Mean of f′(z)² for a standard normal z: by what the variance of a gradient shrinks on its way back."""
        return self._expected(lambda z: self.derivative(z) ** 2) / self.pieces

    @cached_property
    def gain(self) -> float:
        """By what to multiply weights so that the mean square stays: 1/√(second moment); √2 for ReLU (He et al. 2015).

        For tanh this is 1.593, where torch's `calculate_gain` gives 5/3, and for the sigmoid 1.846 instead of 1: those
        are rules of thumb, this is the number that holds the mean square at 1 for standard normal values.
        """
        return float(self.second_moment**-0.5)

    @cached_property
    def largest_derivative(self) -> float:
        """Largest |f′|; a unit counts as saturated where |f′| is under a tenth of it."""
        return float(np.abs(self.derivative(SCAN)).max())

    def _expected(self, function: Callable[[AnyArray], AnyArray]) -> float:
        nodes, weights = np.polynomial.legendre.leggauss(NODES)
        total = 0.0
        for low, high in pairwise(CUTS):
            z = (high + low) / 2 + (high - low) / 2 * nodes
            total += (high - low) / 2 * float(np.sum(weights * function(z) * self.density(z)))
        return total
