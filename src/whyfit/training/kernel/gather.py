"""The rows of a batch, scaled as they are fetched: no member holds a copy of the data."""

from __future__ import annotations

from whyfit.evidence.types import AnyArray, IntArray
from whyfit.training.kernel.inline import inside
from whyfit.training.kernel.job import Rows

ASKED = 1 << 15
"""Rows between two looks at the flag: 10 to 20 ms of rows in no order, 64 features each (measured)."""


@inside
def gather_inputs(data: Rows, rows: IntArray, inputs: AnyArray, cancel: AnyArray) -> None:
    """(value − shift)·scale, 0 where missing, into `inputs` (rows, features); unfinished where the flag is set."""
    number = inputs.dtype.type
    for r in range(rows.size):
        if r % ASKED == 0 and cancel[0]:
            return
        row = rows[r]
        for j in range(inputs.shape[1]):
            x = (number(data.values[row, j]) - number(data.shift[j])) * number(data.scale[j])
            inputs[r, j] = x if x == x else number(0)  # noqa: PLR0124  # only NaN differs from itself


@inside
def gather_targets(data: Rows, rows: IntArray, smoothing: float, wanted: AnyArray) -> None:
    """What the outputs should be, (outputs, rows): shares of the classes, or scaled targets."""
    number = wanted.dtype.type
    if data.codes.size == 0:
        for k in range(wanted.shape[0]):
            for r in range(rows.size):
                wanted[k, r] = number((data.targets[rows[r], k] - data.target_shift[k]) / data.target_scale[k])
        return
    wanted[:, :] = number(smoothing / wanted.shape[0])
    for r in range(rows.size):
        wanted[data.codes[rows[r]], r] += number(1.0 - smoothing)
