"""The charts of a worked case: altair drawings of the faulty run's report and of the repaired one's, as SVG.

They are the charts of the report itself, drawn while the handbook is built; a chart that has nothing to show fails the
build. Their colours are the page's own variables, so that they follow light and dark.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import vl_convert

from handbook.case import Case
from handbook.shown import HTML
from whyfit.report import document_from_json
from whyfit.report.charts.catalogue import chart_named
from whyfit.report.charts.fill import with_words
from whyfit.report.charts.palette import PAGE
from whyfit.report.document import Document
from whyfit.report.page import note_of
from whyfit.text import Language, words_in

VEGA_LITE = "6.4"
"""As in `tools/compile_charts.py`."""
WIDTH = 560
"""Pixels, beside the axes: what the column of a page holds."""
CHARTS = {
    "splits": ("splits",),
    "bias_variance": ("decomposition", "ensemble"),
    "overfitting": ("remedies", "curves", "seen_gap"),
    "optimizers": ("steps",),
    "backprop": ("gradient_arrival",),
    "initialization": ("symmetry",),
    "gradients": ("start", "gradient_map"),
    "activations": ("steps",),
    "relu": ("activation", "dead"),
    "saturation": ("activation", "saturated"),
    "dropout": ("dropout_passes",),
    "batchnorm": ("batchnorm_passes",),
}
"""Of each question's case."""
SAYS = {"en": {"faulty": "faulty", "repaired": "repaired"}, "zh": {"faulty": "有问题", "repaired": "修复后"}}


def of_case(question: str, one: Case, lang: Language) -> HTML:
    """Every chart of the case, of each run that it has one for."""
    documents = {run: document_from_json(text) for run, text in one.reports.items()}
    figures = [
        _figure(name, document, SAYS[lang][run] if len(documents) > 1 else "", lang)
        for name in CHARTS[question]
        for run, document in documents.items()
    ]
    return HTML("\n".join(figures))


def _figure(name: str, document: Document, run: str, lang: Language) -> str:
    kind, words = chart_named(name), words_in(lang)
    title = words.label(kind.label) + (f" · {run}" if run else "")
    return figure(title, note_of(kind, document, words), _svg(name, document, lang))


def figure(title: str, note: str, svg: str) -> str:
    """A drawing with its title and how to read it."""
    return (
        f'<figure class="whyfit-chart" role="group" aria-label="{title}">'
        f"<figcaption><strong>{title}</strong>{f'<br>{note}' if note else ''}</figcaption>{svg}</figure>"
    )


def _svg(name: str, document: Document, lang: Language) -> str:
    kind, words = chart_named(name), words_in(lang)
    rows = list(kind.rows(document, words))
    assert rows, f"{name} has nothing to show"
    return svg_of(kind.altair(PAGE), rows, lambda text: with_words(text, document, words))


def svg_of(chart: Any, rows: Sequence[Mapping[str, Any]], worded: Callable[[str], str] = str) -> str:
    """A chart of the rows as SVG, as wide as the column of a page."""
    drawn = json.dumps(chart.properties(width=WIDTH).to_dict())
    specification = json.loads(worded(drawn)) | {"datasets": {"rows": list(rows)}}
    svg: str = vl_convert.vegalite_to_svg(specification, vl_version=VEGA_LITE)
    return svg
