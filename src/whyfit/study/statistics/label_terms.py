"""Several labels a row: Hamming loss and binary cross-entropy taken apart, label by label, and averaged.

Each label is a yes or a no by itself. The Hamming loss is the mean of the labels' 0-1 errors, and its terms are those
of `zero_one_terms` with a pair of row and label for a row; the mean binary cross-entropy is the mean of cross-entropies
of two classes, and its terms, in which variances add, are the means of those of `entropy_terms`.
"""

from __future__ import annotations

import numpy as np

from whyfit.evidence.types import AnyArray, FloatArray, IntArray
from whyfit.study.statistics.entropy_terms import ENTROPY_TERMS
from whyfit.study.statistics.losses import answers_of, log_sigmoid
from whyfit.study.statistics.terms import LossTerms
from whyfit.study.statistics.zero_one_terms import ZERO_ONE_TERMS


def _pairs(answers: IntArray) -> IntArray:
    """(repeats, seeds, rows, labels) → (repeats, seeds, rows · labels)."""
    return answers.reshape(*answers.shape[:2], -1)


def _hamming_seed_rows(answers: IntArray) -> FloatArray:
    each = ZERO_ONE_TERMS.seed_rows(_pairs(answers))
    rows: FloatArray = each.reshape(answers.shape[0], *answers.shape[2:]).mean(axis=-1)  # (repeats, rows)
    return rows


def _hamming_between_rows(answers: IntArray) -> FloatArray:
    rows: FloatArray = ZERO_ONE_TERMS.between_rows(_pairs(answers)).reshape(answers.shape[2:]).mean(axis=-1)
    return rows


def _hamming_spread_rows(answers: IntArray) -> FloatArray:
    return _hamming_between_rows(answers[:, :1])


def _logs(outputs: AnyArray) -> FloatArray:
    """(repeats, seeds, rows, labels, 2): log-probabilities of no and of yes."""
    return np.stack([log_sigmoid(-np.asarray(outputs, dtype=np.float64)), log_sigmoid(outputs)], axis=-1)


def _entropy_seed_rows(logs: FloatArray) -> FloatArray:
    rows: FloatArray = ENTROPY_TERMS.seed_rows(logs).mean(axis=-1)
    return rows


def _entropy_between_rows(logs: FloatArray) -> FloatArray:
    rows: FloatArray = ENTROPY_TERMS.between_rows(logs).mean(axis=-1)
    return rows


def _entropy_spread_rows(logs: FloatArray) -> FloatArray:
    rows: FloatArray = ENTROPY_TERMS.spread_rows(logs).mean(axis=-1)
    return rows


HAMMING_TERMS = LossTerms(
    answers_of,
    _hamming_seed_rows,
    _hamming_between_rows,
    _hamming_spread_rows,
    ZERO_ONE_TERMS.assemble,
    ZERO_ONE_TERMS.seen,
)
BINARY_ENTROPY_TERMS = LossTerms(
    _logs,
    _entropy_seed_rows,
    _entropy_between_rows,
    _entropy_spread_rows,
    ENTROPY_TERMS.assemble,
    ENTROPY_TERMS.seen,
)
