"""GELU: each value times the chance that a standard normal number is below it."""

from __future__ import annotations

import numpy as np

from whyfit.evidence.types import AnyArray
from whyfit.rules.activations.entry import Activation
from whyfit.rules.activations.normal import gelu_slope, normal_share
from whyfit.rules.jit import jit


def value(z: AnyArray) -> AnyArray:
    """z·Φ(z)."""
    from scipy.special import ndtr  # noqa: PLC0415  # SciPy is not loaded to read a catalogue

    result: AnyArray = z * ndtr(z)
    return result


def derivative(z: AnyArray) -> AnyArray:
    """Φ(z) + z·φ(z)."""
    from scipy.special import ndtr  # noqa: PLC0415  # see above

    result: AnyArray = ndtr(z) + z * np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
    return result


@jit
def forward(z: AnyArray, a: AnyArray, slope: AnyArray) -> None:
    """a ← z·Φ(z)."""
    for i in range(z.size):
        a[i] = z[i] * normal_share(z[i])


@jit
def backward(z: AnyArray, a: AnyArray, d: AnyArray, slope: AnyArray) -> float:
    """d ← d·(Φ(z) + z·φ(z))."""
    for i in range(d.size):
        d[i] *= gelu_slope(z[i])
    return 0.0


ENTRY = Activation(
    code=9,
    name="gelu",
    formula=r"f(z) = z\,\Phi(z)",
    derivative_formula=r"f'(z) = \Phi(z) + z\,\varphi(z)",
    range=(-0.16997120747990369, np.inf),
    reads="z",
    saturates="left",
    smooth=True,
    paper="Hendrycks & Gimpel 2016, Gaussian error linear units",
    forward=forward,
    backward=backward,
    value=value,
    derivative=derivative,
)
