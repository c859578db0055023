"""From the tracks of a study to evidence: each remedy with its gain, and which term of the error it changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np

from whyfit.evidence.effects import CandidateFacts, RemedyFacts
from whyfit.evidence.estimate import Estimate
from whyfit.evidence.member import Member
from whyfit.evidence.outcome import Outcome
from whyfit.evidence.types import FloatArray
from whyfit.study.measure import METRICS
from whyfit.study.results import ArmResults
from whyfit.study.revisit import sensitivity
from whyfit.study.speed import steps_to_target
from whyfit.study.statistics.balanced import class_weights
from whyfit.study.statistics.changes import TermChange, ensemble_change, term_change
from whyfit.study.statistics.choice import chosen_losses
from whyfit.study.statistics.decomposition import Decomposition, decompose
from whyfit.study.track import Track

BALANCED_ERROR = "balanced_error"
"""What reports call the mean of the classes' error rates."""
LEAST_REPEATS = 2
"""Below two repeats nothing tells one training sample from another."""


class _Cost(NamedTuple):
    """What one network, or one ensemble, costs and does."""

    seconds: float
    sensitivity: float | None


@dataclass(frozen=True, eq=False)
class RemedyMeasures:
    """Makes the facts of each remedy from the results of the plain arm.

    Attributes
    ----------
    plain
        All complete repeats of the plain arm.
    """

    plain: ArmResults
    _terms: dict[tuple[int, bool], Decomposition] = field(default_factory=dict)

    def facts(self, track: Track, arms: Sequence[ArmResults]) -> RemedyFacts:
        """What was measured of one remedy, in the units of the score.

        Parameters
        ----------
        arms
            The results of its candidates, at the repeats of the track.
        """
        plain, loss = self.plain, self.plain.error_loss
        verdict, choice = track.verdict[loss], track.choice
        picked = track.family.candidates[choice.most_often if choice else 0]
        change = self._change(track, arms)
        after, before = self._with_and_without(arms[choice.most_often if choice else 0], track)
        return RemedyFacts(
            name=track.family.name,
            question=track.family.question,
            strength=picked.strength,
            chosen_share=choice.share if choice else 1.0,
            metric=BALANCED_ERROR if track.family.balanced else METRICS[loss],
            gain=verdict.gain,
            verdict=verdict.verdict,
            missing=verdict.missing,
            needed=verdict.needed,
            delta=verdict.delta,
            alone=verdict.alone,
            why=verdict.why,
            candidates=tuple(
                replace(one, steps_to_target=steps_to_target(arm.outcomes, plain))
                for one, arm in zip(track.candidates, arms, strict=False)
            ),
            unchanged=None if track.family.reverse else self._unchanged,
            variance_change=change.variance if change else None,
            bias_change=change.bias_plus_noise if change else None,
            networks=track.repeats * plain.folds * sum(arm.seeds for arm in track.family.candidates),
            seconds=sum(arm.seconds * len(arm.outcomes) for arm in arms),
            seconds_a_network=after.seconds,
            plain_seconds=before.seconds,
            sensitivity=after.sensitivity,
            plain_sensitivity=before.sensitivity,
        )

    def _with_and_without(self, arm: ArmResults, track: Track) -> tuple[_Cost, _Cost]:
        """Training time and sensitivity, with the remedy and without it."""
        networks = arm.arm.seeds if track.family.kind == "ensemble" else 1
        mine = _Cost(arm.seconds * networks, _sensitivity(arm))
        plain = _Cost(self.plain.seconds, None if mine.sensitivity is None else self._sensitivity)
        return (plain, mine) if track.family.reverse else (mine, plain)

    @cached_property
    def _unchanged(self) -> CandidateFacts:
        """Plain, as each alternative is described."""
        plain = self.plain
        return CandidateFacts(
            strength=None,
            gain=0.0,
            seconds=plain.seconds,
            diverged=plain.diverged,
            dead=plain.worst_share("dead"),
            saturated=plain.worst_share("saturated"),
            gradient_ratio=plain.gradient_ratio,
            steps_to_target=steps_to_target(plain.outcomes, plain),
        )

    @cached_property
    def _sensitivity(self) -> float | None:
        """Of single plain networks."""
        return sensitivity([[pair] for pair in _kept(self.plain)], self.plain.data)

    def _change(self, track: Track, arms: Sequence[ArmResults]) -> TermChange | None:
        """Which term fell; of the strength that was chosen inside each fit, as the gain is."""
        repeats, plain = track.repeats, self.plain
        if repeats < LEAST_REPEATS or plain.data.time is not None:
            return None
        before, folds, data = plain.predictions[:repeats], plain.fold_of_row[:repeats], plain.data
        terms, weights = self._decomposed(repeats, track.family.balanced), self._weights(track.family.balanced)
        if track.family.kind == "ensemble":
            members = arms[0].predictions
            return ensemble_change(
                members, data.target, folds, decomposition=terms, groups=data.groups, weights=data.weights
            )
        assert track.choice is not None
        after = chosen_losses(track.choice, np.stack([arm.predictions for arm in arms]), folds)
        rows = arms[0].training_rows
        change = term_change(
            before,
            after,
            data.target,
            folds,
            decomposition=terms,
            arm_training_rows=rows,
            groups=data.groups,
            weights=weights,
        )
        return _turned(change) if change and track.family.reverse else change

    def _weights(self, balanced: bool) -> FloatArray | None:  # noqa: FBT001  # two places call it
        """(rows,) as the gain counts them."""
        data = self.plain.data
        return class_weights(data.target, data.weights) if balanced else data.weights

    def _decomposed(self, repeats: int, balanced: bool) -> Decomposition:  # noqa: FBT001  # one place calls it
        """Plain taken apart over as many repeats as the remedy has, and by the error that the remedy is judged by."""
        key = (repeats, balanced)
        if key not in self._terms:
            plain = self.plain
            self._terms[key] = decompose(
                plain.predictions[:repeats],
                plain.data.target,
                plain.fold_of_row[:repeats],
                loss=plain.error_loss,
                training_rows=plain.training_rows,
                groups=plain.data.groups,
                weights=self._weights(balanced),
            )
        return self._terms[key]


def _sensitivity(arm: ArmResults) -> float | None:
    """Of the networks of an arm; of the mean prediction where it has several seeds a fit."""
    kept, seeds = _kept(arm), arm.arm.seeds
    return sensitivity([kept[i : i + seeds] for i in range(0, len(kept), seeds)], arm.data) if kept else None


def _kept(arm: ArmResults) -> list[tuple[Member, Outcome]]:
    """The networks whose weights were kept."""
    pairs = zip(arm.members, arm.outcomes, strict=True)
    return [(member, outcome) for member, outcome in pairs if outcome.weights is not None]


def _turned(change: TermChange) -> TermChange:
    """The change of plain against the arm: there plain is what is a remedy."""
    return replace(change, variance=_minus(change.variance), bias_plus_noise=_minus(change.bias_plus_noise))


def _minus(estimate: Estimate) -> Estimate:
    low, high = (None if end is None else -end for end in (estimate.high, estimate.low))
    return replace(estimate, value=-estimate.value, low=low, high=high)
