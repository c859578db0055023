"""The report as Python users hold it: it answers by question, saves itself, and draws itself in a notebook."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from whyfit.errors import ArgumentError
from whyfit.evidence.exam import Answer
from whyfit.evidence.finding import Finding
from whyfit.evidence.question import Question
from whyfit.evidence.recipe import Recipe
from whyfit.evidence.report import Report
from whyfit.report.charts.catalogue import chart_named
from whyfit.report.charts.fill import with_words
from whyfit.report.charts.kind import ChartKind, Row
from whyfit.report.charts.palette import PAPER
from whyfit.report.compose import document_of
from whyfit.report.document import Document
from whyfit.report.files import write_report
from whyfit.report.notebook import show_in_notebooks
from whyfit.text import Language, preferred_language, words_in

if TYPE_CHECKING:
    import altair as alt
    import polars as pl

CHART_WIDTH = 620
"""Pixels in a notebook, where a chart has no place of its own to fill."""


@dataclass(frozen=True, slots=True)
class OneQuestion:
    """All that is known on one question."""

    question: Question
    answer: Answer
    findings: tuple[Finding, ...]


class LiveReport(Report):
    """A report with its drawings."""

    _way_out: Callable[[Path], tuple[Path, ...]] | None = None

    @classmethod
    def of(cls, report: Report, way_out: Callable[[Path], tuple[Path, ...]] | None = None) -> Self:
        """The same report, able to draw itself; a running notebook learns how to draw what is in it.

        `way_out` trains a network of the recommended recipe and writes it, where the data is still at hand.
        """
        show_in_notebooks()
        live = cls(**{field.name: getattr(report, field.name) for field in fields(report)})
        object.__setattr__(live, "_way_out", way_out)  # no part of what a report is: it is neither stored nor compared
        return live

    @cached_property
    def document(self) -> Document:
        """The report as it is stored: what every drawing is made from."""
        return document_of(self)

    def __getitem__(self, question: str) -> OneQuestion:
        """All that is known on one question."""
        if question not in set(Question):
            names = ", ".join(one.value for one in Question)
            raise ArgumentError(f"there is no question {question!r}; there are {names}.")
        asked = Question(question)
        mine = tuple(finding for finding in self.findings if finding.question is asked)
        return OneQuestion(asked, self.answers[asked], mine)

    @property
    def recipe(self) -> Recipe:
        """The recommended recipe, as `whyfit.train` takes it; the plain one where none was better."""
        if self.evidence.recommended is None:
            raise ArgumentError(
                "no recipe is recommended: none was compared with the plain one.",
                advice="Give a larger budget; `report.frame('remedies')` shows what was trained.",
            )
        return self.evidence.recommended.recipe

    def save(self, path: str | Path, lang: Language = "en") -> None:
        """Write the report to a file: `.html` in a language, `.json`, or the recommended recipe as `.toml`."""
        write_report(self.document, Path(path), lang)

    def export(self, folder: str | Path) -> tuple[Path, ...]:
        """Train a network of the recommended recipe on all rows, and write it as a script of plain PyTorch.

        Returns
        -------
        What was written: `predict.py`, its weights, and the recipe. The plain recipe where none was compared.
        """
        if self._way_out is None:
            raise ArgumentError("this report holds no data to train on.", advice="One of `whyfit.checkup` does.")
        return self._way_out(Path(folder))

    def chart(self, name: str, lang: Language = "en") -> alt.TopLevelMixin:
        """One chart of the report, as an altair chart that can be changed and saved."""
        import altair as alt  # noqa: PLC0415

        kind = chart_named(name)
        specification = kind.altair(PAPER).to_dict()
        text = with_words(json.dumps(specification, ensure_ascii=False), self.document, words_in(lang))
        filled: dict[str, Any] = json.loads(text)
        filled |= {"data": {"values": self._rows(kind, lang)}, "width": CHART_WIDTH}
        chart: alt.TopLevelMixin = alt.Chart.from_dict(filled)
        return chart

    def frame(self, name: str, lang: Language = "en") -> pl.DataFrame:
        """The rows behind one chart, as a frame."""
        import polars as pl  # noqa: PLC0415

        return pl.DataFrame(self._rows(chart_named(name), lang), infer_schema_length=None)

    def _rows(self, kind: ChartKind, lang: Language) -> list[Row]:
        rows = list(kind.rows(self.document, words_in(lang)))
        if not rows:
            raise ArgumentError(
                f"there is nothing to draw for {kind.name!r}: it was not measured.",
                advice="`report.answers` says why.",
            )
        return rows

    def _repr_html_(self) -> str:
        from whyfit.report.fragment import fragment_of  # noqa: PLC0415  # jinja2

        return fragment_of(self.document, preferred_language(os.environ))
