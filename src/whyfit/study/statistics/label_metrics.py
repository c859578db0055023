"""Metrics of several labels a row: of all labels alike (macro), and of whole rows."""

from __future__ import annotations

import math

import numpy as np

from whyfit.evidence.types import AnyArray, FloatArray
from whyfit.study.statistics.losses import answers_of


def macro_auc(outputs: AnyArray, target: AnyArray, weights: AnyArray | None = None) -> float:
    """Mean over labels of the area under the ROC curve; NaN where a label is always, or never, yes."""
    from sklearn.metrics import roc_auc_score  # noqa: PLC0415  # a second of import that few need

    outputs, target = np.asarray(outputs, dtype=np.float64), np.asarray(target)
    if not np.isfinite(outputs).all() or any(np.unique(label).size < 2 for label in target.T):
        return math.nan
    areas = [roc_auc_score(y, z, sample_weight=weights) for y, z in zip(target.T, outputs.T, strict=True)]
    return float(np.mean(areas))


def macro_f1(outputs: AnyArray, target: AnyArray, weights: AnyArray | None = None) -> float:
    """Mean over labels of F1; a label that is neither there nor answered does not count."""
    own = np.ones(np.shape(target)[0]) if weights is None else np.asarray(weights, dtype=np.float64)
    there, said = np.asarray(target) > 0, answers_of(outputs) == 1
    scores = []
    for k in range(there.shape[1]):
        both = own[there[:, k]].sum() + own[said[:, k]].sum()
        if both:
            scores.append(2.0 * own[there[:, k] & said[:, k]].sum() / both)
    return float(np.mean(scores)) if scores else math.nan


def subset_rows(outputs: AnyArray, target: AnyArray) -> FloatArray:
    """(..., rows): 1 where every label of the row is right."""
    right: FloatArray = (answers_of(outputs) == np.asarray(target)).all(axis=-1).astype(np.float64)
    return right
