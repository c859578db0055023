"""The floor: the matrix products of a step and one update by Adam, alone; nothing can train a network in less.

For each layer Z = W·A forwards, dW = dZ·Aᵀ and, but for the first, dA = Wᵀ·dZ backwards, by the same BLAS that the
kernel calls, on one thread, all matrices at hand. No batch is gathered, no bias added, no activation, no loss.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np
from numba import njit

from whyfit.training.kernel.memory import matrix

Array = np.ndarray

FLAGS = {"reassoc", "contract", "arcp", "nsz", "afn"}
"""What the kernel is compiled with."""


@njit(fastmath=FLAGS, error_model="numpy")
def _products(steps: int, widths: Array, batch: int, w: Array, g: Array, values: Array, out: Array) -> None:
    """Weights and gradients stand one layer after the other; what a batch gives is written where nobody reads it, so
    that no number grows or dies out.
    """
    for _ in range(steps):
        at = 0
        for layer in range(widths.size - 1):
            inputs, units = widths[layer], widths[layer + 1]
            a, z = matrix(values, 0, inputs, batch), matrix(out, 0, units, batch)
            np.dot(matrix(w, at, units, inputs), a, z)
            at += units * inputs
        for layer in range(widths.size - 2, -1, -1):
            inputs, units = widths[layer], widths[layer + 1]
            at -= units * inputs
            turned, delta = matrix(values, 0, batch, inputs), matrix(values, inputs * batch, units, batch)
            np.dot(delta, turned, matrix(g, at, units, inputs))
            if layer > 0:
                np.dot(matrix(w, at, units, inputs).T, delta, matrix(out, 0, inputs, batch))


@njit(fastmath=FLAGS, error_model="numpy")
def _adam(steps: int, w: Array, g: Array, m: Array, v: Array) -> None:
    """Kingma and Ba 2015, algorithm 1, in one pass; the two corrections are one number a step each."""
    one, rate, beta1, beta2 = np.float32(1.0), np.float32(1e-3), np.float32(0.9), np.float32(0.999)
    for t in range(1, steps + 1):
        first, second = one / (one - beta1**t), one / (one - beta2**t)
        for i in range(w.size):
            m[i] = beta1 * m[i] + (one - beta1) * g[i]
            v[i] = beta2 * v[i] + (one - beta2) * g[i] * g[i]
            w[i] -= rate * np.float32(first) * m[i] / (np.sqrt(np.float32(second) * v[i]) + np.float32(1e-8))


def floor_of(widths: Sequence[int], batch: int) -> Callable[[int], None]:
    """A function that does the products and updates of so many steps; compiled already."""
    matrices = sum(i * o for i, o in pairwise(widths))
    noise = np.random.default_rng(0)
    weights, gradients = (0.01 * noise.standard_normal((2, matrices))).astype(np.float32)
    largest = max(i + o for i, o in pairwise(widths))
    values, out = noise.standard_normal((2, largest * batch)).astype(np.float32)
    vectors = np.zeros((4, matrices + sum(widths[1:])), np.float32)
    sizes = np.array(widths)

    def run(steps: int) -> None:
        _products(steps, sizes, batch, weights, gradients, values, out)
        _adam(steps, *vectors)

    run(1)
    return run
