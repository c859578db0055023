"""The gain of an ensemble: what the mean prediction of M seeds gains over one of them.

    gain = mean over members of the loss of one − the loss of the mean prediction        on the same rows

The mean prediction is the mean of the outputs, for classification the mean of the probabilities. In 0-1 error the gain
has its row and refit interval; in squared error and cross-entropy that one covered only 88.7 % in one cell of
simulation, so there Nadeau and Bengio's stands in (wide, but it covers).
"""

from __future__ import annotations

import numpy as np

from whyfit.errors import ArgumentError
from whyfit.evidence.types import AnyArray, FloatArray, IntArray
from whyfit.study.statistics.corrected import fold_means, nadeau_bengio
from whyfit.study.statistics.interval import gain_spread
from whyfit.study.statistics.losses import BOUNDED, Loss, log_sigmoid, log_softmax, row_losses
from whyfit.study.statistics.spread import Spread
from whyfit.study.statistics.weighted import weighed, weighted_mean


def mean_prediction(outputs: AnyArray, loss: Loss) -> FloatArray:
    """(repeats, rows, outputs): the ensemble's raw outputs from those of its members, (repeats, seeds, rows, outputs).

    For classification these are logarithms of mean probabilities, which are logits like any other; for labels the
    logits of mean probabilities.

    Examples
    --------
    >>> mean_prediction(np.array([[[[1.0]], [[2.0]]]]), "squared_error")
    array([[[1.5]]])
    """
    if loss == "squared_error":
        mean: FloatArray = np.asarray(outputs, dtype=np.float64).mean(axis=1)
        return mean
    if loss in {"hamming", "binary_cross_entropy"}:
        return logits_of(
            np.exp(log_sigmoid(outputs)).mean(axis=1), np.exp(log_sigmoid(-np.asarray(outputs))).mean(axis=1)
        )
    logs = log_softmax(outputs)
    top = logs.max(axis=1, keepdims=True)
    mean = np.log(np.exp(logs - top).mean(axis=1))
    mean += top[:, 0]
    return mean


def logits_of(yes: FloatArray, no: FloatArray) -> FloatArray:
    """log(yes/no) of mean probabilities; one that rounds to zero costs as much as the least number."""
    tiny = np.finfo(np.float64).tiny
    logits: FloatArray = np.log(np.maximum(yes, tiny)) - np.log(np.maximum(no, tiny))
    return logits


def ensemble_gain(
    outputs: AnyArray,
    target: AnyArray,
    folds: IntArray,
    *,
    loss: Loss,
    training_rows: int,
    groups: IntArray | None = None,
    weights: AnyArray | None = None,
) -> Spread:
    """Spread of the gain of the ensemble of all seeds of a fit over one seed.

    Parameters
    ----------
    outputs
        (repeats, seeds, rows, outputs): out-of-fold raw outputs; all seeds are members.
    target, folds, groups
        As in `row_losses` and `row_and_refit`.
    weights
        (rows,) of the rows; None where all count alike.

    Raises
    ------
    ArgumentError
        Where there are fewer than two seeds.

    Examples
    --------
    >>> noise = np.random.default_rng(0)
    >>> folds = np.stack([noise.permutation(60) % 5 for _ in range(3)])
    >>> outputs = noise.normal(size=(3, 4, 60, 1))
    >>> ensemble_gain(outputs, np.zeros((60, 1)), folds, loss="squared_error", training_rows=48).estimate()
    Estimate(0.7313 [0.4778, 0.9849], nadeau_bengio)
    """
    if np.ndim(outputs) != 4 or np.shape(outputs)[1] < 2:
        raise ArgumentError(
            f"`outputs` must be (repeats, seeds, rows, outputs) with at least 2 seeds, got {np.shape(outputs)}.",
            advice="Train two or more seeds on the same rows.",
        )
    alone = row_losses(outputs, target, loss).mean(axis=1)[:, None]  # (repeats, 1, rows)
    together = row_losses(mean_prediction(outputs, loss), target, loss)[:, None]
    centre = weighted_mean(alone, weights)
    alone, together = (weighed(one, weights, centre) for one in (alone, together))
    return paired_gain(alone, together, folds, loss=loss, training_rows=training_rows, groups=groups)


def paired_gain(
    alone: FloatArray,
    together: FloatArray,
    folds: IntArray,
    *,
    loss: Loss,
    training_rows: int,
    groups: IntArray | None = None,
) -> Spread:
    """The same from losses (repeats, 1, rows): of one member on average, and of the mean prediction."""
    by_rows = gain_spread(alone, together, folds, training_rows=training_rows, groups=groups)
    if loss in BOUNDED or by_rows.why_none is not None:
        return by_rows
    count = int(folds.max()) + 1
    means = fold_means((alone - together)[:, 0], folds, count)
    return nadeau_bengio(means, scored=folds.shape[1] / count, trained=training_rows, rows=by_rows.rows)
