"""Populations of which everything is known: rows can be drawn without end, and the noise has a formula."""

from dataclasses import dataclass

import numpy as np

INPUTS = 5
NOISE = 0.7
"""Standard deviation of the regression noise: noise .49 beside a signal of variance about .6."""

STEEPNESS = 3.0
"""Of the binary world: the best possible error is about .2."""


@dataclass(frozen=True)
class World:
    """A population: `regression` with squared error, or `binary` with labels that are noisy by themselves."""

    task: str

    def draw(self, rows: int, noise: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """Inputs (rows, 5) and targets (rows,): values, or classes 0 and 1."""
        x = noise.uniform(-1.0, 1.0, size=(rows, INPUTS))
        mean = self.mean(x)
        if self.task == "regression":
            return x, mean + NOISE * noise.normal(size=rows)
        return x, (noise.random(rows) < mean).astype(np.int64)

    def mean(self, x: np.ndarray) -> np.ndarray:
        """The expected target at each input: for `binary` the probability of class 1."""
        signal = np.sin(3.0 * x[:, 0]) + 2.0 * x[:, 1] * x[:, 2] + x[:, 3] ** 2 - 1.0 / 3.0
        return signal if self.task == "regression" else 1.0 / (1.0 + np.exp(-STEEPNESS * signal))

    def risk(self, outputs: np.ndarray, x: np.ndarray) -> np.ndarray:
        """The expected loss on fresh targets at each input, given the outputs there: no label noise in it.

        Outputs are values, or for `binary` the difference of the two logits, of which the sign is the answer.
        """
        mean = self.mean(x)
        if self.task == "regression":
            return (outputs - mean) ** 2 + NOISE**2
        return np.where(outputs > 0.0, 1.0 - mean, mean)

    def loss(self, outputs: np.ndarray, target: np.ndarray) -> np.ndarray:
        """The loss on given targets: squared, or 0-1."""
        if self.task == "regression":
            return (outputs - target) ** 2
        return ((outputs > 0.0) != target.astype(bool)).astype(np.float64)
