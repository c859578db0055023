"""The charts of a worked case: altair drawings of the faulty run's report and of the repaired one's, as SVG.

They are the charts of the report itself, drawn while the handbook is built; a chart that has nothing to show fails the
build. Their colours are the page's own variables, so that they follow light and dark.
"""

from __future__ import annotations

import json

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
    "backprop": ("gradients",),
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
    note = note_of(kind, document, words)
    return (
        f'<figure class="whyfit-chart" role="group" aria-label="{title}">'
        f"<figcaption><strong>{title}</strong><br>{note}</figcaption>{_svg(name, document, lang)}</figure>"
    )


def _svg(name: str, document: Document, lang: Language) -> str:
    kind, words = chart_named(name), words_in(lang)
    rows = list(kind.rows(document, words))
    assert rows, f"{name} has nothing to show"
    drawn = kind.altair(PAGE).properties(width=WIDTH).to_dict()
    specification = json.loads(with_words(json.dumps(drawn), document, words)) | {"datasets": {"rows": rows}}
    svg: str = vl_convert.vegalite_to_svg(specification, vl_version=VEGA_LITE)
    return svg
