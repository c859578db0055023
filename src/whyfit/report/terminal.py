"""The report in a terminal: 80 columns, colours only where they mean something, plain text through a pipe."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, TextIO

from whyfit.evidence.finding import Severity
from whyfit.evidence.question import Question
from whyfit.report import terminal_tables
from whyfit.report.document import Document, FindingPart
from whyfit.report.phrases import (
    bracket,
    effort,
    estimand_of,
    findings_that_matter,
    head_facts,
    numbers_of,
    place,
    recipe_said,
    recipe_title,
    told,
    words_of,
)
from whyfit.report.rich_parts import grid, section, styled
from whyfit.report.screen import WIDTH, as_text, write_to
from whyfit.text import Language, Words, words_in
from whyfit.text.names import plain_name

if TYPE_CHECKING:
    from rich.console import RenderableType

COLOURS = {Severity.SERIOUS: "bold red", Severity.WARNING: "yellow", Severity.NOTE: "cyan", Severity.OK: "green"}
STATUS_COLOURS = {"measured": "green", "partly measured": "green", "not measured": "dim", "does not apply": "dim"}


def print_report(document: Document, language: Language, file: TextIO) -> None:
    """Write the report to a stream: in colour where it is a terminal, and never failing on its encoding."""
    write_to(file, render(document, language, colour=file.isatty()))


def render(document: Document, language: Language = "en", *, colour: bool = False, width: int = WIDTH) -> str:
    """The report as text."""
    return as_text(_parts(document, words_in(language)), colour=colour, width=width)


def _parts(document: Document, words: Words) -> Iterator[RenderableType]:
    yield from _head(document, words)
    yield from _findings(document, words)
    yield from _score(document, words)
    yield from terminal_tables.remedies(document, words)
    yield from terminal_tables.changes(document, words)
    yield from terminal_tables.optimizers(document, words)
    yield from _recommended(document, words)
    yield from _questions(document, words)
    yield from _left_out(document, words)


def _head(document: Document, words: Words) -> Iterator[RenderableType]:
    yield styled(" · ".join(["whyfit " + words.label(document.door), *head_facts(document, words)]), "bold")
    yield styled(effort(document, words), "dim")
    if document.provenance.get("interrupted"):
        yield styled(words.label("interrupted"), "yellow")


def _findings(document: Document, words: Words) -> Iterator[RenderableType]:
    yield from section(words.label("findings"))
    found = findings_that_matter(document)
    if not found:
        yield styled(words.label("verdict_sound" if document.findings else "no_findings"))
    for finding in found:
        yield styled("")
        yield _finding(finding, document, words)
    fine = [finding for finding in document.findings if finding.severity is Severity.OK]
    if fine:
        yield from section(words.label("looked_for"))
        yield _fine(fine, document, words)


def _finding(finding: FindingPart, document: Document, words: Words) -> RenderableType:
    said = words_of(finding, document, words)
    table = grid(8)
    table.add_row(_severity(finding, words), styled(said.summary, "bold"))
    for name, text in (("cause", said.cause), ("remedy", said.remedy), ("where", place(finding, words))):
        if text:
            table.add_row(styled(words.label(name), "dim"), styled(text))
    if finding.because:
        table.add_row("", styled(words.label("because", code=finding.because), "dim"))
    said_numbers = (f"{name} {value}" for name, value in numbers_of(finding, document, words))
    table.add_row("", styled(" · ".join([plain_name(finding.code), *said_numbers]), "dim"))
    return table


def _fine(fine: list[FindingPart], document: Document, words: Words) -> RenderableType:
    table = grid(8)
    for finding in fine:
        table.add_row(_severity(finding, words), styled(words_of(finding, document, words).summary))
    return table


def _severity(finding: FindingPart, words: Words) -> RenderableType:
    return styled(words.label(f"severity_{finding.severity.value}"), COLOURS[finding.severity])


def _score(document: Document, words: Words) -> Iterator[RenderableType]:
    score = document.score
    if score is None and document.door == "watch":
        return
    yield from section(words.label("score"))
    if score is None:
        yield styled(words.label("verdict_unscored"))
        return
    mean = words.metric(score.mean, score.metric)
    yield styled(words.label("score_line", metric=words.term(score.metric), mean=mean) + bracket(document, words))
    yield styled(words.label("baseline_line", baseline=words.metric(score.baseline, score.metric)))
    yield styled(estimand_of(document, words), "dim")
    yield from terminal_tables.other_metrics(document, words)


def _recommended(document: Document, words: Words) -> Iterator[RenderableType]:
    if document.recommended is not None:
        yield from section(recipe_title(document, words))
        yield styled(recipe_said(document, words))


def _left_out(document: Document, words: Words) -> Iterator[RenderableType]:
    """What the study did not try, and why; what was inferred while loading was told then."""
    said = told(document, words, "study.")
    if said:
        yield styled("")
        yield from (styled(sentence, "dim") for sentence in said)


def _questions(document: Document, words: Words) -> Iterator[RenderableType]:
    yield from section(words.label("questions"))
    table = grid(2, 17, 16)
    for number, question in enumerate(Question, start=1):
        part = document.questions.of(question)
        why = words.why(part.why_code) or part.why or ""
        status = words.label(part.status.replace(" ", "_"))
        table.add_row(
            styled(f"{number:2}"),
            styled(words.title(question)),
            styled(status, STATUS_COLOURS[part.status]),
            styled(why, "dim"),
        )
    yield table
