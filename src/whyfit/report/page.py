"""The page before it is markup: sections, findings and charts as plain strings, in one language."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from whyfit.evidence.finding import Severity
from whyfit.evidence.question import Question
from whyfit.report.charts.catalogue import CHARTS
from whyfit.report.charts.fill import filled, heading, table
from whyfit.report.charts.kind import ChartKind
from whyfit.report.charts.legend import Key, legend_of, without_legend
from whyfit.report.document import Document, FindingPart
from whyfit.report.drawn import chart_of
from whyfit.report.phrases import (
    best_epoch,
    constant_rate,
    findings_that_matter,
    numbers_of,
    place,
    told_apart,
    words_of,
)
from whyfit.text import Words
from whyfit.text.catalogue import entries
from whyfit.text.names import plain_name

SAID: dict[str, Callable[[Document, Words], str]] = {
    "curves": best_epoch,
    "alike": told_apart,
    "updates": constant_rate,
}
"""What is said behind the note of a chart, of the numbers in it."""


@dataclass(frozen=True, slots=True)
class PageChart:
    """One chart: its words, its legend, its Vega, and the table behind it."""

    name: str
    title: str
    note: str
    legend: tuple[Key, ...]
    vega: dict[str, Any]
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class PageFinding:
    """One finding, in words; the first that a chart belongs to draws it, the others point to it."""

    anchor: str
    severity: str
    severity_name: str
    code: str
    summary: str
    cause: str
    remedy: str
    place: str
    because: str
    numbers: tuple[tuple[str, str], ...]
    chart: PageChart | None = None
    chart_above: PageChart | None = None


@dataclass(frozen=True, slots=True)
class PageSection:
    """One question."""

    number: int
    name: str
    title: str
    asks: str
    status: str
    status_name: str
    why: str
    findings: tuple[PageFinding, ...]
    charts: tuple[PageChart, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """All sections, and what stands before them."""

    findings: tuple[PageFinding, ...]
    fine: tuple[PageFinding, ...]
    score_charts: tuple[PageChart, ...]
    sections: tuple[PageSection, ...]

    @property
    def charts(self) -> dict[str, dict[str, Any]]:
        """Every chart by its name."""
        all_charts = (*self.score_charts, *(chart for section in self.sections for chart in section.charts))
        return {chart.name: chart.vega for chart in all_charts}


def page_of(document: Document, words: Words) -> Page:
    """The whole page."""
    findings = tuple(_finding(index, one, document, words) for index, one in enumerate(document.findings))
    matter = len(findings_that_matter(document))
    charts = {kind.name: chart for kind in CHARTS if (chart := _chart(kind, document, words))}
    order = sorted(findings, key=lambda one: one.severity == Severity.OK.value)
    return Page(
        findings=_drawn(order[:matter], document, charts),
        fine=tuple(order[matter:]),
        score_charts=_charts_of(None, charts),
        sections=tuple(
            _section(number, question, document, words, findings, charts)
            for number, question in enumerate(Question, start=1)
        ),
    )


def _drawn(findings: list[PageFinding], document: Document, charts: dict[str, PageChart]) -> tuple[PageFinding, ...]:
    """Each finding with the chart that shows it."""
    stored = {f"finding-{index + 1}": one for index, one in enumerate(document.findings)}
    names = [chart_of(stored[one.anchor].code, stored[one.anchor].question, charts) for one in findings]
    return tuple(
        finding if name is None else _with_chart(finding, charts[name], above=name in names[:place])
        for place, (finding, name) in enumerate(zip(findings, names, strict=True))
    )


def _with_chart(finding: PageFinding, chart: PageChart, *, above: bool) -> PageFinding:
    return replace(finding, chart_above=chart) if above else replace(finding, chart=chart)


def _section(
    number: int,
    question: Question,
    document: Document,
    words: Words,
    findings: tuple[PageFinding, ...],
    charts: dict[str, PageChart],
) -> PageSection:
    part = document.questions.of(question)
    mine = [finding for finding, stored in zip(findings, document.findings, strict=True) if stored.question == question]
    return PageSection(
        number=number,
        name=question.value,
        title=words.title(question),
        asks=words.asks(question),
        status=part.status.replace(" ", "-"),
        status_name=words.label(part.status.replace(" ", "_")),
        why=words.why(part.why_code) or part.why or "",
        findings=tuple(mine),
        charts=_charts_of(question, charts),
    )


def _charts_of(question: Question | None, charts: dict[str, PageChart]) -> tuple[PageChart, ...]:
    return tuple(charts[kind.name] for kind in CHARTS if kind.question is question and kind.name in charts)


def _chart(kind: ChartKind, document: Document, words: Words) -> PageChart | None:
    rows = kind.rows(document, words)
    if not rows:
        return None
    vega = filled(kind, document, words, rows)
    return PageChart(
        name=kind.name,
        title=words.label(kind.label),
        note=note_of(kind, document, words),
        legend=legend_of(vega, rows),
        vega=without_legend(vega),
        head=tuple(heading(column, document, words) for column in kind.columns),
        rows=tuple(tuple(cells) for cells in table(kind, rows, document, words)),
    )


def note_of(kind: ChartKind, document: Document, words: Words) -> str:
    """How to read a chart, and what it is of."""
    networks = document.series.curves[0].networks if document.series.curves else document.networks
    name = f"{kind.label}_note"
    if document.door == "watch" and f"{name}_watched" in entries(words.language, "labels"):
        name = f"{name}_watched"
    note = words.label(name, networks=words.label("networks", n=networks))
    said = SAID[kind.name](document, words) if kind.name in SAID else ""
    return note + words.label("sentence_gap") + said if said else note


def _finding(index: int, finding: FindingPart, document: Document, words: Words) -> PageFinding:
    said = words_of(finding, document, words)
    return PageFinding(
        anchor=f"finding-{index + 1}",
        severity=finding.severity.value,
        severity_name=words.label(f"severity_{finding.severity.value}"),
        code=plain_name(finding.code),
        summary=said.summary,
        cause=said.cause,
        remedy=said.remedy,
        place=place(finding, words),
        because=words.label("because", code=finding.because) if finding.because else "",
        numbers=tuple(numbers_of(finding, document, words)),
    )
