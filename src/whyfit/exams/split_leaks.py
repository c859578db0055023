"""Leaks beside exact copies, as question 1 judges them: near copies, groups, time, telling columns."""

from __future__ import annotations

from collections.abc import Iterator

from whyfit.evidence.evidence import CopyFacts, SplitFacts
from whyfit.evidence.finding import Finding, Severity, Where
from whyfit.evidence.leaks import (
    ColumnSuspect,
    GroupSuspect,
    NearCopyFacts,
    PretendedFacts,
    SuspectFacts,
    TimeSuspect,
)

SERIOUS_COPIES = 0.05
"""Share of scored rows that are copies, from which the score cannot be trusted where their effect was not measured;
deepchecks' default limit for samples on both sides."""
SERIOUS_EFFECT = 1.0
"""Copies that move the score by more than half the width of its interval change what one concludes from it."""
NO_BETTER = 0.5
"""A column that numbers the rows is a leak where it leaves under half of the best constant's loss: the rows are sorted
by their targets. Chosen."""

LEAK_CODES = frozenset(
    {
        "splits.group_column",
        "splits.groups_kept",
        "splits.groups_shared",
        "splits.identifier",
        "splits.identifier_left_out",
        "splits.near_copies",
        "splits.scaled_inside",
        "splits.target_in_disguise",
        "splits.time_kept",
        "splits.time_order",
    }
)


def leaks(splits: SplitFacts, half_width: float | None) -> Iterator[Finding]:
    """All that was found of them; `half_width` is that of the score's interval, where there is one."""
    yield from _near_copies(splits.near, half_width)
    yield from _shared_groups(splits)
    yield from _suspects(splits.suspects or SuspectFacts())
    if splits.pretended is not None:
        yield _pretended(splits.pretended)


def copies_severity(copies: CopyFacts | NearCopyFacts, half_width: float | None) -> Severity:
    """By what copies do to the score where that was measured, else by their share."""
    if copies.score_with is None or copies.score_without is None or half_width is None:
        share = copies.copied_score_rows / max(1, copies.scored_rows)
        return Severity.SERIOUS if share >= SERIOUS_COPIES else Severity.WARNING
    effect = abs(copies.score_with - copies.score_without)
    return Severity.SERIOUS if effect > SERIOUS_EFFECT * half_width else Severity.WARNING


def _pretended(facts: PretendedFacts) -> Finding:
    """A fault that a study cannot have: how much it would have pretended, for those who scale by hand."""
    return Finding(
        "splits.scaled_inside",
        Severity.OK,
        {"pretended": facts.gain, "pretended_low": facts.low, "pretended_high": facts.high},
    )


def _near_copies(near: NearCopyFacts | None, half_width: float | None) -> Iterator[Finding]:
    """More pairs than chance gives, or single pairs that it does not."""
    if near is None or (near.pairs <= near.most_by_chance and near.nearest == 0):
        return
    numbers = {
        "pairs": max(near.pairs, near.nearest),
        "most_by_chance": near.most_by_chance,
        "copies": near.copied_score_rows,
        "rows": near.scored_rows,
        "share": near.copied_score_rows / max(1, near.scored_rows),
        "p": near.smallest_p,
        "score_with": near.score_with,
        "score_without": near.score_without,
    }
    severity = copies_severity(near, half_width)
    yield Finding(
        "splits.near_copies", severity, numbers, Where(rows=tuple(row for pair in near.examples for row in pair))
    )


def _shared_groups(splits: SplitFacts) -> Iterator[Finding]:
    """A splitter of one's own may leave groups on both sides."""
    if splits.shared_groups:
        yield Finding("splits.groups_shared", Severity.SERIOUS, {"groups": splits.shared_groups})


def _suspects(suspects: SuspectFacts) -> Iterator[Finding]:
    """A division that respects the column already makes it a note."""
    for group in suspects.groups:
        yield _group(group, used=group.column in suspects.used)
    for time in suspects.time:
        yield _time(time, used=time.column in suspects.used)
    no_input = {*suspects.used, *suspects.left_out}  # a column that no network sees gives nothing away
    disguised = [found for found in suspects.disguised if found.column not in no_input]
    for column in disguised:
        yield Finding("splits.target_in_disguise", Severity.WARNING, _guess(column), Where(column=column.column))
    known = {found.column for found in disguised} | {found.column for found in suspects.time}
    for column in suspects.numbering:
        if column.column not in known:
            yield _numbering(column, left_out=column.column in suspects.left_out)


def _numbering(column: ColumnSuspect, *, left_out: bool) -> Finding:
    """A leak where the rows are sorted by their targets; none once the column is no input."""
    where = Where(column=column.column)
    if left_out:
        return Finding("splits.identifier_left_out", Severity.NOTE, _guess(column), where)
    sorted_by_target = column.error <= NO_BETTER * column.baseline
    return Finding("splits.identifier", Severity.WARNING if sorted_by_target else Severity.NOTE, _guess(column), where)


def _group(group: GroupSuspect, *, used: bool) -> Finding:
    numbers = {
        "groups": group.groups,
        "within": group.within,
        "within_by_chance": group.within_by_chance,
        "guess_with": group.error_with,
        "guess_without": group.error_without,
        "p": group.p,
    }
    where = Where(column=group.column)
    if used:
        return Finding("splits.groups_kept", Severity.NOTE, numbers, where)
    return Finding("splits.group_column", Severity.WARNING, numbers, where)


def _time(time: TimeSuspect, *, used: bool) -> Finding:
    numbers = {
        "window": time.window,
        "guess_with": time.error_with,
        "guess_without": time.error_without,
        "p": time.p,
    }
    where = None if time.column is None else Where(column=time.column)
    if used:
        return Finding("splits.time_kept", Severity.NOTE, numbers, where)
    return Finding("splits.time_order", Severity.WARNING, numbers, where)


def _guess(column: ColumnSuspect) -> dict[str, float | None]:
    return {"guess": column.error, "guess_constant": column.baseline, "guess_without": column.error_without}
