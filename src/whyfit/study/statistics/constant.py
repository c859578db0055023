"""The best constant answer: what any network has to beat."""

from __future__ import annotations

import numpy as np

from whyfit.evidence.types import AnyArray
from whyfit.study.statistics.losses import Loss


def constant_loss(target: AnyArray, loss: Loss, weights: AnyArray | None = None) -> float:
    """The mean loss of the constant that fits these rows best: the `baseline` of `interval`.

    - `squared_error`: the variance, mean over outputs;
    - `zero_one`: the share of all but the largest class;
    - `cross_entropy`: the entropy of the class shares;
    - `hamming` and `binary_cross_entropy`: the same of each label, mean over labels.

    Parameters
    ----------
    target
        (rows,) class codes, or (rows, outputs) values.
    weights
        (rows,) of the rows; None where all count alike.

    Examples
    --------
    >>> constant_loss(np.array([0, 0, 0, 1]), "zero_one")
    0.25
    >>> constant_loss(np.array([[1.0], [3.0]]), "squared_error")
    1.0
    """
    values = np.asarray(target)
    if loss == "squared_error":
        numbers = values.astype(np.float64)
        if weights is None:
            return float(numbers.var(axis=0).mean())
        mean = np.average(numbers, axis=0, weights=weights)
        return float(np.average((numbers - mean) ** 2, axis=0, weights=weights).mean())
    if loss in {"hamming", "binary_cross_entropy"}:
        one: Loss = "zero_one" if loss == "hamming" else "cross_entropy"
        return float(np.mean([constant_loss(label, one, weights) for label in values.T]))
    counts = np.bincount(np.unique(values, return_inverse=True)[1], weights=weights)
    shares = counts / counts.sum()
    return float(1.0 - shares.max()) if loss == "zero_one" else float(-(shares * np.log(shares)).sum())
