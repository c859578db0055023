"""An explanation as a LaTeX document that compiles by itself (XeLaTeX or LuaLaTeX; ctex for Chinese)."""

from __future__ import annotations

import re

from whyfit.evidence.explanation import Check, Explanation, Formula, Heading, Part, Plot, Said, Step, Table
from whyfit.report.explained.html import matrix_latex
from whyfit.text.explained import ExplainWords
from whyfit.text.language import Language

SPECIAL = {
    "\\": r"\textbackslash{}",
    "&": r"\&",
    "%": r"\%",
    "$": r"\$",
    "#": r"\#",
    "_": r"\_",
    "{": r"\{",
    "}": r"\}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}
"""Characters that LaTeX reads as its own."""
CODE = re.compile(r"`([^`]+)`")
CLASSES: dict[Language, str] = {"en": "article", "zh": "ctexart"}
HEAD = r"""\documentclass{%s}
\usepackage{amsmath,amssymb,booktabs,fontspec}
\usepackage[margin=25mm]{geometry}
\setlength{\parindent}{0pt}\setlength{\parskip}{6pt}
\begin{document}
\section*{%s}
"""


def explanation_latex(explanation: Explanation, language: Language = "en") -> str:
    """The document."""
    words = ExplainWords(language, explanation.question)
    body = "\n".join(_part(part, words) for part in explanation.parts)
    return HEAD % (CLASSES[language], escaped(words.words.asks(explanation.question))) + body + "\n\\end{document}\n"


def escaped(text: str) -> str:
    r"""Text that LaTeX prints as it stands; what stands in backticks as code.

    Examples
    --------
    >>> escaped("5 % of `x_1`")
    '5 \\% of \\texttt{x\\_1}'
    """
    plain = "".join(SPECIAL.get(character, character) for character in text)
    return CODE.sub(r"\\texttt{\1}", plain)


def _part(part: Part, words: ExplainWords) -> str:  # noqa: PLR0911  # one return a kind of part
    if isinstance(part, Heading):
        return rf"\subsection*{{{escaped(words.say('head', part.name, part.numbers))}}}"
    if isinstance(part, Said):
        return escaped(words.say("said", part.name, part.numbers)) + "\n"
    if isinstance(part, Formula):
        return "\n".join(rf"\[ {line} \]" for line in part.lines)
    if isinstance(part, Step):
        return _step(part)
    if isinstance(part, Table):
        return _table(part, words)
    if isinstance(part, Plot):
        return _plot(part, words)
    return _check(part, words)


def _step(step: Step) -> str:
    rows, columns = step.shape
    mark = "" if step.check is None else r"\;\checkmark" if step.check.holds else r"\;\boldsymbol{\times}"
    return rf"\[ {step.latex} = {matrix_latex(step.value)} \quad ({rows} \times {columns}){mark} \]"


def _table(table: Table, words: ExplainWords) -> str:
    texts = [any(isinstance(row[place], str) for row in table.rows) for place in range(len(table.columns))]
    align = "".join("l" if text else "r" for text in texts)
    head = " & ".join(escaped(words.column(name)) for name in table.columns)
    body = "\n".join(" & ".join(escaped(words.cell(cell)) for cell in row) + r" \\" for row in table.rows)
    title = escaped(words.say("table", table.name))
    rules = f"\\toprule\n{head} \\\\\n\\midrule\n{body}\n\\bottomrule"
    return f"\\textbf{{{title}}}\n\n\\begin{{tabular}}{{{align}}}\n{rules}\n\\end{{tabular}}\n"


def _plot(plot: Plot, words: ExplainWords) -> str:
    """A curve is drawn on the screen and on the page; here its title and its axes are named."""
    axes = escaped(f"{words.column(plot.y)} – {words.column(plot.x)}")
    return rf"\emph{{{escaped(words.say('plot', plot.name))} ({axes})}}" + "\n"


def _check(check: Check, words: ExplainWords) -> str:
    return (r"$\checkmark$ " if check.holds else r"$\boldsymbol{\times}$ ") + escaped(words.check(check)) + "\n"
