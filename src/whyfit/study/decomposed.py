"""Question 2 from the plain arm: the terms of each loss, and what can be said of the noise."""

from __future__ import annotations

import numpy as np

from whyfit.data.encode import features_of
from whyfit.evidence.effects import DecompositionFacts
from whyfit.evidence.estimate import Estimate
from whyfit.study.results import ArmResults
from whyfit.study.statistics.decomposition import LEAST_REPEATS, Decomposition, decompose
from whyfit.study.statistics.losses import Loss
from whyfit.study.statistics.noise import Noise, input_codes, repeated_noise
from whyfit.study.statistics.votes import vote_effects

REPEATS, BEST_ERROR = "repeats", "best error"


def decomposition_facts(plain: ArmResults, best: float | None) -> tuple[DecompositionFacts, ...]:
    """The terms of every loss that is judged; empty before there are repeats enough.

    Parameters
    ----------
    best
        The upper limit of the best error that was measured: no noise lies above it.
    """
    if plain.repeats < LEAST_REPEATS or plain.diverged or plain.data.time is not None or plain.once:
        return ()
    losses: dict[Loss, None] = {plain.error_loss: None, plain.smooth_loss: None}
    noise = _noise(plain)
    return tuple(_facts(_terms(plain, loss), plain, noise, best) for loss in losses)


def _terms(plain: ArmResults, loss: Loss) -> Decomposition:
    return decompose(
        plain.predictions,
        plain.data.target,
        plain.fold_of_row,
        loss=loss,
        training_rows=plain.training_rows,
        groups=plain.data.groups,
        weights=plain.data.weights,
    )


def _facts(terms: Decomposition, plain: ArmResults, noise: Noise | None, best: float | None) -> DecompositionFacts:
    scored = terms.loss == plain.error_loss  # noise is known in the units of the score
    value = _noise_estimate(noise, best) if scored else None
    described = scored and terms.loss == "zero_one" and plain.data.weights is None
    return DecompositionFacts(
        loss=terms.loss,
        training_rows=terms.training_rows,
        error=terms.error,
        bias_plus_noise=terms.bias_plus_noise,
        variance=terms.variance,
        sample=terms.sample,
        seed=terms.seed,
        noise=value,
        noise_from=None if value is None else REPEATS if noise is not None else BEST_ERROR,
        description=_described(plain) if described else {},
    )


def _noise(plain: ArmResults) -> Noise | None:
    """The noise at repeated inputs, where there are enough of them for an interval; of equal rows alone."""
    if plain.data.weights is not None or plain.data.task == "multilabel":
        return None
    classes = len(plain.data.classes) or None
    found = repeated_noise(input_codes(features_of(plain.data).values), plain.data.target, classes=classes)
    return found if found is not None and found.low is not None else None


def _noise_estimate(noise: Noise | None, best: float | None) -> Estimate | None:
    if noise is not None:
        value = float("nan") if noise.value is None else noise.value
        return Estimate(value, noise.low, noise.high, method="repeated_inputs", rows=noise.rows)
    return None if best is None else Estimate(float("nan"), 0.0, best, method="best_error")


def _described(plain: ArmResults) -> dict[str, dict[str, float]]:
    """Domingos' and James' terms: description, without intervals."""
    effects = vote_effects(plain.predictions, np.asarray(plain.data.target))
    return {
        "domingos": {
            "bias": effects.main_error,
            "unbiased_variance": effects.unbiased_variance,
            "biased_variance": effects.biased_variance,
        },
        "james": {"variance_effect": effects.variance_effect},
    }
