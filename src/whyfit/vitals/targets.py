"""What a loss saved of its target and of what it was compared with: numbers of one batch."""

from __future__ import annotations

from typing import Any

import numpy as np

from whyfit.evidence.types import AnyArray
from whyfit.vitals.graph import LOSSES, Node
from whyfit.vitals.numbers import as_array

MOST_LEVELS = 40
"""Distinct whole numbers of a target that are counted; more of them are no classes."""
MOST = 1 << 24
"""Values below which output and target are taken whole, as thinning them would part their rows."""


def target_facts(loss: Node) -> dict[str, Any]:
    """Shape, kind, range and mean of the target, and what its values are; nothing where the loss saved none."""
    target = loss.saved("target")
    if target is None:
        return {}
    facts: dict[str, Any] = {
        "target_shape": list(target.shape),
        "target_kind": str(target.dtype).removeprefix("torch."),
    }
    values = as_array(target).astype(np.float64)
    if values.size:
        facts |= {
            "target_low": float(values.min()),
            "target_high": float(values.max()),
            "target_std": float(values.std()),
            "target_mean": float(values.mean()),
            "target_below": float((np.minimum(values, 0.0) ** 2).mean()),
        }
    if values.ndim == 2 and values.shape[1] > 1:
        sums = values.sum(axis=1)
        facts |= {"target_row_low": float(sums.min()), "target_row_high": float(sums.max())}
        facts |= {"column_entropy": _entropy(values.mean(axis=0))} if ((values == 0) | (values == 1)).all() else {}
    elif values.size and target.dtype.is_floating_point:
        facts |= _levels(values.ravel())
    return facts | {"value": value_of(loss)}


def _entropy(shares: AnyArray) -> float:
    """The mean over columns of the entropy of a yes or no, in nats."""
    p = np.clip(shares, 1e-12, 1 - 1e-12)
    return float(-(p * np.log(p) + (1 - p) * np.log(1 - p)).mean())


def _levels(values: AnyArray) -> dict[str, Any]:
    """The whole numbers that a target of one column takes, where it takes no others."""
    if (values != np.round(values)).any():
        return {}
    levels, counts = np.unique(values, return_counts=True)
    if levels.size > MOST_LEVELS:
        return {}
    return {"levels": [int(one) for one in levels], "level_counts": [int(one) for one in counts]}


def value_of(loss: Node) -> float | None:
    """The mean of a known loss over its rows, from what it saved; None where it cannot be computed."""
    target, given = loss.saved("target"), loss.saved("self")
    weighted = loss.saved("weight") is not None or loss.saved("pos_weight") is not None
    if given is None or target is None or weighted or max(given.numel(), target.numel()) > MOST:
        return None
    return _mean(LOSSES.get(loss.name), as_array(given, MOST).astype(np.float64), as_array(target, MOST))


def _mean(kind: str | None, output: AnyArray, wanted: AnyArray) -> float | None:
    if kind == "nll" and output.ndim == 2 and wanted.shape == output.shape[:1]:
        return float(-output[np.arange(len(output)), wanted.astype(int) % output.shape[1]].mean())
    if kind == "mse" and output.shape == wanted.shape:
        return float(((output - wanted) ** 2).mean())
    if kind == "bce_logits" and output.shape == wanted.shape:
        return float((np.logaddexp(0.0, output) - output * wanted).mean())
    return None
