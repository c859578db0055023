"""Features that were prepared by hand, on rows of one's choice: what is compared is which rows those were.

Each way of preparing takes the features of all rows and the rows that it is fitted on. What comes back is laid out as
one picture a row, as pictures share one mean and one scale: what an engine fits by itself then undoes nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from whyfit.data.encode import features_of
from whyfit.evidence.dataset import Column, Dataset
from whyfit.evidence.types import FloatArray, IntArray

Preparing = Callable[[Dataset, IntArray], FloatArray]
"""(data, rows that it is fitted on) → (rows, features)."""

SELECT_FROM, SELECTED = 20, 10
"""Features from which choosing among them is measured, and those that are chosen: a tenth of them, and as many at
least. Chosen."""


def prepared(data: Dataset, preparing: Preparing, fitted: IntArray) -> Dataset:
    """The same rows and targets with features that were fitted on those rows."""
    values = preparing(data, fitted)
    columns = tuple(Column(f"feature {i}", "numeric") for i in range(values.shape[1]))
    empty = np.empty((data.rows, 0), dtype=np.int64)
    return replace(data, columns=columns, numeric=values, codes=empty, shape=(1, values.shape[1]), keys=(), told=())


def scaled(data: Dataset, fitted: IntArray) -> FloatArray:
    """Standardised by means and deviations of the fitted rows; a missing value becomes the mean, 0."""
    values = features_of(data).values.astype(np.float64)
    mean, deviation = _moments(values[fitted])
    return np.asarray(np.nan_to_num((values - mean) * _inverse(deviation), nan=0.0), dtype=np.float32)


def imputed(data: Dataset, fitted: IntArray) -> FloatArray:
    """Missing values filled with the mean of the fitted rows; scaling, which is the same everywhere, is of all rows."""
    values = features_of(data).values.astype(np.float64)
    filled = np.where(np.isnan(values), _moments(values[fitted])[0], values)
    mean, deviation = _moments(values)
    return np.asarray((filled - mean) * _inverse(deviation), dtype=np.float32)


def selected(data: Dataset, fitted: IntArray) -> FloatArray:
    """The features most related to the target in the fitted rows; scaled by all rows.

    Related: the share of a feature's variance that the target explains, between classes or by a line.
    """
    values = scaled(data, np.arange(data.rows)).astype(np.float64)
    count = max(SELECTED, values.shape[1] // 10)
    strongest = np.sort(np.argsort(-_related(data, values, fitted), kind="stable")[:count])
    return np.asarray(values[:, strongest], dtype=np.float32)


def _related(data: Dataset, values: FloatArray, fitted: IntArray) -> FloatArray:
    """(features,)."""
    centred = values[fitted] - values[fitted].mean(axis=0)
    total = (centred**2).sum(axis=0)
    if data.task == "classification":
        target = data.target[fitted]
        sums = np.stack([np.bincount(target, weights=column, minlength=len(data.classes)) for column in centred.T])
        explained = (sums**2 / np.maximum(np.bincount(target, minlength=len(data.classes)), 1)).sum(axis=1)
    else:
        target = data.target[fitted] - data.target[fitted].mean(axis=0)
        norm = np.sqrt(np.maximum((target**2).sum(axis=0), np.finfo(np.float64).tiny))
        explained = ((centred.T @ (target / norm)) ** 2).max(axis=1)
    related: FloatArray = np.where(total > 0, explained / np.where(total > 0, total, 1.0), 0.0)
    return related


def _moments(values: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Mean and deviation of what is known; 0 and 0 where nothing is."""
    known = ~np.isnan(values)
    count = np.maximum(known.sum(axis=0), 1)
    mean = np.where(known, values, 0.0).sum(axis=0) / count
    deviation = np.sqrt((np.where(known, values - mean, 0.0) ** 2).sum(axis=0) / count)
    return mean, deviation


def _inverse(deviation: FloatArray) -> FloatArray:
    """1/deviation, 0 for a constant column."""
    return np.where(deviation > 0, 1.0 / np.where(deviation > 0, deviation, 1.0), 0.0)
