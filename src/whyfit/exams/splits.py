"""Question 1: is the division of the data sound?

Four rules: the parts are alike, large enough, disjoint and complete. Copies of a row on both sides are a leak unless
chance gives as many; a score that is known only roughly is no fault of the network, but has to be said.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from math import ceil

from whyfit.evidence.dataset import RowNumbers
from whyfit.evidence.evidence import Evidence, EvidenceKind, SplitFacts
from whyfit.evidence.exam import Answer
from whyfit.evidence.finding import Finding, Severity, Where
from whyfit.evidence.question import Question
from whyfit.exams.split_alike import ALIKE_CODES, NEW, judged, likeness
from whyfit.exams.split_leaks import LEAK_CODES, copies_severity, leaks, measured
from whyfit.exams.split_size import SIZE_CODES, half_width, large_enough

PARTS = ("train", "score", "stop")
"""A class that is missing from several is named once, with the part where that costs most."""
MOST_CLASSES = 5
"""Classes that are named one by one; `classes` says how many there are."""
ROWS_A_CLASS = 10
"""A class with fewer scored rows has no interval of its own (Wilson's at 0 of 9 errors reaches 30 %)."""


SAMPLED = ("pairs_among", "neighbours_among", "columns_among")
"""Counts under that of the rows only where some were drawn: near copies leave out equal rows, likeness a third part."""

OWN = {
    "shuffled": ("splits.own_shuffled", Severity.OK),
    "passes": ("splits.own_shuffled", Severity.OK),
    "fixed": ("splits.own_fixed", Severity.NOTE),
    "loose": ("splits.own_loose", Severity.NOTE),
    "forward": ("splits.own_forward", Severity.OK),
    "holdout": ("splits.own_holdout", Severity.NOTE),
    "torn": ("splits.own_torn", Severity.NOTE),
}
"""What is said of a splitter of the user's, by how it was used: a note where it leaves something unmeasured."""
OWN_CODES = frozenset(code for code, _ in OWN.values())


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
                "splits.copies_kept",
                "splits.class_missing",
                "splits.class_small",
                "splits.incomplete",
                "splits.keyless",
                "splits.rare_classes",
                "splits.sampled",
            }
        )
        | OWN_CODES
        | ALIKE_CODES
        | LEAK_CODES
        | SIZE_CODES
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
        half = None if score is None else half_width(score)
        found = (
            *_own(splits),
            *_copies(splits, half),
            *likeness(splits),
            *leaks(splits, half),
            *_complete(splits),
            *_classes(evidence),
            *_keyless(splits),
            *_sampled(evidence),
            *(() if score is None else large_enough(splits, score)),
        )
        found = tuple(_counted(finding, evidence.data.row_numbers) for finding in found) if evidence.data else found
        harmful = any(finding.severity.rank >= Severity.WARNING.rank for finding in found)
        return found if harmful else (*found, _sound(splits))


def _counted(finding: Finding, numbers: RowNumbers) -> Finding:
    """The finding with its rows as the owner of the data counts them, and the number of the first one."""
    where = finding.where
    if where is None or not where.rows:
        return finding
    rows = tuple(numbers.of(row) for row in where.rows)
    facts = {**finding.numbers, "first_row": numbers.first}
    return replace(finding, where=replace(where, rows=rows), numbers=facts)


def _keyless(splits: SplitFacts) -> Iterator[Finding]:
    """Said where no column that tells rows of one thing apart was declared, and none was found."""
    if splits.keyless and not (splits.suspects and (splits.suspects.groups or splits.suspects.keys)):
        yield Finding("splits.keyless", Severity.OK)


def _sound(splits: SplitFacts) -> Finding:
    sizes = {"train": splits.train, "stop": splits.stop, "rows": splits.score}
    return Finding("splits.sound", Severity.OK, sizes | {"folds": splits.folds, "repeats": splits.repeats})


def _own(splits: SplitFacts) -> Iterator[Finding]:
    """How a splitter of the user's was used."""
    if splits.mode is not None:
        code, severity = OWN[splits.mode]
        fewest, most = splits.times_scored
        sizes = {"rows": splits.score, "folds": splits.folds, "repeats": splits.repeats, "fewest": fewest, "most": most}
        yield Finding(code, severity, {"splitter": splits.splitter} | sizes)


def _sampled(evidence: Evidence) -> Iterator[Finding]:
    """What was looked for among some of the rows only, as its cost grows with their square."""
    assert evidence.splits is not None
    splits, rows = evidence.splits, evidence.data.rows if evidence.data else 0
    copies, near, suspects = splits.copies, splits.near, splits.suspects
    compared = [one for one in splits.alike if one.second == NEW or judged(splits)]
    looked: dict[str, int | None] = {
        "pairs_among": copies.rows_compared if copies else None,
        "near_among": near.rows_compared if near else None,
        "neighbours_among": (suspects.rows_compared or None) if suspects else None,
        "columns_among": (suspects.rows_by_column or None) if suspects else None,
        "alike_among": max((one.first_rows + one.second_rows for one in compared), default=None),
    }
    if any((looked[name] or rows) < rows for name in SAMPLED):
        yield Finding("splits.sampled", Severity.OK, {"rows": rows} | looked)


def _copies(splits: SplitFacts, half_width: float | None) -> Iterator[Finding]:
    """Copies beyond chance, or equal rows that chance explains; kept in one part they are no longer a leak here."""
    copies = splits.copies
    if copies is None or copies.pairs == 0:
        return
    first = Where(rows=tuple(row for pair in copies.examples for row in pair))
    effect = {"score_with": copies.score_with, "score_without": copies.score_without}
    if not copies.beyond_chance:
        numbers = {"copies": copies.pairs, "expected_by_chance": copies.expected_pairs} | effect
        yield Finding("splits.copies_by_chance", Severity.NOTE, numbers, first)
        return
    numbers = {
        "copies": copies.copied_score_rows,
        "rows": copies.scored_rows,
        "share": copies.copied_score_rows / max(1, copies.scored_rows),
        "pairs": copies.pairs,
        "expected_by_chance": copies.expected_pairs,
    } | effect
    if "copies" in splits.together:
        yield Finding("splits.copies_kept", Severity.WARNING, numbers | measured(splits, "copies"), first)
    else:
        yield Finding("splits.copies", copies_severity(copies, half_width), numbers, first)


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
