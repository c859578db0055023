"""The initialiser: how large the first weights are, how they are drawn, and what that promises."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, TypeAlias

from whyfit.evidence.types import FloatArray
from whyfit.rules.activations import Activation, activations


class Shape(NamedTuple):
    """Of a layer's weights: rows are its units, columns its inputs."""

    fan_out: int
    fan_in: int


@dataclass(frozen=True, slots=True)
class Draw:
    """Where the numbers come from: counter-based streams, so that every engine starts the same network.

    An initialiser calls one of the two, once.

    Attributes
    ----------
    uniform
        `uniform(count)` gives float64 in [0, 1).
    normal
        `normal(count)` gives float64, standard normal.
    """

    uniform: Callable[[int], FloatArray]
    normal: Callable[[int], FloatArray]


@dataclass(frozen=True, slots=True)
class Promise:
    """What is expected at the start, if the inputs of the layer have mean square 1.

    Attributes
    ----------
    weight_variance
        σ², the variance of one weight.
    pre_variance
        Variance of the values before the activation: fan_in·σ².
    forward
        Mean square after the activation, fan_in·σ²·E[f(z)²]: 1 keeps the signal. Exact where f(cz) = c·f(z), as for
        ReLU; else for pre_variance near 1.
    backward
        Variance of the gradient handed to the layer below over that of the layer's own, before that layer's f′:
        fan_out·σ². Times E[f′(z)²] of the layer below it is the factor from layer to layer; 1 keeps the gradient.
    """

    weight_variance: float
    pre_variance: float
    forward: float
    backward: float


Sized: TypeAlias = Callable[[Shape, Activation], float]
Made: TypeAlias = Callable[[Shape, float, Draw], FloatArray]


@dataclass(frozen=True, eq=False)
class Initializer:
    """One way to start weights; biases start at zero.

    Attributes
    ----------
    code, name
        Stable number and name.
    formula
        LaTeX.
    distinct
        Whether units start different from each other; where not, they stay twins.
    data_dependent
        Whether a pass of data through the network belongs to it (`whyfit.rules.initializers.lsuv`).
    suits
        What it was derived for: `nothing`, `linear`, `rectifiers`, or `any`.
    paper
        Where it comes from.
    deviation
        Standard deviation of one weight, from the layer's shape and the activation that follows.
    make
        Weights of that shape and deviation from drawn numbers.
    """

    code: int
    name: str
    formula: str
    distinct: bool
    suits: Literal["nothing", "linear", "rectifiers", "any"]
    paper: str
    deviation: Sized = field(repr=False)
    make: Made = field(repr=False)
    data_dependent: bool = False

    def __repr__(self) -> str:
        return f"Initializer({self.name!r}, suits={self.suits!r})"

    def promise(self, shape: tuple[int, int], activation: str) -> Promise:
        """What this initialiser leads to expect of a layer of that shape with that activation behind it."""
        sizes, follows = Shape(*shape), activations[activation]
        variance = self.deviation(sizes, follows) ** 2
        pre = sizes.fan_in * variance
        return Promise(variance, pre, pre * follows.second_moment, sizes.fan_out * variance)
