"""Large enough: how well the scored rows tell the score, which gain they show, and how many would do better."""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil

from whyfit.evidence.evidence import ScoreFacts, SplitFacts
from whyfit.evidence.finding import Finding, Severity

WIDE = {"error": (0.02, 0.05)}
"""Half the width of the interval, as a note and as a warning: ±2 points and ±5 points of error. Chosen."""
WIDE_OF_BASELINE = (0.05, 0.2)
"""The same for metrics with units, as a share of the score of the best constant prediction. Chosen."""

SIZE_CODES = frozenset({"splits.small", "splits.large_enough"})


def large_enough(splits: SplitFacts, score: ScoreFacts) -> Iterator[Finding]:
    """Half the width falls with the square root of the rows, so half of it takes four times as many.

    Where rows come in groups, groups are what is counted: further rows of the same groups hardly tell more.
    """
    half = half_width(score)
    if half is None:
        return
    note, warning = WIDE.get(score.metric) or tuple(share * score.baseline for share in WIDE_OF_BASELINE)
    units, grouped = score.estimate.rows, splits.by == "groups"
    countable = score.metric == "error" and not grouped
    numbers = {
        "rows": None if grouped else units,
        "groups": units if grouped else None,
        "width": half,
        "smallest_gain": score.smallest_gain or None,  # remedies that changed no row give no spread to judge by
        "needed": 4 * units,
        "for_one_point": _rows_for_one_point(score, splits.folds) if countable else None,
    }
    if half <= note:
        yield Finding("splits.large_enough", Severity.OK, numbers)
    else:
        yield Finding("splits.small", Severity.WARNING if half > warning else Severity.NOTE, numbers)


def half_width(score: ScoreFacts) -> float | None:
    """Half the width of the score's interval; None where there is none."""
    low, high = score.estimate.low, score.estimate.high
    return None if low is None or high is None else (high - low) / 2


def _rows_for_one_point(score: ScoreFacts, folds: int) -> int:
    """Rows for ±1 point at this error: (1.96/0.01)² · k/(k−1) · p(1−p), without k/(k−1) for a hold-out."""
    p = min(max(score.estimate.value, 0.0), 1.0)
    refit = folds / (folds - 1) if folds > 1 else 1.0
    return ceil((1.96 / 0.01) ** 2 * refit * p * (1 - p))
