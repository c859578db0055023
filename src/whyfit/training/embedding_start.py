"""The tables of embedded categories at their start, the same for every engine.

A number of a table is drawn from the standard normal distribution, as in torch: a feature of variance 1, like the
scaled columns beside it. A place that no training row comes to starts at zero: no gradient ever moves it, so a category
that training never saw stays silent, as it does where each level is a feature.
"""

from __future__ import annotations

import numpy as np

from whyfit.data.embedding import numbers_a_place
from whyfit.data.encode import Features, features_of, places_of
from whyfit.evidence.dataset import Dataset
from whyfit.evidence.network import Perceptron, embeds
from whyfit.evidence.recipe import Recipe
from whyfit.evidence.types import FloatArray, IntArray

TABLES = 1 << 32
"""The step of the stream `INIT` from which tables draw: no layer has this number."""


def features_for(recipe: Recipe, data: Dataset) -> Features:
    """The features as the recipe's network takes them."""
    return places_of(data) if embeds(recipe.network) else features_of(data)


def widths_of_tables(recipe: Recipe, data: Dataset) -> tuple[int, ...]:
    """Numbers a place of each table; empty where nothing is embedded."""
    if not isinstance(recipe.network, Perceptron):
        return ()
    embedding = recipe.network.embedding
    return tuple(numbers_a_place(embedding, places) for places in features_for(recipe, data).places)


def shapes_of_tables(recipe: Recipe, data: Dataset) -> tuple[tuple[int, int], ...]:
    """Places, and numbers a place, of each table."""
    return tuple(zip(features_for(recipe, data).places, widths_of_tables(recipe, data), strict=True))


def width_of_inputs(recipe: Recipe, data: Dataset) -> int:
    """What the first dense layer takes: plain features, and the numbers of all tables."""
    return features_for(recipe, data).plain + sum(widths_of_tables(recipe, data))


def first_tables(recipe: Recipe, data: Dataset, train: IntArray, seed: int) -> tuple[FloatArray, ...]:
    """The tables at their start, each (places, numbers) float64; empty where nothing is embedded."""
    from whyfit.training.streams import Stream, normal, stream_key  # noqa: PLC0415  # loads Numba

    features, tables = features_for(recipe, data), []
    for column, width in enumerate(widths_of_tables(recipe, data)):
        places = features.places[column]
        table = normal(stream_key(seed, Stream.INIT, 0, TABLES + column), places * width).reshape(places, width)
        seen = np.bincount(features.values[train, features.plain + column].astype(np.int64), minlength=places)
        table[seen == 0] = 0.0
        tables.append(table)
    return tuple(tables)
