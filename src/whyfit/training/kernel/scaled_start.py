"""A start that looks at data (LSUV): a batch passed through the network before it is trained, in NumPy, once a member.

The same as `whyfit.surgery.initialize.scale_by_data` does to a torch module: evaluation mode, biases zero, the running
statistics of norms as they begin.
"""

from __future__ import annotations

import numpy as np

from whyfit.evidence.recipe import Recipe
from whyfit.evidence.types import AnyArray, FloatArray, IntArray
from whyfit.rules.activations import activations
from whyfit.rules.initializers import lsuv
from whyfit.training.kernel.layout import INPUTS, UNITS, WEIGHT, Layout
from whyfit.training.kernel.norm import EPSILON


def scaled_by_data(flat: AnyArray, layout: Layout, recipe: Recipe, rows: FloatArray) -> FloatArray:
    """The parameters with each layer's weights divided until its values have variance 1 over these rows, in float64."""
    scaled = np.array(flat, np.float64)
    weights = [_weights(scaled, line) for line in layout.table[1:]]
    lsuv(weights, _Pass(weights, recipe, _embedded(scaled, layout.tables, rows.astype(np.float64))).before)
    return scaled


def _embedded(flat: FloatArray, tables: IntArray, rows: FloatArray) -> FloatArray:
    """The rows with the numbers of their categories in place of their places."""
    plain, parts = rows.shape[1] - len(tables), []
    for column, (places, numbers, start) in enumerate(tables):
        table = flat[start : start + places * numbers].reshape(places, numbers)
        parts.append(table[rows[:, plain + column].astype(np.int64)])
    return np.concatenate([rows[:, :plain], *parts], axis=1)


def _weights(flat: FloatArray, line: AnyArray) -> FloatArray:
    """A view, (units, inputs)."""
    size = int(line[UNITS] * line[INPUTS])
    return flat[line[WEIGHT] : line[WEIGHT] + size].reshape(int(line[UNITS]), int(line[INPUTS]))


class _Pass:
    """A batch on its way up; a layer is passed for good once the one above it is asked for."""

    def __init__(self, weights: list[FloatArray], recipe: Recipe, rows: FloatArray) -> None:
        self._weights, self._recipe, self._inputs = weights, recipe, [rows]

    def before(self, layer: int) -> FloatArray:
        """What a layer hands to its activation, (rows, units)."""
        while len(self._inputs) <= layer:
            self._inputs.append(self._handed_on(len(self._inputs) - 1))
        return self._inputs[layer] @ self._weights[layer].T

    def _handed_on(self, layer: int) -> FloatArray:
        """Behind the activation, (rows, width); a norm that has seen nothing divides by √(1 + ε)."""
        entry, norm = activations[self._recipe.activation], self._recipe.batch_norm
        z = self.before(layer) / (np.sqrt(1.0 + EPSILON) if norm == "before" else 1.0)
        a = z.reshape(len(z), -1, entry.pieces).max(axis=-1) if entry.pieces > 1 else entry.value(z)
        values: FloatArray = a / (np.sqrt(1.0 + EPSILON) if norm == "after" else 1.0)
        return values
