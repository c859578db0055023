"""Squared error taken apart; exact and unbiased but for φ.

    seed(i)    = mean_r Var_s p(r, s, i)
    between(i) = Var_r[mean_s p(r, s, i)] − seed(i)/S
    seed = mean_i seed(i);   sample = mean_i between(i)/φ;   bias² + noise = error − sample − seed

The plug-in (y − mean prediction)² is wrong: it holds bias² + noise + Var/B, and averaging over overlapping training
sets does not remove the sample part at all. Several outputs are averaged, as in the loss.
"""

from __future__ import annotations

import numpy as np

from whyfit.evidence.types import AnyArray, FloatArray
from whyfit.study.statistics.terms import LossTerms, linear, seen_linear


def _prepare(outputs: AnyArray) -> FloatArray:
    return np.asarray(outputs, dtype=np.float64)


def _seed_rows(p: FloatArray) -> FloatArray:
    spread: FloatArray = p.var(axis=1, ddof=1).mean(axis=-1)  # (repeats, rows)
    return spread


def _between_rows(p: FloatArray) -> FloatArray:
    between: FloatArray = p.mean(axis=1).var(axis=0, ddof=1).mean(axis=-1)  # (rows,)
    between -= _seed_rows(p).mean(axis=0) / p.shape[1]
    return between


def _spread_rows(p: FloatArray) -> FloatArray:
    spread: FloatArray = p[:, 0].var(axis=0, ddof=1).mean(axis=-1)  # (rows,)
    return spread


SQUARED_TERMS = LossTerms(_prepare, _seed_rows, _between_rows, _spread_rows, linear, seen_linear)
