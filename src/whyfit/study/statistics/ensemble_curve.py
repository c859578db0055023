"""The error against the number of members: what a larger ensemble would bring, from networks that are there anyway."""

from __future__ import annotations

import numpy as np

from whyfit.evidence.types import AnyArray, FloatArray
from whyfit.study.statistics.ensemble import logits_of
from whyfit.study.statistics.losses import Loss, log_sigmoid, log_softmax, row_losses
from whyfit.study.statistics.weighted import weighted_mean

LABELS: frozenset[Loss] = frozenset({"hamming", "binary_cross_entropy"})
"""Losses of several labels a row, whose probabilities are sigmoids."""


def size_curve(outputs: AnyArray, target: AnyArray, *, loss: Loss, weights: AnyArray | None = None) -> FloatArray:
    """(networks,): the loss of the mean prediction of 1, 2, … of all networks that did not train on a row.

    Description without an interval: networks of other repeats count as members, though their training rows differ.
    Each size is the mean over as many draws as there are networks: runs of neighbours around the circle of networks, in
    which the seeds of one fit stand far apart.

    Parameters
    ----------
    outputs
        (repeats, seeds, rows, outputs): out-of-fold raw outputs.
    target
        As in `row_losses`.
    weights
        (rows,) of the rows; None where all count alike.

    Examples
    --------
    >>> outputs = np.array([[[[1.0]]], [[[-1.0]]]])
    >>> size_curve(outputs, np.array([[0.0]]), loss="squared_error")
    array([1., 0.])
    """
    circle = _averaged(np.concatenate(list(np.moveaxis(np.asarray(outputs), 1, 0))), loss)  # (networks, rows, outputs)
    count = circle.shape[0]
    totals, losses = circle.copy(), np.empty(count)
    for size in range(1, count + 1):
        losses[size - 1] = _mean_loss(totals / size, target, loss, weights)
        totals += np.roll(circle, -size, axis=0)  # the run that starts at each network, one longer
    return losses


def _averaged(outputs: AnyArray, loss: Loss) -> FloatArray:
    """What an ensemble takes the mean of: outputs, or probabilities."""
    if loss in LABELS:
        return np.exp(log_sigmoid(outputs))
    values: FloatArray = outputs.astype(np.float64) if loss == "squared_error" else np.exp(log_softmax(outputs))
    return values


def _mean_loss(means: FloatArray, target: AnyArray, loss: Loss, weights: AnyArray | None) -> float:
    """Mean over draws and rows; a probability that rounds to zero costs as much as the least one."""
    if loss == "squared_error":
        return weighted_mean(row_losses(means, target, loss), weights)
    if loss in LABELS:
        return weighted_mean(row_losses(logits_of(means, 1.0 - means), target, loss), weights)
    logs = np.log(np.maximum(means, np.finfo(np.float64).tiny))
    return weighted_mean(row_losses(logs, target, loss), weights)
