"""Question 3: does it overfit or underfit?

The gap is the error on scored rows minus that on training rows, both in evaluation mode with the kept weights, so that
neither dropout, nor batch norm, nor an average over the epoch is mistaken for it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from statistics import median

import numpy as np

from whyfit.evidence.effects import RecommendedFacts, RemedyFacts
from whyfit.evidence.evidence import Evidence, EvidenceKind, GapFacts, Run, ScoreFacts, SeenGapFacts
from whyfit.evidence.exam import Answer
from whyfit.evidence.finding import Finding, Severity
from whyfit.evidence.question import Question
from whyfit.exams.changes import changes_of, numbers_of

WARNING_LOST = 0.1
"""Chosen: a tenth of what was learned on the training rows is lost on new ones."""
SERIOUS_LOST = 0.5
"""Chosen: half of it; more was learned by heart than was understood."""
UNLEARNED = 0.9
"""Chosen: on its own training rows the network removes less than a tenth of the error of a constant prediction."""
OWN_WORDS = {"more_data": "more_data_helps", "class_weights": "class_weights_help"}
"""Remedies with sentences of their own: the gain from half of the rows to all, and the one in balanced error."""
LAST_TENTH = 0.1
"""The share of the epochs over which the last progress is looked at."""
STILL_LEARNING = 0.02
"""2 %: the least gain that matters (the default δ of a study's verdicts), as a fall of the stop loss at the end."""


class OverfittingExam:
    """Tells a gap between training and scored rows from error that both share; blind to rows unlike these."""

    question = Question.OVERFITTING
    needs = frozenset({EvidenceKind.RUNS, EvidenceKind.SCORE, EvidenceKind.GAP})
    codes = frozenset(
        {
            "overfitting.none",
            "overfitting.overfits",
            "overfitting.underfits",
            "overfitting.chance",
            "overfitting.still_learning",
            "overfitting.score_below_train",
            "overfitting.seen_below_train",
            "overfitting.remedy_helps",
            "overfitting.more_data_helps",
            "overfitting.class_weights_help",
            "overfitting.no_remedy_helps",
            "overfitting.recipe_recommended",
            "overfitting.no_recipe_better",
        }
    )

    def applies(self, evidence: Evidence) -> Answer:
        """In full where remedies were trained beside the gap; not at all where no network came to its end."""
        assert evidence.gap is not None
        if math.isnan(evidence.gap.train_error):
            return Answer("not measured", "diverged")
        return Answer("measured") if evidence.remedies else Answer("partly measured", EvidenceKind.REMEDIES.value)

    def judge(self, evidence: Evidence) -> tuple[Finding, ...]:
        """Whether anything was learned, then the gap, then whether training was cut off."""
        assert evidence.gap is not None
        assert evidence.score is not None
        found = (*_learned(evidence.gap, evidence.score), *_cut_off(evidence.runs))
        fits = found or (Finding("overfitting.none", Severity.OK, _gap_numbers(evidence.gap)),)
        remedies = _remedies(changes_of(evidence, self.question))
        return (*fits, *_seen(evidence.gap.seen), *remedies, *_recommended(evidence.recommended))


def _learned(gap: GapFacts, score: ScoreFacts) -> Iterator[Finding]:
    if gap.train_error >= UNLEARNED * score.baseline:
        yield _unlearned(gap, score)
    elif gap.error.low is not None and gap.error.low > 0:
        yield _overfits(gap, score)
    elif gap.error.high is not None and gap.error.high < 0:
        yield Finding("overfitting.score_below_train", Severity.NOTE, _gap_numbers(gap))


def _seen(seen: SeenGapFacts | None) -> Iterator[Finding]:
    """Where a loop prints a lower loss on the stop rows than on the training rows: what that is made of."""
    if seen is None or seen.seen.high is None or seen.seen.high >= 0:
        return
    parts = {"average": -seen.average, "mode": -seen.mode, "penalty": seen.penalty, "easier": -seen.rows}
    numbers = {
        "below": -seen.seen.value,
        "low": -seen.seen.high,
        "high": None if seen.seen.low is None else -seen.seen.low,
    }
    yield Finding(
        "overfitting.seen_below_train", Severity.NOTE, numbers | parts | {"fits": seen.fits, "metric": "loss"}
    )


def _unlearned(gap: GapFacts, score: ScoreFacts) -> Finding:
    """At chance where the interval of the score reaches the baseline; else it has learned something, but little."""
    numbers = {"train": gap.train_error, "score": score.estimate.value, "baseline": score.baseline}
    high = score.estimate.high
    if high is None or high >= score.baseline:
        return Finding("overfitting.chance", Severity.SERIOUS, numbers)
    return Finding("overfitting.underfits", Severity.WARNING, numbers)


def _overfits(gap: GapFacts, score: ScoreFacts) -> Finding:
    learned = score.baseline - gap.train_error
    lost = gap.error.value / learned
    severity = Severity.SERIOUS if lost >= SERIOUS_LOST else Severity.WARNING if lost >= WARNING_LOST else Severity.NOTE
    numbers = _gap_numbers(gap) | {"lost": lost, "onset": gap.onset_epoch, "rising": gap.rising, "fits": gap.fits}
    return Finding("overfitting.overfits", severity, numbers)


def _gap_numbers(gap: GapFacts) -> dict[str, float | None]:
    return {
        "gap": gap.error.value,
        "low": gap.error.low,
        "high": gap.error.high,
        "train": gap.train_error,
        "score": gap.score_error,
    }


def _remedies(remedies: tuple[RemedyFacts, ...]) -> Iterator[Finding]:
    """Each remedy that was shown to help, most first; that none was is worth knowing too."""
    helping = sorted((one for one in remedies if one.verdict == "helps"), key=lambda one: -one.gain.value)
    for remedy in helping:
        code = OWN_WORDS.get(remedy.name, "remedy_helps")
        yield Finding(f"overfitting.{code}", Severity.NOTE, numbers_of(remedy))
    if remedies and not helping:
        open_ones = [one.name for one in remedies if one.verdict == "not decided"]
        numbers = {"remedies": len(remedies), "open": len(open_ones), "delta": remedies[0].delta}
        yield Finding("overfitting.no_remedy_helps", Severity.OK, numbers | {"metric": remedies[0].metric})


def _recommended(facts: RecommendedFacts | None) -> Iterator[Finding]:
    """The recipe to train with, where choosing it on held-out rows was shown to gain."""
    if facts is None:
        return
    numbers = {
        "fields": [f"{name} = {value}" for name, value in facts.said],
        "gain": facts.gain.value,
        "low": facts.gain.low,
        "high": facts.gain.high,
        "share": facts.share,
        "candidates": facts.candidates,
        "training_rows": facts.gain.training_rows,
        "metric": facts.metric,
    }
    if facts.changes and facts.gain.low is not None and facts.gain.low > 0:
        yield Finding("overfitting.recipe_recommended", Severity.NOTE, numbers)
    else:
        yield Finding("overfitting.no_recipe_better", Severity.OK, numbers)


def _cut_off(runs: tuple[Run, ...]) -> Iterator[Finding]:
    """Runs that used all their epochs while the stop loss was still falling."""
    falls = [fall for run in runs if (fall := _last_fall(run)) is not None]
    if len(falls) * 2 > len(runs) and median(falls) > STILL_LEARNING:
        numbers = {
            "epochs": max(run.epochs for run in runs),
            "runs": len(falls),
            "of": len(runs),
            "fall": median(falls),
        }
        yield Finding("overfitting.still_learning", Severity.WARNING, numbers)


def _last_fall(run: Run) -> float | None:
    """Relative fall of the best stop loss over the last tenth of the epochs; None where training ended before."""
    losses = run.curves.stop_loss[np.isfinite(run.curves.stop_loss)]
    window = max(1, round(LAST_TENTH * run.epochs))
    if run.stopped_epoch < run.epochs or losses.size <= window:
        return None
    before, after = float(losses[:-window].min()), float(losses.min())
    return (before - after) / before if before > 0 else 0.0
