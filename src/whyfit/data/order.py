"""How far the target of one row tells that of the next in time: its autocorrelation at lag one."""

from __future__ import annotations

import numpy as np

from whyfit.evidence.dataset import Dataset
from whyfit.evidence.leaks import OrderFacts
from whyfit.evidence.types import AnyArray

BY_CHANCE = 1.96
"""Of 1/√n, the error of an autocorrelation without any (Bartlett 1946): 95 % lie within."""


def order_facts(data: Dataset) -> OrderFacts | None:
    """In the order of the time that is known; None where there is none, or the target never changes.

    Examples
    --------
    >>> from dataclasses import replace
    >>> from whyfit.data.load import load
    >>> drifting = load({"x": [0.0, 1, 2, 3, 4, 5], "y": [0.0, 1, 2, 4, 3, 5]}, target="y", task="regression")
    >>> order_facts(replace(drifting, time=np.arange(6.0)))
    OrderFacts(autocorrelation=0.4571428571428571, by_chance=0.8001666493091969)
    """
    if data.time is None:
        return None
    target = data.target[np.argsort(data.time, kind="stable")]
    found = _of_classes(target) if data.task == "classification" else _of_numbers(target)
    return None if found is None else OrderFacts(found, BY_CHANCE / data.rows**0.5)


def _of_classes(target: AnyArray) -> float | None:
    by_chance = float(((np.bincount(target) / target.size) ** 2).sum())
    agreeing = float((target[1:] == target[:-1]).mean())
    return None if by_chance == 1 else (agreeing - by_chance) / (1 - by_chance)


def _of_numbers(target: AnyArray) -> float | None:
    """Σ (y_t − ȳ)(y_{t+1} − ȳ)/Σ (y_t − ȳ)², mean over targets that change."""
    centred = target - target.mean(axis=0)
    squares = (centred**2).sum(axis=0)
    products = (centred[1:] * centred[:-1]).sum(axis=0)
    return float((products[squares > 0] / squares[squares > 0]).mean()) if (squares > 0).any() else None
