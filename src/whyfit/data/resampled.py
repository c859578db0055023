"""The bootstrap: training rows drawn with replacement, scored rows out of the bag."""

from __future__ import annotations

from typing import Any

import numpy as np

from whyfit.data.division import STOP_SHARE, By, Division, cut_off, division_of, labels_of, random_state
from whyfit.data.load import load
from whyfit.data.split_checks import refuse_few, refuse_few_groups, refuse_number, refuse_share
from whyfit.errors import ArgumentError
from whyfit.evidence.dataset import Dataset
from whyfit.evidence.split import Split
from whyfit.evidence.types import IntArray

DRAWS = 100
"""Draws before giving up: with ten rows one in 2,755 draws leaves none out of the bag."""


def bootstrap(
    data: Any, repeats: int = 50, *, stop: float = STOP_SHARE, seed: int = 0, by: By = "auto"
) -> tuple[Split, ...]:
    """Draw as many rows as there are, with replacement, and score the rows that were not drawn.

    Out of the bag are (1 − 1/n)^n of the rows, 36.8 %. The stop part is taken from the rows drawn, with all copies, so
    `train` holds some rows several times. With groups, groups are drawn; with classes, each class for itself.

    Source: Efron and Tibshirani 1993, An Introduction to the Bootstrap, chapter 17.
    """
    refuse_number("seed", seed, 0)
    refuse_share(stop)
    data = load(data)
    refuse_few(data, 10)
    refuse_number("repeats", repeats, 1)
    division = division_of(data, parts=3, by=by)
    if division.by == "time":
        raise ArgumentError(
            "a bootstrap draws rows from all times, so it trains on the future.", advice="Use `kfold` or `holdout`."
        )
    refuse_few_groups(data, division, 5)
    return tuple(_drawn(data, stop, division, seed, repeat) for repeat in range(repeats))


def _drawn(data: Dataset, stop: float, division: Division, seed: int, repeat: int) -> Split:
    for attempt in range(DRAWS):
        drawn = _with_replacement(data, division, random_state(seed, repeat, 2, attempt))
        times = np.bincount(drawn, minlength=data.rows)
        score, distinct = np.flatnonzero(times == 0), np.flatnonzero(times)
        units = distinct if division.by != "groups" or data.groups is None else np.unique(data.groups[distinct])
        if score.size and units.size > 1:
            train, stopping = cut_off(data, distinct, stop, division, random_state(seed, repeat, 3))
            return Split(drawn[np.isin(drawn, train)], stopping, score)
    raise ArgumentError("no draw leaves rows for every part.", advice="Use `kfold`; there are too few rows or groups.")


def _with_replacement(data: Dataset, division: Division, state: int) -> IntArray:
    from sklearn.utils import resample  # noqa: PLC0415

    if division.by == "groups" and data.groups is not None:
        groups = resample(np.unique(data.groups), random_state=state)
        members = {group: np.flatnonzero(data.groups == group) for group in np.unique(groups)}
        return np.concatenate([members[group] for group in groups])
    labels = labels_of(data) if division.stratified else None
    return np.asarray(resample(np.arange(data.rows), stratify=labels, random_state=state), dtype=np.int64)
