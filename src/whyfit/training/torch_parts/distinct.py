"""How many units of a layer are unlike all others: twins stay twins, and a layer of twins learns one thing."""

from __future__ import annotations

import torch
from torch import Tensor

TOLERANCE = 1e-6
"""Of the largest norm of a unit: closer units are twins (evidence/vitals.py)."""

MOST_UNITS = 4096
"""Beyond it, the pairs no longer fit into memory at ease: not measured."""


def distinct_units(rows: Tensor) -> float:
    """Units, one a row (units, numbers), that differ from every other by more than a millionth of the largest norm.

    Examples
    --------
    >>> distinct_units(torch.tensor([[1.0, 2.0], [1.0, 2.0], [3.0, 4.0]]))
    1.0
    """
    if rows.shape[0] > MOST_UNITS:
        return float("nan")
    exact = rows.double()
    near = TOLERANCE * float(exact.norm(dim=1).max())
    apart = torch.cdist(exact, exact, compute_mode="donot_use_mm_for_euclid_dist")
    apart.fill_diagonal_(torch.inf)
    return float((apart > near).all(dim=1).sum()) if rows.shape[0] else 0.0
