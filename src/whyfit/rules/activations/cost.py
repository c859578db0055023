"""What an activation costs an element, measured on this machine."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from whyfit.evidence.types import AnyArray
from whyfit.rules.activations import activations

ELEMENTS = 4096
"""32 rows of 128 units: the default network and batch, 16 KiB an array, so that all stays in the core's cache."""
ROUNDS = 25
CALLS = 8
"""Chosen: a round of one entry takes about 20 µs, all of them together about 20 ms."""
NANO = 1e9


@dataclass(frozen=True, slots=True)
class ElementCost:
    """Nanoseconds an element on one core, float32, the fastest of `ROUNDS` rounds.

    Attributes
    ----------
    name
        In `whyfit.activations`.
    forward, backward
        For one value handed on; Maxout reads `pieces` values for it.
    """

    name: str
    forward: float
    backward: float


def measure_costs(names: Iterable[str] = (), *, elements: int = ELEMENTS, rounds: int = ROUNDS) -> list[ElementCost]:
    """Measure, entry after entry in each round, so that whatever else the machine does falls on all alike.

    The fastest round counts: everything that disturbs a measurement makes it longer. The first call of an entry
    compiles it, about 0.2 s; that is not counted.

    Parameters
    ----------
    names
        In `whyfit.activations`; none for all.
    elements, rounds
        Values in one call; rounds.
    """
    chosen = list(names) or list(activations)
    work = [pair for name in chosen for pair in _calls(name, elements)]
    for call in work:
        call()
    best = np.full(len(work), np.inf)
    for _ in range(rounds):
        best = np.minimum(best, [_seconds(call) for call in work])
    nanoseconds = best.reshape(-1, 2) / elements * NANO
    return [ElementCost(name, float(f), float(b)) for name, (f, b) in zip(chosen, nanoseconds, strict=True)]


def _calls(name: str, elements: int) -> tuple[Callable[[], object], Callable[[], object]]:
    entry, rng = activations[name], np.random.default_rng(0)
    z: AnyArray = rng.normal(size=(entry.pieces, elements)).astype(np.float32)
    a, d, slope = np.empty(elements, np.float32), np.ones(elements, np.float32), np.full(1, 0.25, np.float32)
    if entry.pieces == 1:
        flat = z[0]
        return lambda: entry.forward(flat, a, slope), lambda: entry.backward(flat, a, d, slope)
    choice, dz = np.empty((1, elements), np.int8), np.empty_like(z)
    return lambda: entry.forward(z, a[None], choice), lambda: entry.backward(choice, d[None], dz)


def _seconds(call: Callable[[], object]) -> float:
    begin = time.perf_counter()
    for _ in range(CALLS):
        call()
    return (time.perf_counter() - begin) / CALLS
