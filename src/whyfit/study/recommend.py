"""The recommended recipe: chosen over plain and all arms, and what that choosing gained.

In each fit the arm with the least loss on that fit's stop rows is taken and scored on its scored rows: choosing is one
procedure, and its gain over plain is not helped by hindsight (`statistics.choice`). The recipe that is written is the
one with the least mean loss, against plain on the same fits, on all rows that its networks were not trained on: stop
rows and scored rows, of as many repeats as it has. They are more than twice the rows that a fit chooses by, so the
printed gain, which no row helped to choose, is rather too low for it than too high. Simulated with 20 arms of nearly
equal worth, the least mean loss errs less than the one that is chosen most often, whose lead is often a single fit
(`tests/study/test_recommend.py` holds it).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from whyfit.evidence.effects import RecommendedFacts
from whyfit.evidence.estimate import Estimate
from whyfit.evidence.types import FloatArray
from whyfit.study.combine import comparable, may_be_recommended
from whyfit.study.measure import METRICS, constant_of
from whyfit.study.results import ArmResults
from whyfit.study.search import worse_than_plain
from whyfit.study.statistics.choice import Choice, choose, chosen_losses
from whyfit.study.statistics.interval import gain_spread
from whyfit.study.track import Track

LEAST_REPEATS = 2
"""Below two repeats nothing printed has an interval."""


@dataclass(frozen=True, eq=False, slots=True)
class _Pool:
    """Plain and the arms that can be chosen, all at the same repeats."""

    names: list[str]
    arms: list[ArmResults]
    repeats: int


def recommended(tracks: Sequence[tuple[Track, Sequence[ArmResults]]], plain: ArmResults) -> RecommendedFacts | None:
    """The recipe to train with, and the gain of choosing it; None where nothing could be chosen from.

    Parameters
    ----------
    tracks
        Each with the results of its candidates.
    """
    pool = _pool(tracks, plain)
    if len(pool.arms) < 2:
        return None
    stop = np.stack([_first_seed(arm.stop_losses, pool.repeats) for arm in pool.arms])  # (arms, repeats, 1, folds)
    if not np.isfinite(stop[0]).any():
        return None
    choice, best = choose(stop), int(np.argmin([worse_than_plain(arm, plain) for arm in pool.arms]))
    arm = pool.arms[best].arm
    return RecommendedFacts(
        recipe=arm.recipe,
        name=pool.names[best],
        strength=arm.strength,
        changes=tuple(sorted((name, str(value)) for name, value in arm.recipe.differences(plain.arm.recipe).items())),
        metric=METRICS[plain.error_loss],
        gain=_gain(pool, choice, plain),
        share=float(choice.counts[best] / choice.counts.sum()),
        candidates=len(pool.arms),
    )


def _pool(tracks: Sequence[tuple[Track, Sequence[ArmResults]]], plain: ArmResults) -> _Pool:
    """Plain first: of equals the first is taken."""
    kept = [(track, arm) for track, arms in tracks for arm in _choosable(track, arms, plain)]
    repeats = min([plain.repeats, *(track.repeats for track, _ in kept)])
    return _Pool([plain.arm.name, *(track.family.name for track, _ in kept)], [plain, *(a for _, a in kept)], repeats)


def _choosable(track: Track, arms: Sequence[ArmResults], plain: ArmResults) -> Iterator[ArmResults]:
    """Arms that are a recipe on the same rows, their stop losses in the units of plain's."""
    if not may_be_recommended(track.family) or track.repeats < LEAST_REPEATS:
        return
    yield from (arm for arm in arms if comparable(arm.arm.recipe, plain.arm.recipe))


def _first_seed(stop_losses: FloatArray, repeats: int) -> FloatArray:
    """(repeats, 1, folds): arms have one seed a fit, so plain is chosen by one, too."""
    return stop_losses[:repeats, :1]


def _gain(pool: _Pool, choice: Choice, plain: ArmResults) -> Estimate:
    loss, folds = plain.error_loss, plain.fold_of_row[: pool.repeats]
    losses = np.stack([arm.row_losses(loss, plain.mean_loss(loss))[: pool.repeats, :1] for arm in pool.arms])
    spread = gain_spread(
        losses[0],
        chosen_losses(choice, losses, folds),
        folds,
        training_rows=plain.training_rows,
        baseline=constant_of(plain, loss),
        groups=plain.data.groups,
    )
    return spread.estimate()
