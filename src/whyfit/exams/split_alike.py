"""Alike: are two parts, or the data and new rows, drawn from one population as far as a classifier and columns show?"""

from __future__ import annotations

from collections.abc import Iterator

from whyfit.evidence.evidence import SplitFacts
from whyfit.evidence.finding import Finding, Severity, Where
from whyfit.evidence.leaks import AlikeFacts, ColumnShift

ALIKE_P = 0.002
"""Of the purse of 0.01 for warnings on healthy data, for the classifier and for all columns together after Holm."""
LEAST_AUC = 0.55
"""With many rows everything differs; under this area parts are told apart hardly better than by a coin. Chosen."""
LEAST_SHIFT = 0.1
"""Least difference of shares in one column; deepchecks' limit for the drift of a numeric column."""
NEW = "new"
"""What the second part is called where it is not a part of the data."""

ALIKE_CODES = frozenset({"splits.unlike", "splits.unlike_new", "splits.label_shift", "splits.alike_new"})


def likeness(splits: SplitFacts) -> Iterator[Finding]:
    """Parts of the division, at most a note where whyfit drew it itself; and new rows, alike or not.

    A division that was drawn at random is measured and drawn, and never judged: what differs there is chance.
    """
    for facts in splits.alike:
        if facts.second == NEW:
            yield from _new_rows(facts)
        elif judged(splits):
            yield from _parts(facts, Severity.WARNING if splits.kind == "own" else Severity.NOTE)


def judged(splits: SplitFacts) -> bool:
    """Whether a difference between the parts may come from how they were divided: the user's own way, or by time."""
    return splits.kind == "own" or splits.by == "time"


def _parts(facts: AlikeFacts, severity: Severity) -> Iterator[Finding]:
    columns = _shifted(facts)
    if columns or _told_apart(facts):
        numbers = {"part": facts.first, "other": facts.second} | _numbers(facts, columns)
        yield Finding("splits.unlike", severity, numbers, _where(columns))


def _new_rows(facts: AlikeFacts) -> Iterator[Finding]:
    """Inputs by classifier and columns; the target by itself, as it calls for other steps."""
    shifted = _shifted(facts)
    inputs = [one for one in shifted if not one.target]
    rows = {"rows": facts.first_rows, "new_rows": facts.second_rows}
    if inputs or _told_apart(facts):
        yield Finding("splits.unlike_new", Severity.WARNING, rows | _numbers(facts, inputs), _where(inputs))
    for target in (one for one in shifted if one.target):
        numbers = rows | {"distance": target.distance, "p": target.p}
        yield Finding("splits.label_shift", Severity.WARNING, numbers, Where(column=target.column))
    if not shifted and not _told_apart(facts):
        yield Finding("splits.alike_new", Severity.OK, rows | {"auc": facts.auc, "p": facts.p})


def _shifted(facts: AlikeFacts) -> list[ColumnShift]:
    """Columns whose shift is significant and large enough to matter, the most shifted first."""
    return [one for one in facts.columns if one.p <= ALIKE_P and one.distance >= LEAST_SHIFT]


def _told_apart(facts: AlikeFacts) -> bool:
    return facts.p <= ALIKE_P and facts.auc >= LEAST_AUC


def _numbers(facts: AlikeFacts, columns: list[ColumnShift]) -> dict[str, float | int | None]:
    return {
        "auc": facts.auc,
        "p": facts.p,
        "columns": len(columns) or None,
        "distance": columns[0].distance if columns else None,
    }


def _where(columns: list[ColumnShift]) -> Where | None:
    return Where(column=columns[0].column) if columns else None
