"""Leaks beside exact copies, as question 1 judges them: near copies, groups, time, telling columns.

A leak is found by the guess of the nearest row; what it does to a network is what networks measured, with and without.
"""

from __future__ import annotations

from collections.abc import Iterator

from whyfit.evidence.evidence import CopyFacts, SplitFacts
from whyfit.evidence.finding import Finding, Severity, Where
from whyfit.evidence.leaks import (
    ColumnSuspect,
    ContrastFacts,
    GroupSuspect,
    NearCopyFacts,
    OrderFacts,
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

PREPARED = {"imputing": "splits.imputed_inside", "selection": "splits.selected_inside"}
"""What preparing before the split would have pretended, beside scaling."""

LEAK_CODES = frozenset(
    {
        "splits.forward",
        "splits.group_column",
        "splits.groups_kept",
        "splits.groups_shared",
        "splits.identifier",
        "splits.identifier_left_out",
        "splits.key_tells",
        "splits.near_copies",
        "splits.near_copies_kept",
        "splits.scaled_inside",
        "splits.target_in_disguise",
        "splits.target_left_out",
        "splits.time_kept",
        "splits.time_or_sorted",
        "splits.time_order",
        *PREPARED.values(),
    }
)

Numbers = dict[str, float | int | None]


def leaks(splits: SplitFacts, half_width: float | None) -> Iterator[Finding]:
    """All that was found of them; `half_width` is that of the score's interval, where there is one."""
    yield from _near_copies(splits, half_width)
    yield from _shared_groups(splits)
    yield from _suspects(splits, splits.suspects or SuspectFacts())
    yield from _forward(splits)
    yield from _pretended(splits)


def copies_severity(copies: CopyFacts | NearCopyFacts, half_width: float | None) -> Severity:
    """By what copies do to the score where that was measured, else by their share."""
    if copies.score_with is None or copies.score_without is None or half_width is None:
        share = copies.copied_score_rows / max(1, copies.scored_rows)
        return Severity.SERIOUS if share >= SERIOUS_COPIES else Severity.WARNING
    effect = abs(copies.score_with - copies.score_without)
    return Severity.SERIOUS if effect > SERIOUS_EFFECT * half_width else Severity.WARNING


def measured(splits: SplitFacts, kind: str) -> Numbers:
    """What networks measured of one kind of leak, said by its sign, and how many; nothing where none did."""
    facts = next((one for one in splits.contrasts if one.kind == kind), None)
    if facts is None:
        return {}
    difference = facts.difference
    return {
        "score_with": facts.score_with,
        "score_without": facts.score_without,
        "flatters": difference.value,
        "low": difference.low,
        "high": difference.high,
        "networks": facts.networks,
        "measured_rows": facts.rows,
        **_sided(difference.value, difference.low, difference.high),
    }


def _pretended(splits: SplitFacts) -> Iterator[Finding]:
    """A fault that a study cannot have: how much it would have pretended, for those who prepare by hand."""
    guess, scaling = splits.pretended, measured(splits, "scaling")
    if guess is not None and not scaling:
        scaling = _guessed(guess)
    if scaling:
        yield Finding("splits.scaled_inside", Severity.OK, scaling)
    for facts in splits.contrasts:
        if facts.kind in PREPARED:
            yield Finding(PREPARED[facts.kind], _prepared_severity(facts), measured(splits, facts.kind))


def _guessed(guess: PretendedFacts) -> Numbers:
    """By the guess of the nearest row; one of the last three says which way its interval lies."""
    numbers: Numbers = {"pretended": guess.gain, "pretended_low": guess.low, "pretended_high": guess.high}
    return numbers | _sided(guess.gain, guess.low, guess.high, "guessed_")


def _sided(value: float, low: float | None, high: float | None, prefix: str = "") -> Numbers:
    """The same number under the name of what it shows: less error, more error, or nothing where 0 is inside."""
    if low is not None and low > 0:
        return {f"{prefix}less_error": value}
    if high is not None and high < 0:
        return {f"{prefix}more_error": -value}
    return {f"{prefix}no_difference": value}


def _prepared_severity(facts: ContrastFacts) -> Severity:
    """A note where preparing before the split would have been seen to flatter the score."""
    low = facts.difference.low
    return Severity.NOTE if low is not None and low > 0 else Severity.OK


def _near_copies(splits: SplitFacts, half_width: float | None) -> Iterator[Finding]:
    """More pairs than chance gives, or single pairs that it does not."""
    near = splits.near
    if near is None or not near.beyond_chance:
        return
    numbers: Numbers = {
        "pairs": max(near.pairs, near.nearest),
        "most_by_chance": near.most_by_chance,
        "copies": near.copied_score_rows,
        "rows": near.scored_rows,
        "share": near.copied_score_rows / max(1, near.scored_rows),
        "p": near.smallest_p,
        "score_with": near.score_with,
        "score_without": near.score_without,
    }
    where = Where(rows=tuple(row for pair in near.examples for row in pair))
    if "near_copies" in splits.together:
        yield Finding("splits.near_copies_kept", Severity.WARNING, numbers | measured(splits, "copies"), where)
    else:
        yield Finding("splits.near_copies", copies_severity(near, half_width), numbers, where)


def _shared_groups(splits: SplitFacts) -> Iterator[Finding]:
    """A splitter of one's own may leave groups on both sides."""
    if splits.shared_groups:
        yield Finding("splits.groups_shared", Severity.SERIOUS, {"groups": splits.shared_groups})


def _suspects(splits: SplitFacts, suspects: SuspectFacts) -> Iterator[Finding]:
    """A division that respects the column already makes it a note."""
    for place, group in enumerate(suspects.groups):
        networks = measured(splits, "groups") if place == 0 else {}
        yield _group(group, networks, used=group.column in suspects.used)
    yield from (_key(key) for key in suspects.keys if key.column not in suspects.used)
    for place, time in enumerate(suspects.time):
        networks = measured(splits, "time") if place == 0 and time.sorted_by is None else {}
        yield _time(time, _order(time.order) | networks, used=time.column in suspects.used, rows=suspects.rows_compared)
    no_input = {*suspects.used, *suspects.left_out}  # a column that no network sees gives nothing away
    numbers = {found.column for found in suspects.numbering}
    for column in suspects.disguised:
        if column.column not in no_input or (column.itself and column.column not in {*suspects.used, *numbers}):
            yield _disguised(column, measured(splits, "disguised"), left_out=column.column in no_input)
    known = {found.column for found in suspects.disguised if found.column not in suspects.left_out}
    known |= {found.column for found in suspects.time if found.column is not None}
    for column in suspects.numbering:
        if column.column not in known:
            yield _numbering(column, measured(splits, "numbering"), left_out=column.column in suspects.left_out)


def _disguised(column: ColumnSuspect, networks: Numbers, *, left_out: bool) -> Finding:
    code = "splits.target_left_out" if left_out else "splits.target_in_disguise"
    return Finding(code, Severity.WARNING, _guess(column) | networks, Where(column=column.column))


def _numbering(column: ColumnSuspect, networks: Numbers, *, left_out: bool) -> Finding:
    """A leak where the rows are sorted by their targets; none once the column is no input."""
    where, numbers = Where(column=column.column), _guess(column) | networks
    if left_out:
        return Finding("splits.identifier_left_out", Severity.NOTE, numbers, where)
    sorted_by_target = column.error <= NO_BETTER * column.baseline
    return Finding("splits.identifier", Severity.WARNING if sorted_by_target else Severity.NOTE, numbers, where)


def _group(group: GroupSuspect, networks: Numbers, *, used: bool) -> Finding:
    numbers: Numbers = {
        "groups": group.groups,
        "within": group.within,
        "within_by_chance": group.within_by_chance,
        "guess_with": group.error_with,
        "guess_without": group.error_without,
        "p": group.p,
        "ungrouped": group.missing or None,
    }
    where = Where(column=group.column)
    if used:
        return Finding("splits.groups_kept", Severity.NOTE, numbers | networks, where)
    return Finding("splits.group_column", Severity.WARNING, numbers | networks, where)


def _key(key: GroupSuspect) -> Finding:
    """Known values answer for their rows: right for towns, memory for patients, and only who knows the data can say."""
    numbers: Numbers = {
        "groups": key.groups,
        "guess_with": key.error_with,
        "guess_without": key.error_without,
        "p": key.p,
    }
    return Finding("splits.key_tells", Severity.NOTE, numbers, Where(column=key.column))


def _time(time: TimeSuspect, networks: Numbers, *, used: bool, rows: int) -> Finding:
    """The guess is that of the nearest row, or, where only that tells, of the row nearest in time."""
    by = {"guess_in_time": time.error_with} if time.alone else {"guess_with": time.error_with}
    numbers: Numbers = {"window": time.window, **by, "guess_without": time.error_without, "p": time.p}
    numbers["undated"] = time.undated or None
    where = None if time.column is None else Where(column=time.column)
    if time.column is None:
        numbers["ordered_rows"] = rows
    if time.sorted_by is not None:
        return Finding("splits.time_or_sorted", Severity.NOTE, numbers, Where(column=time.sorted_by))
    if used:
        return Finding("splits.time_kept", Severity.NOTE, numbers | networks, where)
    return Finding("splits.time_order", Severity.WARNING, numbers | networks, where)


def _order(order: OrderFacts | None) -> Numbers:
    return {} if order is None else {"autocorrelation": order.autocorrelation, "within_chance": order.by_chance}


def _forward(splits: SplitFacts) -> Iterator[Finding]:
    """Of an order in time that was declared: how far neighbours are alike, and what a random division would have said.

    Where it was found, the finding of it says so.
    """
    found = splits.suspects is not None and splits.suspects.time
    if splits.order is not None and splits.by == "time" and not found:
        yield Finding("splits.forward", Severity.OK, _order(splits.order) | measured(splits, "time"))


def _guess(column: ColumnSuspect) -> Numbers:
    return {"guess": column.error, "guess_constant": column.baseline, "guess_without": column.error_without}
