"""Ten data sets of 200 to 5,000 rows that come with scikit-learn and River, or are made; and their outer splits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

Array = np.ndarray
Task = Literal["classification", "regression"]
MOST_ROWS = 5000
OUT = 0.25
"""Share of the rows that never enter the study, nor the search."""


@dataclass(frozen=True)
class Rows:
    """One data set.

    Attributes
    ----------
    x, y
        (rows, columns) numbers; (rows,) class codes or values.
    """

    x: Array
    y: Array
    task: Task

    def divided(self, seed: int) -> tuple[Array, Array]:
        """Rows to study, and rows that only score; classes in equal shares."""
        from sklearn.model_selection import train_test_split

        classes = self.y if self.task == "classification" else None
        inside, outside = train_test_split(np.arange(len(self.y)), test_size=OUT, random_state=seed, stratify=classes)
        return np.sort(inside), np.sort(outside)


def _bundled(name: str, task: Task) -> Rows:
    from sklearn import datasets

    x, y = getattr(datasets, f"load_{name}")(return_X_y=True)
    return Rows(x.astype(float), y, task)


def _river(name: str, task: Task, drop: tuple[str, ...] = ()) -> Rows:
    """A table of River; what orders it in time or names an animal is left out: the outer split is at random."""
    from river import datasets

    pairs = list(getattr(datasets, name)())
    kept = [column for column in pairs[0][0] if column not in drop]
    x = np.array([[float(row[column]) for column in kept] for row, _ in pairs])
    y = np.array([answer for _, answer in pairs])
    y = np.unique(y, return_inverse=True)[1] if task == "classification" else y.astype(float)
    chosen = np.sort(np.random.default_rng(0).permutation(len(y))[:MOST_ROWS])
    return Rows(x[chosen], y[chosen], task)


def _friedman() -> Rows:
    """Friedman's first problem, ten inputs of which five matter."""
    from sklearn.datasets import make_friedman1

    return Rows(*make_friedman1(800, noise=1.0, random_state=0), "regression")


def _noisy() -> Rows:
    """Few rows, many columns, a tenth of the labels wrong."""
    from sklearn.datasets import make_classification

    x, y = make_classification(200, 20, n_informative=5, n_redundant=5, flip_y=0.2, random_state=0)
    return Rows(x, y, "classification")


DATA: dict[str, Callable[[], Rows]] = {
    "noisy classes": _noisy,
    "diabetes": lambda: _bundled("diabetes", "regression"),
    "breast cancer": lambda: _bundled("breast_cancer", "classification"),
    "chick weights": lambda: _river("ChickWeights", "regression", ("chick",)),
    "friedman": _friedman,
    "trump approval": lambda: _river("TrumpApproval", "regression", ("ordinal_date",)),
    "phishing": lambda: _river("Phishing", "classification"),
    "digits": lambda: _bundled("digits", "classification"),
    "image segments": lambda: _river("ImageSegments", "classification"),
    "bananas": lambda: _river("Bananas", "classification"),
}
