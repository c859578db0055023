"""Probe: change one row of a batch, and look at the outputs of the others.

Tells a network that answers row by row from one where rows leak into each other (a wrong reshape, a softmax or a sum
over the batch, a batch taken for time steps). Up to four forward passes in evaluation mode, where batch norm does not
mix. Blind where rows are nodes of a graph. A layer may take time steps along the first axis: then that is the axis of
the rows only where the network answers once for each entry of it, and the second axis has another length.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from whyfit.probes.pair import Pair, array_of

LEAST_ROWS = 4
TOLERANCE = 1e-4
"""Of the spread of the outputs: a thousand times float32's rounding, as a product may be blocked anew."""


SOURCES = 3
"""Other rows that are put in its place, one after the other: what leaks may hang on a column in which two are alike."""


def probe_mixing(pair: Pair) -> dict[str, Any]:
    """The largest change of another row's output, over the spread of the outputs."""
    rows = pair.rows
    if rows < LEAST_ROWS:
        return {}
    inputs = pair.batch[0]
    sources = [row for row in range(rows - 1, 0, -1) if not torch.equal(inputs[row], inputs[0])][:SOURCES]
    pair.network.eval()
    with torch.no_grad():
        before = pair.run()
    if before is None or before.ndim == 0 or before.shape[0] != rows:
        return {}
    if pair.time_may_lead and (before.ndim > 2 or inputs.ndim < 2 or inputs.shape[1] == rows):
        return {}
    found = [one for source in sources if (one := _with_row(pair, before, source))]
    return max(found, key=lambda one: float(one["others"]), default={})


def _with_row(pair: Pair, before: torch.Tensor, source: int) -> dict[str, Any]:
    """What changes when the first row becomes a copy of another one."""
    inputs = pair.batch[0]
    changed = inputs.clone()
    changed[0] = inputs[source]
    with torch.no_grad():
        after = pair.with_batch(changed).run()
    if after is None or before.shape != after.shape:
        return {}
    first, second = array_of(before), array_of(after)
    spread = float(first.std()) + 1e-12
    moved = np.abs(second - first).max(axis=1) / spread
    return {"others": float(moved[1:].max()), "own": float(moved[0]), "share": float((moved[1:] > TOLERANCE).mean())}
