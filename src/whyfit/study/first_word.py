"""The first verdict of a study, after its first repeats: does the plain recipe learn, and does it overfit?

Remedies need many networks; whether there is a gap between training rows and others shows after ten. Two early looks
share the error that a study spends on all its early looks, so that what is said here stands at the end as a rule.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from whyfit.evidence.estimate import Estimate
from whyfit.study.measure import METRICS, gap_of, score_facts
from whyfit.study.results import ArmResults, mean_of_known
from whyfit.study.statistics.looks import EARLY_PURSE, REPEATS_AT_LOOKS

LOOKS = REPEATS_AT_LOOKS[:2]
"""Repeats of the plain recipe after which it is looked at."""
LEVEL = 1 - EARLY_PURSE / len(LOOKS)
"""Of each interval: Bonferroni over the looks."""


@dataclass(frozen=True, slots=True)
class FirstWord:
    """What the first repeats show.

    Attributes
    ----------
    verdict
        `overfits`: the gap is clear of zero; `learns`: the error is clear of the best constant's, no gap is shown.
    metric, train, score, baseline
        The error on the rows of training, on others, and of the best constant prediction.
    estimate
        Of the gap where it overfits, else of the error.
    seconds
        Training time used so far.
    """

    verdict: Literal["overfits", "learns"]
    metric: str
    train: float
    score: float
    baseline: float
    estimate: Estimate
    seconds: float


def first_word(results: ArmResults, seconds: float) -> FirstWord | None:
    """What complete repeats of the plain recipe show; None where they show nothing, or rows are divided only once.

    Parameters
    ----------
    results
        Of the plain recipe.
    seconds
        Training time used so far.
    """
    if results.data.time is not None or results.once is not None:
        return None
    train, score = results.by_fit("train_error"), results.by_fit("score_error")
    known, gap = score_facts(results, LEVEL), gap_of(results, score - train, LEVEL)
    said = (METRICS[results.error_loss], mean_of_known(train), mean_of_known(score), known.baseline)
    if gap.low is not None and gap.low > 0:
        return FirstWord("overfits", *said, gap, seconds)
    if known.estimate.high is not None and known.estimate.high < known.baseline:
        return FirstWord("learns", *said, known.estimate, seconds)
    return None
