"""What one of whyfit's perceptrons needs at the very least, held against the memory of the machine, before it is asked
for.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from whyfit.evidence.dataset import Dataset
from whyfit.evidence.network import Perceptron
from whyfit.evidence.recipe import Recipe
from whyfit.rules.optimizers import optimizers
from whyfit.training.embedding_start import shapes_of_tables, width_of_inputs

NUMBER, CURVE_NUMBER = 4, 8
"""Bytes: float32 of weights and values; float64 of curves."""
VECTORS = 3
"""As long as the weights, beside what the optimiser remembers: the weights, their gradient, the best weights so far."""
VALUES = 2
"""Numbers a unit and row: before and after the activation."""
CURVES = 4
LIMITS = (Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"))
"""Where Linux says what a container may use."""


def too_large(recipe: Recipe, data: Dataset) -> Iterator[str]:
    """What is wrong where one network of a recipe cannot fit into this machine; nothing where it may."""
    there = machine_bytes()
    if not isinstance(recipe.network, Perceptron) or there is None:
        return
    weights, needed = _weights(recipe, data), least_bytes(recipe, data)
    if needed > there:
        yield (
            f"a network of {weights:,} weights, a batch of {_batch(recipe, data):,} rows and {recipe.epochs:,} epochs "
            f"needs at least {_said(needed)}, and this machine has {_said(there)}. Give fewer units, rows or epochs."
        )


def least_bytes(recipe: Recipe, data: Dataset) -> int:
    """Weights with their gradient, the best of them and the optimiser's memory; the values of a batch; the curves."""
    network = recipe.network
    assert isinstance(network, Perceptron)
    slots = optimizers[recipe.optimizer].slots if recipe.optimizer in optimizers else 0
    weights = _weights(recipe, data) * (VECTORS + slots)
    values = _batch(recipe, data) * (sum(network.hidden) + data.outputs) * VALUES
    return (weights + values) * NUMBER + recipe.epochs * CURVES * CURVE_NUMBER


def machine_bytes() -> int | None:
    """The memory of this machine, or of the container that whyfit runs in; None where nobody says."""
    try:
        limits = [os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")]
    except (AttributeError, ValueError, OSError):  # no such call on Windows
        return None
    limits += [int(text) for path in LIMITS if (text := _read(path)).isdigit()]
    return min(limits)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii").strip()
    except OSError:
        return ""


def _weights(recipe: Recipe, data: Dataset) -> int:
    assert isinstance(recipe.network, Perceptron)
    tables = sum(places * numbers for places, numbers in shapes_of_tables(recipe, data))
    widths = (width_of_inputs(recipe, data), *recipe.network.hidden, data.outputs)
    return tables + sum(i * o for i, o in pairwise(widths))


def _batch(recipe: Recipe, data: Dataset) -> int:
    return data.rows if recipe.batch_size is None else min(recipe.batch_size, data.rows)


def _said(count: int) -> str:
    return f"{count / 1e9:,.3g} GB"
