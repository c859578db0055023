"""The perceptron of the explanations: forward and backward written out, in float64, many networks at a time.

One column of a matrix is one row of data, as in the training kernel: u = W·h + b. Any leading axes count networks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from whyfit.evidence.types import AnyArray, FloatArray
from whyfit.rules.activations import activations
from whyfit.rules.initializers import Draw, initialize


@dataclass(frozen=True, slots=True)
class Net:
    """Weights and biases of a perceptron.

    Attributes
    ----------
    weights
        (…, units, inputs) a layer.
    biases
        (…, units, 1) a layer.
    activation
        Of the hidden layers; behind the last layer there is none.
    """

    weights: tuple[FloatArray, ...]
    biases: tuple[FloatArray, ...]
    activation: str

    def forward(self, x: AnyArray) -> Pass:
        """What every layer makes of the inputs, (…, inputs, rows)."""
        value = activations[self.activation].value
        before, after = [], [x]
        for place, (w, b) in enumerate(zip(self.weights, self.biases, strict=True)):
            u = w @ after[-1] + b
            before.append(u)
            after.append(u if place == len(self.weights) - 1 else value(u))
        return Pass(tuple(before), tuple(after))

    def backward(self, passed: Pass, delta: AnyArray) -> Gradients:
        """The gradients, from that of the outputs, (…, outputs, rows): Rumelhart, Hinton & Williams 1986."""
        slope = activations[self.activation].derivative
        deltas = [delta]
        for place in range(len(self.weights) - 1, 0, -1):
            back = np.swapaxes(self.weights[place], -1, -2) @ deltas[0]
            deltas.insert(0, back * slope(passed.before[place - 1]))
        return Gradients(
            weights=tuple(d @ np.swapaxes(h, -1, -2) for d, h in zip(deltas, passed.after, strict=False)),
            biases=tuple(d.sum(axis=-1, keepdims=True) for d in deltas),
            deltas=tuple(deltas),
        )

    def moved(self, weights: Sequence[AnyArray], biases: Sequence[AnyArray], rate: float) -> Net:
        """One step against a gradient."""
        return Net(
            tuple(w - rate * g for w, g in zip(self.weights, weights, strict=True)),
            tuple(b - rate * g for b, g in zip(self.biases, biases, strict=True)),
            self.activation,
        )


@dataclass(frozen=True, slots=True)
class Pass:
    """Values before the activation of each layer, and after it, the inputs first."""

    before: tuple[AnyArray, ...]
    after: tuple[AnyArray, ...]

    @property
    def outputs(self) -> AnyArray:
        """What the last layer gives."""
        return self.after[-1]


@dataclass(frozen=True, slots=True)
class Gradients:
    """Of the loss: at weights and biases, and at the values before each activation (`deltas`)."""

    weights: tuple[AnyArray, ...]
    biases: tuple[AnyArray, ...]
    deltas: tuple[AnyArray, ...]


def started(
    sizes: Sequence[int], activation: str, initializer: str, rng: np.random.Generator, networks: int | None = None
) -> Net:
    """A fresh network, or several of one shape: weights by an initialiser of the catalogue, biases zero."""
    draw = Draw(uniform=rng.random, normal=rng.standard_normal)
    shapes = list(zip(sizes[1:], sizes[:-1], strict=True))
    follows = [activation] * (len(shapes) - 1) + ["identity"]

    def one() -> list[FloatArray]:
        return [initialize(initializer, shape, after, draw) for shape, after in zip(shapes, follows, strict=True)]

    if networks is None:
        weights = one()
        return Net(tuple(weights), tuple(np.zeros((units, 1)) for units, _ in shapes), activation)
    several = [one() for _ in range(networks)]
    stacked = tuple(np.stack(layer) for layer in zip(*several, strict=True))
    return Net(stacked, tuple(np.zeros((networks, units, 1)) for units, _ in shapes), activation)
