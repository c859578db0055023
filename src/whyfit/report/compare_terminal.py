"""A comparison in a terminal: the score first, then what got worse, what got better, what else is other now."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from whyfit.report.compare import Comparison, Direction, FindingChange, ScoreChange, compare, refuse_other_door
from whyfit.report.document import Document
from whyfit.report.phrases import place, words_of
from whyfit.report.read import read_document
from whyfit.report.rich_parts import grid, section, styled
from whyfit.report.screen import as_text, write_to
from whyfit.text import Language, Words, words_in

if TYPE_CHECKING:
    from rich.console import RenderableType

COLOURS: dict[Direction, str] = {"better": "green", "worse": "red", "not_decided": "dim"}


def compare_files(before: str | Path, after: str | Path, language: Language, file: TextIO) -> bool:
    """Compare two stored reports and write what changed; whether something got worse beyond chance.

    Raises
    ------
    DataError
        Where a file is no report, or the two are of different commands.
    """
    first, second = read_document(before), read_document(after)
    refuse_other_door(first, second, str(after))
    comparison = compare(first, second)
    print_comparison(comparison, first, second, language, file)
    return comparison.worse


def print_comparison(
    comparison: Comparison, before: Document, after: Document, language: Language, file: TextIO
) -> None:
    """Write a comparison of these two reports to a stream."""
    write_to(file, render_comparison(comparison, before, after, language, colour=file.isatty()))


def render_comparison(
    comparison: Comparison, before: Document, after: Document, language: Language = "en", *, colour: bool = False
) -> str:
    """The comparison as text."""
    return as_text(_parts(comparison, before, after, words_in(language)), colour=colour)


def _parts(comparison: Comparison, before: Document, after: Document, words: Words) -> Iterator[RenderableType]:
    yield from section(words.label("score"))
    yield from _score(comparison, before, after, words)
    groups = {
        "worse": [change for change in comparison.findings if change.alarming],
        "noted": comparison.noted,
        "better": [change for change in comparison.findings if change.direction == "better"],
    }
    for name, changed in groups.items():
        if changed:
            yield from section(words.label(f"compare_{name}"))
            yield _findings(changed, words)
    yield from _others(comparison, words)
    yield styled("")
    yield styled(words.label(_ending(comparison)), "bold")


def _ending(comparison: Comparison) -> str:
    if comparison.worse:
        return "compare_stop"
    return "compare_pass" if comparison.score is not None else "compare_pass_unscored"


def _score(comparison: Comparison, before: Document, after: Document, words: Words) -> Iterator[RenderableType]:
    if comparison.same_data is False:
        yield styled(words.label("compare_other_data"), "yellow")
    if comparison.score is not None and after.score is not None:
        yield _change(comparison.score, after.score.metric, words)
    elif before.score is not None and after.score is not None:
        was, now = words.term(before.score.metric), words.term(after.score.metric)
        yield styled(words.label("compare_other_metric", before=was, after=now), "yellow")
    else:
        yield styled(words.label("compare_no_score" if before.score or after.score else "compare_unscored"))


def _change(change: ScoreChange, metric: str, words: Words) -> RenderableType:
    beside = {"metric": metric}
    interval = None
    if change.low is not None and change.high is not None:
        low, high = (words.value("low", "bare", end, beside) for end in (change.low, change.high))
        interval = words.label("interval", low=low, high=high)
    said = words.label(
        f"compare_score_{change.direction}",
        metric=words.term(metric),
        before=words.metric(change.before, metric),
        after=words.metric(change.after, metric),
        change=words.value("gap", "points", change.after - change.before, beside),
        interval=interval,
    )
    return styled(said, COLOURS[change.direction])


def _findings(changed: Sequence[FindingChange], words: Words) -> RenderableType:
    table = grid(18)
    for change in changed:
        was, now = (_severity(one, words) for one in (change.before, change.after))
        summary = words_of(change.finding, change.report, words).summary
        where = place(change.finding, words)
        table.add_row(styled(f"{was} → {now}", COLOURS[change.direction]), styled(summary))
        table.add_row("", styled(" · ".join(filter(None, (change.finding.code, where))), "dim"))
    return table


def _severity(severity: object, words: Words) -> str:
    return words.label("compare_absent") if severity is None else words.label(f"severity_{severity}")


def _others(comparison: Comparison, words: Words) -> Iterator[RenderableType]:
    if not comparison.remedies and not comparison.questions:
        return
    yield from section(words.label("compare_others"))
    table = grid(18)
    for remedy in comparison.remedies:
        was, now = (words.label(f"verdict_{one.replace(' ', '_')}") for one in (remedy.before, remedy.after))
        table.add_row(styled(words.term(remedy.name)), styled(f"{was} → {now}"))
    for question in comparison.questions:
        was, now = (words.label(one.replace(" ", "_")) for one in (question.before, question.after))
        table.add_row(styled(words.title(question.question)), styled(f"{was} → {now}"))
    yield table
