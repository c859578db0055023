"""Tables as people have them, without a leak: numbers of many shapes, counts, levels, dates, a target with noise."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from whyfit.data.load import load
from whyfit.evidence.dataset import Dataset

SIZES = (300, 1000, 3000, 5000)


def healthy_source(noise: np.random.Generator) -> dict[str, Any]:
    """A table of independent rows: 300 to 5,000 of them, 3 to 14 columns, correlated by a common factor or not."""
    rows, columns = int(noise.choice(SIZES)), int(noise.integers(3, 15))
    factor = noise.normal(size=rows) * noise.choice([0.0, 0.5, 1.0])
    latent = factor[:, None] + noise.normal(size=(rows, columns))
    source = {f"c{i}": _column(latent[:, i], noise) for i in range(columns)}
    signal = latent @ noise.normal(size=columns) / columns**0.5 * noise.choice([0.0, 1.0, 3.0])
    return {**source, "y": _target(signal, noise)}


def healthy(noise: np.random.Generator) -> Dataset:
    """The same as a dataset."""
    return load(healthy_source(noise), target="y")


SHAPES: dict[str, Callable[[np.ndarray, np.random.Generator], Any]] = {
    "plain": lambda x, noise: x,
    "heavy": lambda x, noise: x * np.sqrt(3 / noise.chisquare(3, x.size)),
    "skewed": lambda x, noise: np.exp(x),
    "rounded": lambda x, noise: np.round(x, 1),
    "spike": lambda x, noise: np.where(noise.random(x.size) < 0.5, 0.0, x),
    "count": lambda x, noise: noise.poisson(np.exp(0.5 * x)).astype(float),
    "age": lambda x, noise: np.clip(np.round(45 + 15 * x), 18, 95),
    "levels": lambda x, noise: np.array([f"l{one}" for one in np.clip(np.round(4 + 2 * x), 0, 8).astype(int)]),
    "yes": lambda x, noise: x > 0.5,
    "date": lambda x, noise: np.datetime64("2020-01-01") + noise.integers(0, 2000, x.size),
    "number": lambda x, noise: 1000 + 5 * np.argsort(np.argsort(x)),
    "year": lambda x, noise: np.clip(np.round(1950 + 60 * x), 1750, 2150),
    "account": lambda x, noise: np.round(2e9 + 3e8 * x),
    "missing": lambda x, noise: np.where(noise.random(x.size) < 0.1, np.nan, x),
}
"""What a column makes of a standard normal one. Numbers, years and accounts look like times, and are none."""


def _column(latent: np.ndarray, noise: np.random.Generator) -> Any:
    """One column in a shape that tables have."""
    return SHAPES[str(noise.choice(list(SHAPES)))](latent / latent.std(), noise)


def _target(signal: np.ndarray, noise: np.random.Generator) -> Any:
    """Numbers, or two to five classes, with noise."""
    blurred = signal + noise.normal(size=signal.size)
    if noise.random() < 0.4:
        return blurred
    classes = int(noise.integers(2, 6))
    return np.array(list("abcde"))[np.digitize(blurred, np.quantile(blurred, np.arange(1, classes) / classes))]
