"""The floor: the matrix products of a step and one update by Adam, alone.

Two updates are taken. `floor_of` takes torch's fused Adam over one flat vector, called bare: what there is to buy, and
what the design counted as the floor. `written_floor_of` takes a loop of Numba's as the kernel has it: nothing that is
made of the same parts can train a network in less.

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
def _products(widths: Array, batch: int, w: Array, g: Array, values: Array, out: Array) -> None:
    """Weights and gradients stand one layer after the other, biases behind; what a batch gives is written where nobody
    reads it, so that no number grows or dies out.
    """
    at = 0
    for layer in range(widths.size - 1):
        inputs, units = widths[layer], widths[layer + 1]
        np.dot(matrix(w, at, units, inputs), matrix(values, 0, inputs, batch), matrix(out, 0, units, batch))
        at += units * inputs
    for layer in range(widths.size - 2, -1, -1):
        inputs, units = widths[layer], widths[layer + 1]
        at -= units * inputs
        turned, delta = matrix(values, 0, batch, inputs), matrix(values, inputs * batch, units, batch)
        np.dot(delta, turned, matrix(g, at, units, inputs))
        if layer > 0:
            np.dot(matrix(w, at, units, inputs).T, delta, matrix(out, 0, inputs, batch))


@njit(fastmath=FLAGS, error_model="numpy")
def _adam(w: Array, g: Array, m: Array, v: Array, t: int) -> None:
    """Kingma and Ba 2015, algorithm 1, in one pass; the two corrections are one number a step each."""
    number = np.float32
    one, beta1, beta2, epsilon = number(1.0), number(0.9), number(0.999), number(1e-8)
    rate, correct = number(1e-3 / (1.0 - 0.9**t)), number((1.0 - 0.999**t) ** -0.5)
    for i in range(w.size):
        m[i] = beta1 * m[i] + (one - beta1) * g[i]
        v[i] = beta2 * v[i] + (one - beta2) * g[i] * g[i]
        w[i] -= rate * m[i] / (np.sqrt(v[i]) * correct + epsilon)


@njit(fastmath=FLAGS, error_model="numpy")
def _steps(
    steps: int, widths: Array, batch: int, w: Array, g: Array, m: Array, v: Array, values: Array, out: Array
) -> None:
    """One after the other, as training must: the update reads the gradients that the products gave."""
    for t in range(1, steps + 1):
        _products(widths, batch, w, g, values, out)
        _adam(w, g, m, v, t)


@njit(fastmath=FLAGS, error_model="numpy")
def _products_alone(steps: int, widths: Array, batch: int, w: Array, g: Array, values: Array, out: Array) -> None:
    for _ in range(steps):
        _products(widths, batch, w, g, values, out)


def _vectors(widths: Sequence[int], batch: int) -> tuple[Array, ...]:
    """Weights, gradients, both means of Adam; values of a batch, and where nobody reads."""
    parameters = sum((i + 1) * o for i, o in pairwise(widths))
    noise = np.random.default_rng(0)
    w, g = (0.01 * noise.standard_normal((2, parameters))).astype(np.float32)
    m, v = np.zeros((2, parameters), np.float32)
    values, out = noise.standard_normal((2, max(i + o for i, o in pairwise(widths)) * batch)).astype(np.float32)
    return w, g, m, v, values, out


def floor_of(widths: Sequence[int], batch: int) -> Callable[[int], None]:
    """A function that does the products of so many steps, then as many of torch's updates; compiled already."""
    import torch

    torch.set_num_threads(1)
    w, g, m, v, values, out = _vectors(widths, batch)
    sizes, count = np.array(widths), torch.ones(())
    lists = [[torch.from_numpy(one)] for one in (w, g, m, v)]
    fixed = {"weight_decay": 0.0, "eps": 1e-8, "amsgrad": False, "maximize": False}

    def run(steps: int) -> None:
        _products_alone(steps, sizes, batch, w, g, values, out)
        for _ in range(steps):
            torch._fused_adam_(*lists, [], [count], lr=1e-3, beta1=0.9, beta2=0.999, **fixed)

    run(1)
    return run


def written_floor_of(widths: Sequence[int], batch: int) -> Callable[[int], None]:
    """A function that does products and written updates of so many steps, one after the other; compiled already."""
    w, g, m, v, values, out = _vectors(widths, batch)
    sizes = np.array(widths)

    def run(steps: int) -> None:
        _steps(steps, sizes, batch, w, g, m, v, values, out)

    run(1)
    return run
