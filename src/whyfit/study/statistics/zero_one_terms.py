"""0-1 error taken apart, in the additive form of Kohavi and Wolpert (1996).

The variance is half the probability that two independent networks disagree. With D_seed for two seeds on the same rows
and D_rows for two networks of different repeats::

    variance = √(D_seed² + (D_rows² − D_seed²)/φ);   seed = D_seed;   sample = variance − D_seed
    bias² + noise = error − variance

as disagreement grows with the *square root* of a perturbation's variance (dividing by φ directly overstates the sample
part by 40 %). D_rows² − D_seed² is not cut at 0: by chance it may be negative, and cut there the sample part would
often be 0 with an interval of no width (simulated coverage of the sample part 89 % with the cut, 99 % without, at the
same width). Simulated for two classes; for more the same formulas are used, not simulated.
"""

from __future__ import annotations

import numpy as np

from whyfit.evidence.types import FloatArray, IntArray
from whyfit.study.statistics.losses import classes_of
from whyfit.study.statistics.terms import LossTerms


def _votes(answers: IntArray) -> FloatArray:
    """(repeats, rows, answers): the share of seeds that gave each answer; "no answer" is one of them."""
    return np.stack([(answers == answer).mean(axis=1) for answer in np.unique(answers)], axis=-1)


def _seed_rows(answers: IntArray) -> FloatArray:
    seeds = answers.shape[1]
    differ: FloatArray = 1.0 - (_votes(answers) ** 2).sum(axis=-1)  # (repeats, rows), drawn with replacement
    differ *= 0.5 * seeds / (seeds - 1)
    return differ


def _between_rows(answers: IntArray) -> FloatArray:
    votes, repeats = _votes(answers), answers.shape[0]
    alike: FloatArray = (votes.sum(axis=0) ** 2 - (votes**2).sum(axis=0)).sum(axis=-1)  # (rows,)
    differ: FloatArray = 0.5 - 0.5 * alike / (repeats * (repeats - 1))
    return differ


def _assemble(seed: FloatArray, rows: FloatArray, phi: float) -> tuple[FloatArray, FloatArray]:
    variance = np.sqrt(np.maximum(0.0, seed**2 + (rows**2 - seed**2) / phi))
    return variance - seed, seed


def _spread_rows(answers: IntArray) -> FloatArray:
    return _between_rows(answers[:, :1])


def _seen(seed: FloatArray, sample: FloatArray, phi: float) -> FloatArray:
    """`_assemble` solved for D_rows."""
    whole = seed + sample
    seen: FloatArray = np.sqrt(np.maximum(0.0, seed**2 + phi * (whole**2 - seed**2)))
    return seen


ZERO_ONE_TERMS = LossTerms(classes_of, _seed_rows, _between_rows, _spread_rows, _assemble, _seen)
