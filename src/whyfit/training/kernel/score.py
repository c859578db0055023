"""Sums over the rows of a batch: weighted loss, weights, errors."""

from __future__ import annotations

from whyfit.evidence.types import AnyArray, FloatArray, IntArray
from whyfit.training.kernel.inline import inside
from whyfit.training.kernel.job import Rows


@inside
def weigh(data: Rows, rows: IntArray, delta: AnyArray, losses: AnyArray, sums: FloatArray) -> float:
    """Turn gradients a row into the gradient of the batch's mean loss, and give that mean.

    Every row counts by the weight of its class. Adds to `sums`: weighted losses, weights.
    """
    number = delta.dtype.type
    total, weights = 0.0, 0.0
    for r in range(rows.size):
        weight = 1.0 if data.codes.size == 0 else data.class_weights[data.codes[rows[r]]]
        total += weight * losses[r]
        weights += weight
    for k in range(delta.shape[0]):
        for r in range(rows.size):
            weight = 1.0 if data.codes.size == 0 else data.class_weights[data.codes[rows[r]]]
            delta[k, r] *= number(weight / weights)
    sums[0] += total
    sums[1] += weights
    return total / weights


@inside
def errors_of(data: Rows, rows: IntArray, values: AnyArray) -> float:
    """Sum of errors: rows whose first largest output is another class, or squared errors in the target's own units."""
    if data.codes.size > 0:
        return float(_wrong(data.codes, rows, values))
    total: float = 0.0
    for k in range(values.shape[0]):
        for r in range(rows.size):
            own = values[k, r] * data.target_scale[k] + data.target_shift[k]
            total += (own - data.targets[rows[r], k]) ** 2
    return total / float(values.shape[0])


@inside
def _wrong(codes: IntArray, rows: IntArray, values: AnyArray) -> int:
    wrong = 0
    for r in range(rows.size):
        best = 0
        for k in range(1, values.shape[0]):
            if values[k, r] > values[best, r]:
                best = k
        wrong += best != codes[rows[r]]
    return wrong
