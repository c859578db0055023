"""What scaling before the split would have pretended: the mistake that a study does not make, measured all the same.

The guess "as the nearest training row" is scored twice in every fold, with scaling fitted on the training part and with
scaling fitted on all rows. The difference is nearly always nothing; where a few rows have extreme values it is not.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from whyfit.data.encode import features_of, fit_scaling
from whyfit.data.guesses import losses
from whyfit.evidence.dataset import Dataset
from whyfit.evidence.leaks import PretendedFacts
from whyfit.evidence.split import Split
from whyfit.evidence.types import FloatArray, IntArray

MOST_TRAINED, MOST_SCORED = 2_000, 1_000
"""Rows of each part of a fold that are compared: 2 million distances."""

MOST_FITTED = 100_000
"""Training rows that scaling is fitted on here, with the same share of all others, so that large tables fit."""

SAMPLE_SEED = 20_004


def pretended_facts(data: Dataset, splits: Sequence[Split]) -> PretendedFacts | None:
    """Score the guess both ways; None for a hold-out, whose one fold gives no interval."""
    if len(splits) < 2:
        return None
    pairs = np.array([_fold(data, split) for split in splits])
    inside, outside = pairs.mean(axis=0)
    gains = pairs[:, 0] - pairs[:, 1]
    reach = _reach(gains, splits)
    gain = float(gains.mean())
    return PretendedFacts(float(inside), float(outside), gain, gain - reach, gain + reach)


def _fold(data: Dataset, split: Split) -> tuple[float, float]:
    noise = np.random.default_rng(SAMPLE_SEED)
    train, score = noise.permutation(split.train)[:MOST_TRAINED], noise.permutation(split.score)[:MOST_SCORED]
    features = features_of(data)
    fitted = noise.permutation(split.train)[:MOST_FITTED]
    share = fitted.size / split.train.size
    others = noise.permutation(np.concatenate([split.stop, split.score]))
    every = np.concatenate([fitted, others[: round(share * others.size)]])
    inside, outside = (
        losses(
            data, score, train[_nearest(scaling.apply(features.values[train]), scaling.apply(features.values[score]))]
        )
        for scaling in (fit_scaling(features, fitted), fit_scaling(features, every))
    )
    return float(inside.mean()), float(outside.mean())


def _nearest(train: FloatArray, score: FloatArray) -> IntArray:
    """(scored rows,) position of the nearest training row."""
    distance = (train**2).sum(axis=1)[None, :] - 2 * score @ train.T
    nearest: IntArray = distance.argmin(axis=1)
    return nearest


def _reach(gains: FloatArray, splits: Sequence[Split]) -> float:
    """Half the width of Nadeau and Bengio's interval: t · √((1/J + scored/trained) · s²)."""
    from scipy.stats import t  # noqa: PLC0415  # heavy

    share = float(np.mean([split.score.size / split.train.size for split in splits]))
    spread = (1 / gains.size + share) * float(gains.var(ddof=1))
    return float(t.ppf(0.975, gains.size - 1) * spread**0.5)
