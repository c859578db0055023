"""The rules that a recipe names, as machine code of their own that the kernel calls by address.

Were they all compiled into the kernel, its first compilation would take half a minute, whoever needs one of them. So
each is compiled at its first use, in half a second, and kept in Numba's cache under a digest of the sources, like the
kernel. A C function takes no arrays: each is handed over by its first number, and made an array again inside.
"""

from __future__ import annotations

from functools import cache
from threading import Lock
from typing import Any

import numpy as np
from numba import carray, cfunc, float64, from_dtype, int64
from numba.types import CPointer

from whyfit.rules.activations import activations
from whyfit.rules.augmentations import Seen, augmentations
from whyfit.rules.jit import FLAGS
from whyfit.rules.losses import losses
from whyfit.rules.optimizers import optimizers
from whyfit.training.kernel.sources import digest_once

_LOCK = Lock()
"""Two threads that both need a rule compile it once."""

OPTIONS = {name: value for name, value in FLAGS.items() if name != "nogil"}
"""A C function never holds the interpreter lock."""


def activation_address(name: str, dtype: Any) -> int:
    """Of `f(z, a, slope, n)`: a ← f(z)."""
    with _LOCK:
        return int(_activation(name, np.dtype(dtype).str).address)


def derivative_address(name: str, dtype: Any) -> int:
    """Of `f(z, a, d, slope, n)`: d ← d·f′(z); gives the gradient of the slope."""
    with _LOCK:
        return int(_derivative(name, np.dtype(dtype).str).address)


def both_address(name: str, dtype: Any) -> int:
    """Of `f(z, a, n)`: a ← f(z), z ← f′(z); 0 for an activation that has no such pass."""
    if activations[name].both is None:
        return 0
    with _LOCK:
        return int(_both(name, np.dtype(dtype).str).address)


def rule_address(name: str, dtype: Any) -> int:
    """Of `f(w, g, state, settings, n, slots, settings' size, t, rate)`: one update; of a matrix, with its units and
    inputs in place of n and slots.
    """
    with _LOCK:
        return int(_rule(name, np.dtype(dtype).str).address)


def loss_address(name: str, dtype: Any) -> int:
    """Of `f(values, wanted, delta, losses, outputs, rows)`: each row's loss, and its gradient at the outputs."""
    with _LOCK:
        return int(_loss(name, np.dtype(dtype).str).address)


def augmentation_address(name: str, dtype: Any) -> int:
    """Of `f(x, out, draws, columns, spread, partner, share, rows, features, count, height, width, channels,
    strength)`: the rows of a batch, changed.
    """
    with _LOCK:
        return int(_augmentation(name, np.dtype(dtype).str).address)


def place_of(dtype: str) -> Any:
    """The place of the first number of an array, as C has it."""
    return CPointer(from_dtype(np.dtype(dtype)))


@cache
def _activation(name: str, dtype: str) -> Any:
    forward, digest, place = activations[name].forward, digest_once("activations"), place_of(dtype)

    def activate(z: Any, a: Any, slope: Any, n: int) -> float:
        forward(carray(z, n), carray(a, n), carray(slope, 1))
        return 0.0 * digest

    return cfunc(float64(place, place, place, int64), cache=True, **OPTIONS)(activate)


@cache
def _derivative(name: str, dtype: str) -> Any:
    backward, digest, place = activations[name].backward, digest_once("activations"), place_of(dtype)

    def deactivate(z: Any, a: Any, d: Any, slope: Any, n: int) -> float:
        slopes: float = backward(carray(z, n), carray(a, n), carray(d, n), carray(slope, 1))
        return 0.0 * digest + slopes

    return cfunc(float64(place, place, place, place, int64), cache=True, **OPTIONS)(deactivate)


@cache
def _both(name: str, dtype: str) -> Any:
    both, digest, place = activations[name].both, digest_once("activations"), place_of(dtype)
    assert both is not None

    def activate_both(z: Any, a: Any, n: int) -> float:
        both(carray(z, n), carray(a, n))
        return 0.0 * digest

    return cfunc(float64(place, place, int64), cache=True, **OPTIONS)(activate_both)


@cache
def _rule(name: str, dtype: str) -> Any:
    step, digest, place = optimizers[name].step, digest_once("optimizers"), place_of(dtype)

    def update(w: Any, g: Any, state: Any, settings: Any, n: int, slots: int, known: int, t: int, rate: float) -> float:
        step(carray(w, n), carray(g, n), carray(state, (slots, n)), rate, t, carray(settings, known))
        return 0.0 * digest

    def update_matrix(
        w: Any, g: Any, state: Any, settings: Any, units: int, inputs: int, known: int, t: int, rate: float
    ) -> float:
        shape = (units, inputs)
        step(carray(w, shape), carray(g, shape), carray(state, (1, *shape)), rate, t, carray(settings, known))
        return 0.0 * digest

    counts = (int64, int64, int64, int64, float64)
    chosen = update_matrix if optimizers[name].works_on == "matrix" else update
    return cfunc(float64(place, place, place, CPointer(float64), *counts), cache=True, **OPTIONS)(chosen)


@cache
def _loss(name: str, dtype: str) -> Any:
    loss, digest, place = losses[name].value_and_gradient, digest_once("losses"), place_of(dtype)

    def lose(values: Any, wanted: Any, delta: Any, each: Any, outputs: int, rows: int) -> float:
        shape = (outputs, rows)
        loss(carray(values, shape), carray(wanted, shape), carray(delta, shape), carray(each, rows))
        return 0.0 * digest

    return cfunc(float64(place, place, place, place, int64, int64), cache=True, **OPTIONS)(lose)


@cache
def _augmentation(name: str, dtype: str) -> Any:
    apply, digest, place = augmentations[name].apply, digest_once("augmentations"), place_of(dtype)

    def augment(
        x: Any,
        out: Any,
        draws: Any,
        columns: Any,
        spread: Any,
        partner: Any,
        share: Any,
        rows: int,
        features: int,
        count: int,
        height: int,
        width: int,
        channels: int,
        strength: float,
    ) -> float:
        of_rows = (carray(partner, rows), carray(share, rows))
        seen = Seen(height, width, channels, carray(columns, features), carray(spread, features), *of_rows)
        shape = (rows, features)
        apply(carray(x, shape), carray(out, shape), carray(draws, (rows, count)), strength, seen)
        return 0.0 * digest

    doubles, integers = CPointer(float64), CPointer(int64)
    arrays = (place, place, doubles, integers, place, integers, doubles)
    return cfunc(float64(*arrays, *(int64,) * 6, float64), cache=True, **OPTIONS)(augment)
