"""From measured effects to their parts of the document: remedies, terms of the error, the race."""

from __future__ import annotations

import math
from typing import Any

from whyfit.evidence.effects import (
    CandidateFacts,
    CapacityFacts,
    DecompositionFacts,
    EnsembleFacts,
    LearningCurveFacts,
    ModeFacts,
    RaceFacts,
    RecommendedFacts,
    RemedyFacts,
    SizeError,
)
from whyfit.evidence.estimate import Estimate
from whyfit.report.document import (
    CandidatePart,
    CapacityPart,
    DecompositionPart,
    EnsemblePart,
    Interval,
    LearningCurvePart,
    ModePart,
    NoisePart,
    OptimizerPart,
    PowerLawPart,
    RecommendedPart,
    RemedyPart,
    SizePart,
)

REPEATS = "repeats"
"""Where noise is measured apart: rows with equal inputs."""


def finite(value: float | None) -> float | None:
    """A float that JSON can hold, or None."""
    return float(value) if value is not None and math.isfinite(value) else None


def remedy_part(facts: RemedyFacts) -> RemedyPart:
    """One remedy."""
    return RemedyPart(
        name=facts.name,
        question=facts.question,
        strength=facts.strength,
        metric=facts.metric,
        gain=float(facts.gain.value),
        low=finite(facts.gain.low),
        high=finite(facts.gain.high),
        bias_change=_value(facts.bias_change),
        variance_change=_value(facts.variance_change),
        intervals=_intervals(facts),
        seconds_a_network=finite(facts.seconds_a_network),
        plain_seconds=finite(facts.plain_seconds),
        sensitivity=finite(facts.sensitivity),
        plain_sensitivity=finite(facts.plain_sensitivity),
        training_rows=facts.gain.training_rows,
        delta=finite(facts.delta),
        missing=facts.missing,
        needed=finite(facts.needed),
        networks=facts.networks,
        seconds=float(facts.seconds),
        candidates=tuple(_candidate(one) for one in facts.candidates),
        unchanged=None if facts.unchanged is None else _candidate(facts.unchanged),
        verdict=facts.verdict,
    )


def _candidate(facts: CandidateFacts) -> CandidatePart:
    return CandidatePart(
        strength=facts.strength,
        gain=finite(facts.gain),
        seconds=float(facts.seconds),
        diverged=int(facts.diverged),
        dead=finite(facts.dead),
        saturated=finite(facts.saturated),
        gradient_ratio=finite(facts.gradient_ratio),
        steps_to_target=finite(facts.steps_to_target),
    )


def _value(estimate: Estimate | None) -> float | None:
    return None if estimate is None else finite(estimate.value)


def capacity_part(facts: CapacityFacts) -> CapacityPart:
    """One size of the network."""
    return CapacityPart(
        hidden=tuple(int(units) for units in facts.hidden),
        parameters=int(facts.parameters),
        metric=facts.metric,
        error=float(facts.error),
        variance=float(facts.variance),
        bias_plus_noise=float(facts.bias_plus_noise),
        variance_change=_value(facts.variance_change),
        bias_change=_value(facts.bias_change),
        intervals=_intervals(facts),
        training_rows=int(facts.training_rows),
    )


def ensemble_part(facts: EnsembleFacts) -> EnsemblePart:
    """The error against the number of members."""
    return EnsemblePart(metric=facts.metric, errors=tuple(float(error) for error in facts.errors))


def curve_part(facts: LearningCurveFacts) -> LearningCurvePart:
    """The error over the number of training rows; a size at which every network diverged has no error to show."""
    law = None
    if facts.floor is not None and facts.scale is not None and facts.exponent is not None:
        law = PowerLawPart(floor=facts.floor, scale=facts.scale, exponent=facts.exponent)
    return LearningCurvePart(
        metric=facts.metric,
        points=tuple(_size(one) for one in facts.points if math.isfinite(one.error.value)),
        law=law,
        projection=tuple(_size(one) for one in facts.projection),
        why_code=facts.why_none,
    )


def _size(one: SizeError) -> SizePart:
    low, high = _interval(one.error)
    return SizePart(rows=one.rows, error=float(one.error.value), low=low, high=high)


def mode_part(facts: ModeFacts) -> ModePart:
    """One network in both modes."""
    return ModePart(
        name=facts.name,
        strength=facts.strength,
        training=float(facts.training),
        evaluation=float(facts.evaluation),
        unseen=float(facts.unseen),
        fits=int(facts.fits),
    )


def _intervals(facts: RemedyFacts | CapacityFacts) -> dict[str, Interval]:
    """Of the terms that were measured with one."""
    known = {"bias_change": facts.bias_change, "variance_change": facts.variance_change}
    return {name: _interval(one) for name, one in known.items() if one is not None and one.low is not None}


def decomposition_part(facts: DecompositionFacts) -> DecompositionPart:
    """The terms of one loss; bias stands apart only where noise has a value (of 0-1 errors only bounds are known)."""
    noise = facts.noise
    apart = noise is not None and facts.noise_from == REPEATS and finite(noise.value) is not None
    whole = float(facts.bias_plus_noise.value)
    return DecompositionPart(
        loss=facts.loss,
        training_rows=facts.training_rows,
        error=float(facts.error.value),
        bias_plus_noise=whole,
        variance=float(facts.variance.value),
        variance_sample=float(facts.sample.value),
        variance_seed=float(facts.seed.value),
        noise=_noise(noise, facts.noise_from, apart=apart) if noise else None,
        bias=whole - float(noise.value) if noise and apart else None,
        intervals={
            "error": _interval(facts.error),
            "bias_plus_noise": _interval(facts.bias_plus_noise),
            "variance": _interval(facts.variance),
            "variance_sample": _interval(facts.sample),
            "variance_seed": _interval(facts.seed),
        },
        description={
            name: {key: finite(one) for key, one in terms.items()} for name, terms in facts.description.items()
        },
    )


def _noise(noise: Estimate, origin: str | None, *, apart: bool) -> NoisePart:
    ends = {"low": finite(noise.low), "high": finite(noise.high)}
    value = float(noise.value) if apart else None
    return NoisePart.model_validate({"value": value, **ends, "from": (origin or "").replace("_", " ")})


def recommended_part(facts: RecommendedFacts, recipe: dict[str, Any]) -> RecommendedPart:
    """The recommended recipe; `recipe` are its plain values."""
    return RecommendedPart(
        name=facts.name,
        strength=facts.strength,
        changes=dict(facts.said),
        metric=facts.metric,
        gain=finite(facts.gain.value),
        low=finite(facts.gain.low),
        high=finite(facts.gain.high),
        training_rows=facts.gain.training_rows,
        share=float(facts.share),
        candidates=facts.candidates,
        recipe=recipe,
        toml=facts.toml,
    )


def optimizer_part(facts: RaceFacts) -> OptimizerPart:
    """One optimiser of the race."""
    return OptimizerPart(
        name=facts.name,
        best_lr=float(facts.best_rate),
        error=float(facts.error.value),
        low=finite(facts.error.low),
        high=finite(facts.error.high),
        steps_to_target=finite(facts.steps_to_target),
        stable=(float(facts.stable[0]), float(facts.stable[1])) if facts.stable else None,
    )


def _interval(estimate: Estimate) -> Interval:
    return finite(estimate.low), finite(estimate.high)
