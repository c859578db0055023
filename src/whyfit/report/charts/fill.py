"""A compiled chart with its words and rows put in: what the page draws, or a table of the same rows."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files
from typing import Any

from whyfit.report.charts.kind import DATA, ChartKind, Column, Row
from whyfit.report.charts.layers import has_epochs, plain_layers
from whyfit.report.charts.style import NUMBER, SHARE
from whyfit.report.document import Document
from whyfit.text import Words
from whyfit.text.words import PERCENT_METRICS

LABEL = re.compile(r"@((?:chart|verdict)_\w+)")
SCORE_FORMAT = "chart_score_format"
"""Stands in a chart where numbers are in the units of the score."""


@lru_cache(maxsize=32)
def _compiled(name: str) -> str:
    return files("whyfit.report").joinpath("assets", "charts", f"{name}.json").read_text(encoding="utf-8")


def filled(kind: ChartKind, document: Document, words: Words, rows: Sequence[Row]) -> dict[str, Any]:
    """The chart in Vega, in one language, with its rows.

    Words are put into the compiled text before the rows are added, so that no row is ever read as a word of ours.
    """
    vega: dict[str, Any] = json.loads(with_words(_compiled(kind.name), document, words))
    for data in vega["data"]:
        if data["name"] == DATA:
            data["values"] = list(rows)
    return vega


def with_words(text: str, document: Document, words: Words) -> str:
    """JSON text of a chart with its labels in one language; labels hold nothing that JSON or Vega would escape."""
    return LABEL.sub(lambda match: _word(match[1], document, words), text)


def _word(label: str, document: Document, words: Words) -> str:
    if label == SCORE_FORMAT:
        return SHARE if document.metric in PERCENT_METRICS else NUMBER
    return words.label(time_name(label, document))


def time_name(label: str, document: Document) -> str:
    """Time is told in steps where all sampled moments lie in one epoch."""
    part = plain_layers(document)
    return "chart_step" if label == "chart_time" and part is not None and not has_epochs(part) else label


def heading(column: Column, document: Document, words: Words) -> str:
    """What a column of the table behind a chart is called."""
    return words.label(time_name(f"chart_{column.label or column.field}", document))


def table(kind: ChartKind, rows: Sequence[Row], document: Document, words: Words) -> list[list[str]]:
    """The rows as text, column by column as the chart kind says; an empty cell where nothing was measured.

    A row without any cell is there to be drawn alone, such as a point of a smooth line.
    """
    beside = {"metric": document.metric}

    def cell(column: Column, row: Row) -> str:
        value = row.get(column.field)
        return "" if value is None else words.value(column.field, column.form, value, beside)

    lines = ([cell(column, row) for column in kind.columns] for row in rows)
    return [cells for cells in lines if any(cells)]
