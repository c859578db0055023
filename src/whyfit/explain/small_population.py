"""Many small networks side by side, one a data set: one input, one hidden layer of tanh units, one output, Adam.

Everything is an array with the data sets along its first axis, so that thirty trainings cost about as much as one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from whyfit.evidence.types import FloatArray

UNITS = 24
SNAPSHOTS = 40
RATE, BETA1, BETA2, EPSILON = 0.02, 0.9, 0.999, 1e-8
"""Adam as in its paper, but for twenty times its rate: the networks are small, and the batch is full."""


@dataclass(frozen=True, slots=True)
class World:
    """Data sets side by side: (worlds, rows) inputs and targets to train on, and fresh ones to be scored on."""

    x: FloatArray
    y: FloatArray
    fresh_x: FloatArray
    fresh_y: FloatArray


@dataclass(frozen=True, slots=True)
class Recipe:
    """What differs between the arms: decay of the weights, dropout's rate, deviation of noise on the inputs."""

    decay: float = 0.0
    dropout: float = 0.0
    input_noise: float = 0.0


@dataclass(frozen=True, slots=True)
class Trained:
    """Errors at each snapshot, (snapshots, worlds), and the last predictions on the fresh rows, (worlds, rows)."""

    steps: FloatArray
    train: FloatArray
    fresh: FloatArray
    predictions: FloatArray


class _Nets:
    """Weights in and out, (worlds, units), hidden biases, and the output's bias, (worlds, 1); Adam's two means."""

    def __init__(self, worlds: int, seed: int, start: int) -> None:
        rng = np.random.default_rng([seed, 1, start])
        w, b, v = (rng.standard_normal((worlds, UNITS)) for _ in range(3))
        self.values = [3.0 * w, 2.0 * b, v / UNITS**0.5, np.zeros((worlds, 1))]
        self.means = [np.zeros_like(one) for one in self.values]
        self.squares = [np.zeros_like(one) for one in self.values]
        self.t = 0

    def hidden(self, x: FloatArray) -> FloatArray:
        """(worlds, rows, units)."""
        w, b, _, _ = self.values
        result: FloatArray = np.tanh(x[:, :, None] * w[:, None, :] + b[:, None, :])
        return result

    def outputs(self, hidden: FloatArray) -> FloatArray:
        """(worlds, rows)."""
        _, _, v, c = self.values
        result: FloatArray = (hidden * v[:, None, :]).sum(axis=-1) + c
        return result

    def step(self, x: FloatArray, y: FloatArray, recipe: Recipe, rng: np.random.Generator) -> None:
        """One step of Adam on the mean squared error; dropout behind the hidden layer."""
        x = x + recipe.input_noise * rng.standard_normal(x.shape) if recipe.input_noise else x
        hidden = self.hidden(x)
        mask = (rng.random(hidden.shape) >= recipe.dropout) / (1 - recipe.dropout) if recipe.dropout else np.ones(1)
        delta = (self.outputs(hidden * mask) - y) * (2 / x.shape[1])  # (worlds, rows)
        below = delta[:, :, None] * self.values[2][:, None, :] * mask * (1 - hidden**2)
        self._adam(
            [
                (below * x[:, :, None]).sum(axis=1),
                below.sum(axis=1),
                (delta[:, :, None] * hidden * mask).sum(axis=1),
                delta.sum(axis=1, keepdims=True),
            ],
            recipe.decay,
        )

    def _adam(self, gradients: list[FloatArray], decay: float) -> None:
        self.t += 1
        for place, (value, grad) in enumerate(zip(self.values, gradients, strict=True)):
            m, v = self.means[place], self.squares[place]
            m += (1 - BETA1) * (grad - m)
            v += (1 - BETA2) * (grad**2 - v)
            step = (m / (1 - BETA1**self.t)) / (np.sqrt(v / (1 - BETA2**self.t)) + EPSILON)
            shrink = 1 - RATE * decay if place in (0, 2) else 1.0  # weights, not biases
            self.values[place] = shrink * value - RATE * step


def drawn_world(worlds: int, rows: int, fresh: int, noise: float, seed: int) -> World:
    """sin(πx) with normal noise, at inputs uniform on [−1, 1]."""
    rng = np.random.default_rng([seed, rows])

    def draw(count: int) -> tuple[FloatArray, FloatArray]:
        x = rng.uniform(-1.0, 1.0, (worlds, count))
        return x, np.sin(np.pi * x) + noise * rng.standard_normal(x.shape)

    return World(*draw(rows), *draw(fresh))


def trained(world: World, recipe: Recipe, steps: int, seed: int, start: int = 0) -> Trained:
    """Train one network a data set; the same start, and the same noise, in every arm."""
    nets, noise = _Nets(len(world.x), seed, start), np.random.default_rng([seed, 3, start])
    every = max(1, steps // SNAPSHOTS)
    kept: list[tuple[int, FloatArray, FloatArray]] = []
    for step in range(steps + 1):
        if step % every == 0 or step == steps:
            kept.append((step, _error(nets, world.x, world.y), _error(nets, world.fresh_x, world.fresh_y)))
        if step < steps:
            nets.step(world.x, world.y, recipe, noise)
    at, train, fresh = (np.array(column) for column in zip(*kept, strict=True))
    return Trained(at, train, fresh, nets.outputs(nets.hidden(world.fresh_x)))


def _error(nets: _Nets, x: FloatArray, y: FloatArray) -> FloatArray:
    """Mean squared error of each data set."""
    error: FloatArray = ((nets.outputs(nets.hidden(x)) - y) ** 2).mean(axis=1)
    return error
