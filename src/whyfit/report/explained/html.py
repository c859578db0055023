"""An explanation as one HTML page: no script, nothing loaded, formulas as MathML, plots as SVG."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

from whyfit._version import __version__
from whyfit.evidence.explanation import Check, Explanation, Formula, Heading, Part, Plot, Rows, Said, Step, Table
from whyfit.report.explained.maths import mathml
from whyfit.report.explained.svg import svg_of
from whyfit.report.explained.terminal import DIGITS
from whyfit.report.html import HTML_LANGUAGES
from whyfit.report.templates import as_it_stands, asset, template
from whyfit.text.explained import ExplainWords
from whyfit.text.language import Language
from whyfit.text.numbers import number


def explanation_html(explanation: Explanation, language: Language = "en") -> str:
    """The page."""
    words = ExplainWords(language, explanation.question)
    style = asset("page.css") + asset("explained.css")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return template("explained.html.jinja").render(
        html_lang=HTML_LANGUAGES[language],
        policy=as_it_stands(
            f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'"
        ),
        style=as_it_stands(style),
        title=words.words.title(explanation.question),
        asks=words.words.asks(explanation.question),
        body=as_it_stands(explanation_body(explanation, language)),
        version=__version__,
        drawn_by=words.words.label("drawn_by", version=__version__),
    )


def explanation_body(explanation: Explanation, language: Language = "en") -> str:
    """What stands between the page's head and its foot, for a page that has its own."""
    words = ExplainWords(language, explanation.question)
    parts = [_plain(part, words) for part in explanation.parts]
    return template("explained_body.html.jinja").render(parts=parts)


def _plain(part: Part, words: ExplainWords) -> dict[str, Any]:  # noqa: PLR0911  # one return a kind of part
    """A part as strings that the template escapes."""
    if isinstance(part, Heading):
        return {"kind": "heading", "text": words.say("head", part.name, part.numbers)}
    if isinstance(part, Said):
        return {"kind": "said", "text": words.say("said", part.name, part.numbers)}
    if isinstance(part, Formula):
        return {"kind": "formula", "lines": [as_it_stands(mathml(line)) for line in part.lines]}
    if isinstance(part, Step):
        return {"kind": "step", **_step(part, words)}
    if isinstance(part, Table):
        return {"kind": "table", **_table(part, words)}
    if isinstance(part, Plot):
        return {"kind": "plot", "plot": svg_of(part, words)}
    return {"kind": "check", **_check(part, words)}


def _step(step: Step, words: ExplainWords) -> dict[str, Any]:
    rows, columns = step.shape
    return {
        "formula": as_it_stands(mathml(f"{step.latex} = {matrix_latex(step.value)}")),
        "size": f"{rows}×{columns}",
        "check": _check(step.check, words) if step.check else None,
        "difference": number(step.check.difference, 2) if step.check else "",
    }


def matrix_latex(value: Rows) -> str:
    r"""A matrix in LaTeX.

    Examples
    --------
    >>> matrix_latex(((1.0,), (-0.5,)))
    '\\begin{pmatrix} 1 \\\\ -0.5 \\end{pmatrix}'
    """
    body = r" \\ ".join(" & ".join(latex_number(entry) for entry in row) for row in value)
    return rf"\begin{{pmatrix}} {body} \end{{pmatrix}}"


def latex_number(value: float, digits: int = DIGITS) -> str:
    r"""A number in LaTeX.

    Examples
    --------
    >>> latex_number(0.5), latex_number(3.2e-9)
    ('0.5', '3.2 \\times 10^{-9}')
    """
    text = number(value, digits).replace("−", "-").replace(",", "")
    mantissa, times, power = text.partition(" × 10")
    if not times:
        return text.replace("∞", r"\infty")
    return rf"{mantissa} \times 10^{{{power.translate(LOWERED)}}}"


LOWERED = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")


def _table(table: Table, words: ExplainWords) -> dict[str, Any]:
    texts = [any(isinstance(row[place], str) for row in table.rows) for place in range(len(table.columns))]
    head = [{"text": words.column(name), "words": text} for name, text in zip(table.columns, texts, strict=True)]
    rows = [
        [{"text": words.cell(cell), "words": text} for cell, text in zip(row, texts, strict=True)] for row in table.rows
    ]
    return {"title": words.say("table", table.name), "head": head, "rows": rows}


def _check(check: Check, words: ExplainWords) -> dict[str, Any]:
    return {"holds": check.holds, "text": words.check(check)}
