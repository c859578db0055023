"""The smallest difference between two recipes that the scored rows can show, however many networks are trained."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from statistics import median

from whyfit.evidence.evidence import ScoreFacts
from whyfit.study.statistics.looks import LAST_PURSE
from whyfit.study.statistics.losses import Loss
from whyfit.study.statistics.power import smallest_gain
from whyfit.study.statistics.quantiles import critical_value
from whyfit.study.statistics.spread import Spread
from whyfit.study.track import Track


def with_smallest_gain(score: ScoreFacts, tracks: Sequence[Track], loss: Loss, once: str | None) -> ScoreFacts:
    """The score with the smallest gain that is shown with probability 0.8.

    From the floors V_rows of the gains that were measured on these rows, their median, at the strictest step of
    Hommel's rule; where none has a floor, from the score's own interval: two recipes that err independently differ by
    a variance of 2V.
    """
    floors = [spread.rows_variance for track in tracks for spread in _spreads(track, loss)]
    if floors:
        least = smallest_gain(median(floors), alpha=LAST_PURSE, remedies=len(floors))
        return replace(score, smallest_gain=least, smallest_from="remedies")
    low, high = score.estimate.low, score.estimate.high
    if low is None or high is None:
        return score
    degrees = score.estimate.rows - 1 if once == "holdout" else score.estimate.fits - 1
    error = (high - low) / 2 / critical_value(score.estimate.level, max(1, degrees))
    return replace(score, smallest_gain=smallest_gain(2 * error**2), smallest_from="score")


def _spreads(track: Track, loss: Loss) -> list[Spread]:
    looks = () if track.family.balanced else track.looks.get(loss, ())  # another error is no floor of this one
    return [looks[-1].spread] if looks and looks[-1].spread.why_none is None else []
