"""From raw outputs and targets to one loss a row: what every interval and every decomposition starts from."""

from __future__ import annotations

from typing import Literal, TypeAlias

import numpy as np

from whyfit.evidence.types import AnyArray, FloatArray, IntArray

Loss: TypeAlias = Literal["squared_error", "zero_one", "cross_entropy", "hamming", "binary_cross_entropy"]
"""The losses that are judged: squared error for regression, 0-1 error and cross-entropy for classification, the last
two for several labels a row."""

BOUNDED: frozenset[Loss] = frozenset({"zero_one", "hamming"})
"""Losses from 0 to 1, whose intervals are Wilson's; a network that gives no answer is wrong in them."""

NO_ANSWER = -1
"""The class of a row whose outputs are not all finite."""


def row_losses(outputs: AnyArray, target: AnyArray, loss: Loss) -> FloatArray:
    """One loss a row, in float64.

    - `squared_error`: mean over outputs of (output − target)², in the target's own units;
    - `zero_one`: 1 where the largest output is not the target's class. A diverged network (outputs not finite) gives no
      answer, and no answer is wrong: 1. The 0-1 error stays bounded where the other losses do not;
    - `cross_entropy`: −log softmax(outputs) at the target's class; not finite where an output is not;
    - `hamming`: the share of labels that are wrong, yes where the output is above 0;
    - `binary_cross_entropy`: −log σ(±output) of each label as it is, mean over labels.

    Parameters
    ----------
    outputs
        (..., rows, outputs): raw outputs, logits for classification.
    target
        (rows,) class codes, or (rows, outputs) values, or (rows, labels) 1 and 0.

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
    elif loss == "hamming":
        losses = (answers_of(outputs) != target).mean(axis=-1)
    elif loss == "binary_cross_entropy":
        signs = 2.0 * np.asarray(target, dtype=np.float64) - 1.0
        losses = -log_sigmoid(np.asarray(outputs, dtype=np.float64) * signs).mean(axis=-1)
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


def answers_of(outputs: AnyArray) -> IntArray:
    """(..., labels): 1 for yes, 0 for no, −1 where the output is not finite.

    Examples
    --------
    >>> answers_of(np.array([0.5, -0.5, np.nan]))
    array([ 1,  0, -1])
    """
    values = np.asarray(outputs)
    return np.where(np.isfinite(values), (values > 0).astype(np.int64), NO_ANSWER)


def log_sigmoid(outputs: AnyArray) -> FloatArray:
    """Log σ(z) in float64, never clipped.

    Examples
    --------
    >>> log_sigmoid(np.array([0.0, -1000.0])).round(3).tolist()
    [-0.693, -1000.0]
    """
    with np.errstate(invalid="ignore"):  # NaN says that the network diverged
        result: FloatArray = -np.logaddexp(0.0, -np.asarray(outputs, dtype=np.float64))
    return result


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
