"""From raw outputs and targets to one loss a row: what every interval and every decomposition starts from."""

from __future__ import annotations

from typing import Literal, TypeAlias

import numpy as np

from whyfit.evidence.types import AnyArray, FloatArray, IntArray

Loss: TypeAlias = Literal["squared_error", "zero_one", "cross_entropy"]
"""The losses that are judged: squared error for regression, the other two for classification."""

NO_ANSWER = -1
"""The class of a row whose outputs are not all finite."""


def row_losses(outputs: AnyArray, target: AnyArray, loss: Loss) -> FloatArray:
    """One loss a row, in float64.

    - `squared_error`: mean over outputs of (output − target)², in the target's own units;
    - `zero_one`: 1 where the largest output is not the target's class. A diverged network (outputs not finite) gives no
      answer, and no answer is wrong: 1. The 0-1 error stays bounded where the other losses do not;
    - `cross_entropy`: −log softmax(outputs) at the target's class; not finite where an output is not.

    Parameters
    ----------
    outputs
        (..., rows, outputs): raw outputs, logits for classification.
    target
        (rows,) class codes, or (rows, outputs) values.

    Returns
    -------
    (..., rows)

    Examples
    --------
    >>> logits = np.array([[2.0, 0.0], [0.0, 1.0]])
    >>> row_losses(logits, np.array([0, 0]), "zero_one")
    array([0., 1.])
    >>> row_losses(logits, np.array([0, 0]), "cross_entropy").round(3)
    array([0.127, 1.313])
    """
    if loss == "zero_one":
        losses: FloatArray = (classes_of(outputs) != target).astype(np.float64)
    elif loss == "cross_entropy":
        losses = -log_softmax(outputs)[..., np.arange(outputs.shape[-2]), target]
    else:
        losses = ((np.asarray(outputs, dtype=np.float64) - target) ** 2).mean(axis=-1)
    return losses


def classes_of(outputs: AnyArray) -> IntArray:
    """(..., rows): the class with the largest output (the first of equal ones), −1 where an output is not finite.

    Examples
    --------
    >>> classes_of(np.array([[0.0, 1.0], [np.nan, 0.0]]))
    array([ 1, -1])
    """
    best = np.asarray(outputs).argmax(axis=-1)
    return np.where(np.isfinite(outputs).all(axis=-1), best, NO_ANSWER)


def log_softmax(outputs: AnyArray) -> FloatArray:
    """Log-probabilities over the last axis in float64, never clipped; NaN where an output is not finite.

    Examples
    --------
    >>> log_softmax(np.array([1000.0, 0.0]))
    array([    0., -1000.])
    """
    logits = np.asarray(outputs, dtype=np.float64)
    with np.errstate(invalid="ignore"):  # inf − inf: NaN says that the network diverged
        shifted = logits - logits.max(axis=-1, keepdims=True)
    result: FloatArray = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    return result
