"""Calls of the compiled kernel in either precision, for its tests."""

from __future__ import annotations

from typing import Any

import numpy as np

from whyfit.evidence.dataset import Dataset
from whyfit.evidence.member import Member
from whyfit.training.kernel.compiled import run
from whyfit.training.kernel.layout import AFTER, BIAS, INPUTS, NORM, SCALE, SHIFT, SLOPE, UNITS, WEIGHT, WIDTH
from whyfit.training.kernel.pack import Packed, pack


def trained(member: Member, data: Dataset, dtype: Any = np.float64) -> Packed:
    """A member trained by the kernel; what came out is in `written` and `vectors`."""
    packed = pack(member, data, np.zeros(1, np.uint8), dtype)
    run(packed.args)
    return packed


def parts_of(packed: Packed, flat: np.ndarray) -> list[np.ndarray]:
    """A flat vector cut up in the order of `Twin.parameters`."""
    lines = packed.layout.table[1:]
    tables = [
        flat[start:][: places * numbers].reshape(places, numbers) for places, numbers, start in packed.layout.tables
    ]
    weights = [flat[one[WEIGHT] :][: one[UNITS] * one[INPUTS]].reshape(one[UNITS], one[INPUTS]) for one in lines]
    biases = [flat[one[BIAS] :][: one[UNITS]] for one in lines if one[BIAS]]
    norms = []
    for one in lines:
        if one[NORM]:
            size = one[WIDTH] if one[NORM] == AFTER else one[UNITS]
            norms += [flat[one[SCALE] :][:size], flat[one[SHIFT] :][:size]]
    return [*tables, *weights, *biases, *norms, *(flat[one[SLOPE] :][:1] for one in lines if one[SLOPE])]
