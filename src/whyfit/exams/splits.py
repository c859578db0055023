"""Question 1: is the division of the data sound?

Four rules: the parts are alike, large enough, disjoint and complete. Copies of a row on both sides are a leak unless
chance gives as many; a score that is known only roughly is no fault of the network, but has to be said.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil, sqrt

from whyfit.evidence.evidence import CopyFacts, Evidence, EvidenceKind, ScoreFacts, SplitFacts
from whyfit.evidence.exam import Answer
from whyfit.evidence.finding import Finding, Severity, Where
from whyfit.evidence.question import Question
from whyfit.exams.split_leaks import LEAK_CODES, copies_severity, leaks

EXTRAPOLATION = 3
"""How far the number of equal rows may lie above the expected one, which is extrapolated. Measured on 1,000 healthy
tables, a quarter of them with columns correlated at 0.8: the factor 2 alarms on 24, 3 on 4, 4 on none, while 8 % of
copies are found in 96, 73 and 56 % of tables where chance gives 10 to 0.05 n pairs, in all where it gives under 1."""
WIDE = {"error": (0.02, 0.05)}
"""Half the width of the interval, as a note and as a warning: ±2 points and ±5 points of error. Chosen."""
WIDE_OF_BASELINE = (0.05, 0.2)
"""The same for metrics with units, as a share of the score of the best constant prediction. Chosen."""
PARTS = ("train", "score", "stop")
"""A class that is missing from several is named once, with the part where that costs most."""
MOST_CLASSES = 5
"""Classes that are named one by one; `classes` says how many there are."""
ROWS_A_CLASS = 10
"""A class with fewer scored rows has no interval of its own (Wilson's at 0 of 9 errors reaches 30 %)."""


class SplitsExam:
    """Tells copies from rows that are equal by chance; blind to copies that were altered, and to rows not loaded."""

    question = Question.SPLITS
    needs = frozenset({EvidenceKind.DATA, EvidenceKind.SPLITS})
    codes = (
        frozenset(
            {
                "splits.sound",
                "splits.copies",
                "splits.copies_by_chance",
                "splits.class_missing",
                "splits.class_small",
                "splits.incomplete",
                "splits.rare_classes",
                "splits.small",
            }
        )
        | LEAK_CODES
    )

    def applies(self, evidence: Evidence) -> Answer:
        """In full where groups, times and telling columns were looked for beside the division itself."""
        assert evidence.splits is not None
        if evidence.splits.suspects is None:
            return Answer("partly measured", "leaks_not_measured")
        return Answer("measured")

    def judge(self, evidence: Evidence) -> tuple[Finding, ...]:
        """Disjoint, complete, large enough; one `ok` with the sizes when nothing costs anything."""
        assert evidence.splits is not None
        splits, score = evidence.splits, evidence.score
        half_width = None if score is None else _half_width(score)
        found = (
            *_copies(splits.copies, half_width),
            *leaks(splits, half_width),
            *_complete(splits),
            *_classes(evidence),
            *(() if score is None else _large_enough(splits, score)),
        )
        harmful = any(finding.severity.rank >= Severity.WARNING.rank for finding in found)
        return found if harmful else (*found, _sound(splits))


def _sound(splits: SplitFacts) -> Finding:
    sizes = {"train": splits.train, "stop": splits.stop, "rows": splits.score}
    return Finding("splits.sound", Severity.OK, sizes | {"folds": splits.folds, "repeats": splits.repeats})


def _copies(copies: CopyFacts | None, half_width: float | None) -> Iterator[Finding]:
    if copies is None or copies.pairs == 0:
        return
    first = Where(rows=tuple(row for pair in copies.examples for row in pair))
    expected = copies.expected_pairs
    if expected is not None and copies.pairs > most_by_chance(expected):
        numbers = {
            "copies": copies.copied_score_rows,
            "rows": copies.scored_rows,
            "share": copies.copied_score_rows / max(1, copies.scored_rows),
            "pairs": copies.pairs,
            "expected_by_chance": expected,
            "score_with": copies.score_with,
            "score_without": copies.score_without,
        }
        yield Finding("splits.copies", copies_severity(copies, half_width), numbers, first)
    else:
        numbers = {
            "copies": copies.pairs,
            "expected_by_chance": expected,
            "score_with": copies.score_with,
            "score_without": copies.score_without,
        }
        yield Finding("splits.copies_by_chance", Severity.NOTE, numbers, first)


def most_by_chance(expected: float) -> float:
    """The most pairs of equal rows that chance explains: the extrapolation's error, a count's, and a few."""
    return EXTRAPOLATION * expected + 4 * sqrt(expected) + 3


def _complete(splits: SplitFacts) -> Iterator[Finding]:
    """In a k-fold every row is scored once; forward in time the first block only trains."""
    fewest, most = splits.times_scored
    if splits.kind == "kfold" and splits.by != "time" and (fewest, most) != (1, 1):
        yield Finding("splits.incomplete", Severity.WARNING, {"fewest": fewest, "most": most})


def _classes(evidence: Evidence) -> Iterator[Finding]:
    assert evidence.splits is not None
    assert evidence.data is not None
    splits, data = evidence.splits, evidence.data
    missing: dict[str, str] = {}
    for name, part in sorted(splits.missing_classes, key=lambda one: PARTS.index(one[1])):
        missing.setdefault(name, part)
    for name, part in list(missing.items())[:MOST_CLASSES]:
        numbers = {"class": name, "part": part, "classes": len(missing) if len(missing) > 1 else None}
        yield Finding("splits.class_missing", Severity.WARNING, numbers)
    counted = zip(data.classes, splits.scored_classes, strict=False)
    small = [(rows, name) for name, rows in counted if name not in missing and 0 < rows < ROWS_A_CLASS]
    for rows, name in sorted(small)[:MOST_CLASSES]:
        needed = ceil(data.rows * ROWS_A_CLASS / rows)
        numbers = {"class": name, "rows": rows, "needed": needed, "classes": len(small) if len(small) > 1 else None}
        yield Finding("splits.class_small", Severity.NOTE, numbers)
    if splits.why == "rare_classes" and not missing:
        yield Finding("splits.rare_classes", Severity.NOTE, {"folds": splits.folds})


def _large_enough(splits: SplitFacts, score: ScoreFacts) -> Iterator[Finding]:
    """Half the width falls with the square root of the rows, so half of it takes four times as many."""
    half = _half_width(score)
    if half is None:
        return
    note, warning = WIDE.get(score.metric) or tuple(share * score.baseline for share in WIDE_OF_BASELINE)
    if half <= note:
        return
    rows = score.estimate.rows
    numbers = {
        "rows": rows,
        "width": half,
        "needed": 4 * rows,
        "for_one_point": _rows_for_one_point(score, splits.folds) if score.metric == "error" else None,
    }
    yield Finding("splits.small", Severity.WARNING if half > warning else Severity.NOTE, numbers)


def _half_width(score: ScoreFacts) -> float | None:
    low, high = score.estimate.low, score.estimate.high
    return None if low is None or high is None else (high - low) / 2


def _rows_for_one_point(score: ScoreFacts, folds: int) -> int:
    """Rows for ±1 point at this error: (1.96/0.01)² · k/(k−1) · p(1−p), without k/(k−1) for a hold-out."""
    p = min(max(score.estimate.value, 0.0), 1.0)
    refit = folds / (folds - 1) if folds > 1 else 1.0
    return ceil((1.96 / 0.01) ** 2 * refit * p * (1 - p))
