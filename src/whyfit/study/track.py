"""How far a family is: its repeats, the looks taken at it, its verdict."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from whyfit.evidence.effects import CandidateFacts
from whyfit.evidence.question import Question
from whyfit.evidence.types import FloatArray
from whyfit.study.plan import Arm, Family
from whyfit.study.results import ArmResults
from whyfit.study.statistics.balanced import balanced, too_few_of_a_class
from whyfit.study.statistics.choice import Choice, choose, chosen_losses
from whyfit.study.statistics.constant import constant_loss
from whyfit.study.statistics.ensemble import ensemble_gain
from whyfit.study.statistics.interval import gain_spread
from whyfit.study.statistics.looks import Look, may_be_last, take_look
from whyfit.study.statistics.losses import BOUNDED, Loss
from whyfit.study.statistics.spread import Spread
from whyfit.study.statistics.verdict import RemedyVerdict, least_gain, verdicts

UNJUDGED_REPEATS = 2
"""Repeats of what has no verdict, a racer or a point of the learning curve: the fewest that give its error an
interval."""

ResultsOf = Callable[[Arm, int], ArmResults]


@dataclass(slots=True)
class Track:
    """One family in a study.

    Attributes
    ----------
    family
        What is measured.
    repeats
        Complete repeats of all its candidates.
    looks
        Taken so far, by loss.
    verdict
        The latest, by loss; the first loss is the one that settles.
    choice
        What was chosen in each fit at the latest look.
    candidates
        Each candidate at the latest look.
    """

    family: Family
    repeats: int = 0
    looks: dict[Loss, tuple[Look, ...]] = field(default_factory=dict)
    verdict: dict[Loss, RemedyVerdict] = field(default_factory=dict)
    choice: Choice | None = None
    candidates: tuple[CandidateFacts, ...] = ()
    seconds: float = 0.0

    @property
    def settled(self) -> bool:
        """Whether the family gets no more networks; what has no verdict gets two repeats."""
        if not self.family.judged:
            return self.repeats >= UNJUDGED_REPEATS
        return bool(self.verdict) and next(iter(self.verdict.values())).settled


def settle(tracks: Sequence[Track], plain: ArmResults, results: ResultsOf, *, end: bool) -> None:
    """Look at every track that has new repeats (at the end: at every open one), then judge each question's together."""
    losses: dict[Loss, None] = {plain.error_loss: None, plain.smooth_loss: None}
    judged = [track for track in tracks if track.family.judged]
    for track in judged:
        if track.repeats and not track.settled and _due(track, end=end):
            _look(track, plain, results, list(losses), end=end)
    for loss in losses:
        delta = least_gain(plain.mean_loss(loss))
        for together in {_judged_with(track) for track in judged}:
            _judge([track for track in judged if _judged_with(track) == together], loss, delta, plain)


def _judged_with(track: Track) -> tuple[Question, bool]:
    """Remedies of one question are corrected for how many they are; a combination of them is judged by itself."""
    return track.family.question, track.family.kind == "combined"


def _judge(tracks: Sequence[Track], loss: Loss, delta: float, plain: ArmResults) -> None:
    """Verdicts on the families of one question, corrected for how many they are."""
    looks = {track.family.name: track.looks.get(loss, ()) for track in tracks}
    own = {t.family.name: least_gain(float(_losses(plain, loss, t.family).mean())) for t in tracks if t.family.balanced}
    found = verdicts(looks, delta, own)
    for track in tracks:
        if track.family.name in found:
            track.verdict[loss] = found[track.family.name]


def _due(track: Track, *, end: bool) -> bool:
    """Whether there is something that no look has seen, or the budget ends and the last look is still to take."""
    seen = max((look.spread.repeats for looks in track.looks.values() for look in looks), default=0)
    return track.repeats > seen or end


def _look(track: Track, plain: ArmResults, results: ResultsOf, losses: Sequence[Loss], *, end: bool) -> None:
    arms = [results(arm, track.repeats) for arm in track.family.candidates]
    track.seconds = float(np.mean([arm.seconds for arm in arms]))
    for loss in losses:
        before = track.looks.get(loss, ())
        spread = _spread(track, arms, plain, loss)
        last, seen = end and may_be_last(spread), bool(before) and before[-1].spread.repeats == track.repeats
        if not (before and before[-1].last) and (last or not seen):
            track.looks[loss] = take_look(before, spread, end=last)


def _spread(track: Track, arms: Sequence[ArmResults], plain: ArmResults, loss: Loss) -> Spread:
    rows, data = arms[0].training_rows, plain.data
    folds = plain.fold_of_row[: track.repeats]
    if track.family.kind == "ensemble":
        outputs = arms[0].predictions
        return ensemble_gain(
            outputs, data.target, folds, loss=loss, training_rows=rows, groups=data.groups, weights=data.weights
        )
    centre = plain.mean_loss(loss)
    other = _losses(plain, loss, track.family, centre)[: track.repeats, :1]
    by_arm = np.stack([_losses(arm, loss, track.family, centre) for arm in arms])
    track.choice = choose(np.stack([arm.stop_losses for arm in arms]))
    chosen = chosen_losses(track.choice, by_arm, folds)
    if loss == plain.error_loss:
        track.candidates = _candidates(track.family, arms, by_arm, other)
    first, second = (chosen, other) if track.family.reverse else (other, chosen)
    spread = gain_spread(
        first,
        second,
        folds,
        training_rows=max(rows, plain.training_rows),
        baseline=None if loss in BOUNDED else constant_loss(data.target, loss, data.weights),
        groups=data.groups,
    )
    few = track.family.balanced and too_few_of_a_class(data.target)
    return replace(spread, rows_variance=np.nan, nets_variance=np.nan, why_none="too_few_rows") if few else spread


def _losses(arm: ArmResults, loss: Loss, family: Family, centre: float | None = None) -> FloatArray:
    """(repeats, seeds, rows) as the family is judged by them: the plain mean is the error that its gain is of."""
    if family.balanced:
        return balanced(arm.plain_losses(loss), arm.data.target, arm.data.weights)
    return arm.row_losses(loss, centre)


def _candidates(
    family: Family, arms: Sequence[ArmResults], by_arm: FloatArray, plain: FloatArray
) -> tuple[CandidateFacts, ...]:
    gains = (plain.mean() - by_arm.mean(axis=(1, 2, 3))) * (-1.0 if family.reverse else 1.0)
    return tuple(
        CandidateFacts(
            strength=arm.arm.strength,
            gain=float(gain),
            seconds=arm.seconds,
            diverged=arm.diverged,
            dead=arm.worst_share("dead"),
            saturated=arm.worst_share("saturated"),
            gradient_ratio=arm.gradient_ratio,
        )
        for arm, gain in zip(arms, gains, strict=True)
    )
