"""Question 12, watched: does batch norm see batches worth the name, and do its running statistics arrive?"""

from __future__ import annotations

import math
from collections.abc import Iterator
from statistics import fmean

from whyfit.evidence.evidence import Evidence
from whyfit.evidence.exam import Answer
from whyfit.evidence.finding import Finding, Severity, Where
from whyfit.evidence.observation import NormLook, Observation
from whyfit.evidence.question import Question
from whyfit.exams.watched.base import NEEDS, late, middle, one_run, seen_in
from whyfit.exams.watched.fit import main_heads, spread_of
from whyfit.exams.watched.modes import evaluated_in_training_mode, turned

FEW_VALUES = 4
"""Values behind a unit's mean and variance: with four a variance is off by 80 % one time in three (chi², 3 degrees)."""
STALE = 0.6
"""Lag of the running means, in standard deviations of the batch: noise alone gives 0.67/√rows, 0.24 at 8 rows."""
OFF = 4.0
"""Running over batch variance, or the reverse."""
LEAST_STEPS = 40
HASTY = 0.9
"""Of torch's momentum, which is the share of the new batch: Keras's 0.99 is 0.01 here."""
LOST = 0.1
"""Of the targets' variance that outputs of mean 0 and deviation 1 leave at the least, (m² + (s − 1)²) / s²: targets
that were standardised leave nothing. Chosen."""


class WatchedBatchnormExam:
    """Tells statistics that never arrived from batches too small for any; modes by who was called how."""

    question = Question.BATCHNORM
    needs = NEEDS
    codes = frozenset(
        {
            "batchnorm.behaves", "batchnorm.evaluated_in_training_mode", "batchnorm.never_back_to_training",
            "batchnorm.few_values", "batchnorm.statistics_stale", "batchnorm.trained_in_evaluation_mode",
            "batchnorm.on_the_output", "batchnorm.follows_last_batch",
        }
    )  # fmt: skip

    def applies(self, evidence: Evidence) -> Answer:
        """There must be batch norm."""
        seen = seen_in(evidence)
        if seen.looks and not has_norm(seen):
            return Answer("does not apply", "no_batchnorm")
        answer = one_run(evidence)
        enough = seen.steps >= LEAST_STEPS and _training(seen)
        return answer if enough or answer.status == "not measured" else Answer("partly measured", "few_steps")

    def judge(self, evidence: Evidence) -> tuple[Finding, ...]:
        """Modes first: statistics of a norm in the wrong mode say nothing more."""
        seen = seen_in(evidence)
        found = (
            [*_modes(seen)] or [*_values(seen), *_stale(seen), *_place(seen), *_hasty(seen)] if has_norm(seen) else []
        )
        layers = _training(seen)
        if found or not layers or seen.steps < LEAST_STEPS:
            return tuple(found)
        return (Finding("batchnorm.behaves", Severity.OK, {"layers": len(layers)}),)


def has_norm(seen: Observation) -> bool:
    """Whether any batch norm is there."""
    return any("BatchNorm" in str(module["type"]) for module in seen.modules) or any(look.norms for look in seen.looks)


def _modes(seen: Observation) -> Iterator[Finding]:
    if evaluated_in_training_mode(seen):
        yield Finding(
            "batchnorm.evaluated_in_training_mode", Severity.WARNING, {"evaluations": seen.modes.blocks_training}
        )
    if turned(seen) is not None:
        yield Finding(
            "batchnorm.never_back_to_training", Severity.WARNING, {"since": turned(seen), "steps": seen.steps}
        )
        return
    norms = [norm for look in seen.looks for norm in look.norms]
    if norms and not any(norm.training for norm in norms) and all(norm.untouched for norm in norms):
        yield Finding(
            "batchnorm.trained_in_evaluation_mode",
            Severity.WARNING,
            {"looks": len(seen.looks)},
            Where(layer=norms[0].name),
        )


def _training(seen: Observation) -> dict[str, list[NormLook]]:
    norms: dict[str, list[NormLook]] = {}
    for look in late(seen):
        for norm in look.norms:
            if norm.training:
                norms.setdefault(norm.name, []).append(norm)
    return norms


def _values(seen: Observation) -> Iterator[Finding]:
    for name, looks in _training(seen).items():
        values = middle(float(norm.values) for norm in looks)
        if values <= FEW_VALUES:
            yield Finding(
                "batchnorm.few_values", Severity.WARNING, {"values": values, "rows": looks[-1].rows}, Where(layer=name)
            )
            return


def _hasty(seen: Observation) -> Iterator[Finding]:
    """Running statistics that are those of the last batch: a momentum as other libraries count it."""
    norms = [module for module in seen.modules if "BatchNorm" in str(module["type"])]
    hasty = [module for module in norms if float(module.get("momentum") or 0.0) >= HASTY]
    if hasty and _training(seen):
        numbers = {"momentum": float(hasty[0]["momentum"]), "layers": len(hasty)}
        yield Finding("batchnorm.follows_last_batch", Severity.WARNING, numbers, Where(layer=str(hasty[0]["name"])))


def _place(seen: Observation) -> Iterator[Finding]:
    """Outputs of mean 0 and deviation 1 by construction, and targets that are not."""
    heads = [head for head in main_heads(seen) if head.normed and head.loss == "mse"]
    spread = spread_of(heads) if heads else 0.0
    if not spread > 0:
        return
    mean, deviation = fmean(head.target_mean for head in heads), math.sqrt(spread)
    if mean**2 + (deviation - 1) ** 2 > LOST * spread:
        yield Finding("batchnorm.on_the_output", Severity.SERIOUS, {"mean": mean, "deviation": deviation})


def _stale(seen: Observation) -> Iterator[Finding]:
    if seen.steps < LEAST_STEPS:
        return
    for name, looks in _training(seen).items():
        lag, ratio = middle(norm.lag for norm in looks[-5:]), middle(norm.ratio for norm in looks[-5:])
        if lag > STALE or ratio > OFF or ratio < 1 / OFF:
            yield Finding(
                "batchnorm.statistics_stale", Severity.WARNING, {"lag": lag, "ratio": ratio}, Where(layer=name)
            )
            return
