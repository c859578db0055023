"""Sums over the rows of a batch: weighted loss, weights, errors, and the weights that errors count by.

A row counts by the weight of its class and by its own. The gradient of a batch is divided by the weights of the classes
alone, so that a batch of heavy rows moves the network further than one of light rows: over an epoch each row then
counts by its weight, in batches of one row too (Σ wᵢ·gᵢ/rows, as in importance sampling; divided by Σ wᵢ, a batch of
one row would ignore its weight). Means of losses are divided by all weights, those of errors by the rows' own.
"""

from __future__ import annotations

from whyfit.evidence.types import AnyArray, FloatArray, IntArray
from whyfit.training.kernel.inline import inside
from whyfit.training.kernel.job import Rows


@inside
def weigh(data: Rows, rows: IntArray, delta: AnyArray, losses: AnyArray, sums: FloatArray) -> None:
    """Turn gradients a row into the gradient of the batch's loss; adds weighted losses and weights to `sums`."""
    number = delta.dtype.type
    total, weights, shares = 0.0, 0.0, 0.0
    for r in range(rows.size):
        share = 1.0 if data.codes.size == 0 else data.class_weights[data.codes[rows[r]]]
        weight = share if data.weights.size == 0 else share * data.weights[rows[r]]
        total += weight * losses[r]
        weights += weight
        shares += share
    for k in range(delta.shape[0]):
        for r in range(rows.size):
            weight = 1.0 if data.codes.size == 0 else data.class_weights[data.codes[rows[r]]]
            weight = weight if data.weights.size == 0 else weight * data.weights[rows[r]]
            delta[k, r] *= number(weight / shares)
    sums[0] += total
    sums[1] += weights


@inside
def add_errors(data: Rows, rows: IntArray, values: AnyArray, sums: FloatArray) -> None:
    """Errors and the weights that they count by: rows whose first largest output is another class, squared errors in
    the target's own units, or the share of labels on the wrong side of zero.
    """
    outputs = values.shape[0]
    for r in range(rows.size):
        row, error, best = rows[r], 0.0, 0
        if data.codes.size > 0:
            for k in range(1, outputs):
                if values[k, r] > values[best, r]:
                    best = k
            error = 1.0 if best != data.codes[row] else 0.0
        elif data.labels:
            for k in range(outputs):
                error += 1.0 if (values[k, r] > 0) != (data.targets[row, k] > 0) else 0.0
            error /= outputs
        else:
            for k in range(outputs):
                own = values[k, r] * data.target_scale[k] + data.target_shift[k]
                error += (own - data.targets[row, k]) ** 2
            error /= outputs
        weight = 1.0 if data.weights.size == 0 else data.weights[row]
        sums[2] += weight * error
        sums[3] += weight
