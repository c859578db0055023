"""The score where a splitter of the user's divides the rows once only: what such a division can tell, and no more.

Several splits: Nadeau and Bengio's interval over their scores, each averaged over seeds; other seeds on the same splits
are no further fits. One split: the interval of the networks in hand on its rows; what another training sample would
have given is not in it.
"""

from __future__ import annotations

import numpy as np

from whyfit.evidence.estimate import Estimate
from whyfit.evidence.types import FloatArray
from whyfit.study.results import ArmResults
from whyfit.study.statistics.blocks import holdout_estimate
from whyfit.study.statistics.corrected import nadeau_bengio
from whyfit.study.statistics.limits import error_estimate
from whyfit.study.statistics.losses import BOUNDED
from whyfit.study.statistics.spread import Spread
from whyfit.study.statistics.weighted import weighed


def divided_once(results: ArmResults, level: float = 0.95) -> Estimate:
    """The score with the interval that the division allows."""
    zero_one = results.error_loss in BOUNDED
    if results.once == "holdout":
        rows = results.members[0].split.score
        own = results.data.weights
        losses = results.plain_losses(results.error_loss)[..., rows].reshape(-1, rows.size)  # (networks, rows)
        losses = weighed(losses, None if own is None else own[rows])
        return holdout_estimate(losses, training_rows=results.training_rows, zero_one=zero_one, level=level)
    spread = division_spread(results, results.by_fit("score_error"))
    return error_estimate(spread, bounded=zero_one, level=level)


def division_spread(results: ArmResults, by_fit: FloatArray) -> Spread:
    """Nadeau and Bengio's spread of (repeats, folds) values whose repeats differ in their seeds alone."""
    splits = [member.split for member in results.members[:: results.arm.seeds][: results.folds]]
    scored = np.concatenate([split.score for split in splits])
    return nadeau_bengio(
        by_fit.mean(axis=0),
        scored=scored.size / results.folds,
        trained=results.training_rows,
        rows=np.unique(scored).size,
    )
