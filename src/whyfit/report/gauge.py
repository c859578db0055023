"""The score as a small picture without a script: its interval on a line from zero to the constant prediction."""

from __future__ import annotations

from dataclasses import dataclass

from whyfit.report.document import Document
from whyfit.text import Words

WIDTH, INSET = 640.0, 6.0
"""In units of the drawing; the inset leaves room for half a dot at either end."""
HEADROOM = 1.08
"""The line ends a little beyond the largest number on it."""


@dataclass(frozen=True, slots=True)
class Gauge:
    """Places along the line, in units of the drawing, and the words at them."""

    mean: float
    low: float
    high: float
    baseline: float
    described: str


def gauge_of(document: Document, words: Words) -> Gauge | None:
    """The picture of a score; None where there is none, or where it has no place on a line from zero."""
    score = document.score
    if score is None or min(score.mean, score.baseline) < 0 or max(score.mean, score.baseline) <= 0:
        return None
    low, high = score.low or score.mean, score.high or score.mean
    scale = (WIDTH - 2 * INSET) / (HEADROOM * max(score.mean, score.baseline, high))

    def place(value: float) -> float:
        return round(INSET + scale * max(0.0, value), 1)

    mean = words.metric(score.mean, score.metric)
    baseline = words.label("baseline_line", baseline=words.metric(score.baseline, score.metric))
    said = words.label("score_line", metric=words.term(score.metric), mean=mean)
    return Gauge(place(score.mean), place(low), place(high), place(score.baseline), f"{said}; {baseline}")
