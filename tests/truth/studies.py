"""Repeated k-fold by hand: what a study gives the statistics room, from any learner that is a function."""

from collections.abc import Callable

import numpy as np

FOLDS = 5

Learner = Callable[..., np.ndarray]
"""(x, target, asked inputs, seed) to (arms, asked rows)."""


def shuffles(rows: int, repeats: int, noise: np.random.Generator) -> np.ndarray:
    """(repeats, rows): the fold of each row, a new shuffle every repeat."""
    return np.stack([noise.permutation(rows) % FOLDS for _ in range(repeats)])


def out_of_fold(
    learner: Learner, x: np.ndarray, target: np.ndarray, folds: np.ndarray, seeds: int, noise: np.random.Generator
) -> np.ndarray:
    """(arms, repeats, seeds, rows): each row's output by the networks that did not train on it; every seed distinct."""
    table = None
    for repeat, fold in enumerate(folds):
        for part in range(FOLDS):
            train, score = fold != part, np.flatnonzero(fold == part)
            for seed in range(seeds):
                outputs = learner(x[train], target[train], x[score], int(noise.integers(2**62)))
                if table is None:
                    table = np.empty((outputs.shape[0], folds.shape[0], seeds, x.shape[0]))
                table[:, repeat, seed, score] = outputs
    return table
