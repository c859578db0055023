"""The error against the number of members: what a larger ensemble would bring, from networks that are there anyway."""

from __future__ import annotations

import numpy as np

from whyfit.evidence.types import AnyArray, FloatArray
from whyfit.study.statistics.ensemble import mean_prediction
from whyfit.study.statistics.losses import Loss, row_losses


def size_curve(outputs: AnyArray, target: AnyArray, *, loss: Loss) -> FloatArray:
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

    Examples
    --------
    >>> outputs = np.array([[[[1.0]]], [[[-1.0]]]])
    >>> size_curve(outputs, np.array([[0.0]]), loss="squared_error")
    array([1., 0.])
    """
    circle = np.concatenate(list(np.moveaxis(np.asarray(outputs), 1, 0)))  # (networks, rows, outputs), seed after seed
    count = circle.shape[0]
    runs = [[np.roll(circle, -start, axis=0)[:size] for start in range(count)] for size in range(1, count + 1)]
    return np.array([np.mean([_loss_of_mean(run, target, loss) for run in same]) for same in runs])


def _loss_of_mean(members: AnyArray, target: AnyArray, loss: Loss) -> float:
    return float(row_losses(mean_prediction(members[None], loss), target, loss).mean())
