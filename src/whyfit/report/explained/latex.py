"""An explanation as a LaTeX document that compiles by itself (XeLaTeX or LuaLaTeX; ctex for Chinese)."""

from __future__ import annotations

import re
from collections.abc import Callable

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
MATHS = {
    "±": r"\pm", "·": r"\cdot", "×": r"\times", "−": "-", "√": r"\surd", "∞": r"\infty", "∂": r"\partial",
    "∘": r"\circ", "′": r"{}'", "½": r"\tfrac12", "≤": r"\le", "≥": r"\ge", "≈": r"\approx", "→": r"\to",
    "←": r"\leftarrow", "∑": r"\sum", "∏": r"\prod",
    "α": r"\alpha", "β": r"\beta", "γ": r"\gamma", "δ": r"\delta", "ε": r"\epsilon", "ϵ": r"\epsilon", "η": r"\eta",
    "λ": r"\lambda", "μ": r"\mu", "π": r"\pi", "σ": r"\sigma", "τ": r"\tau", "Δ": r"\Delta", "Σ": r"\Sigma",
}  # fmt: skip
TEXT = {"–": "--", "—": "---", "“": "``", "”": "''", "‘": "`", "’": "'", "…": r"\ldots{}", "\u00a0": "~", "û": r"\^{u}"}
"""Characters that the default fonts may lack, as commands: in mathematics, and in text."""
RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿᵀ", "0123456789+-nT")
LOWERED = str.maketrans("₀₁₂₃₄₅₆₇₈₉ᵢⱼₖₗₙₜ", "0123456789ijklnt")
SCRIPTS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
    (re.compile(f"[{''.join(map(chr, RAISED))}]+"), lambda found: f"$^{{{found[0].translate(RAISED)}}}$"),
    (re.compile(f"[{''.join(map(chr, LOWERED))}]+"), lambda found: f"$_{{{found[0].translate(LOWERED)}}}$"),
)
JOINT = re.compile(r"(?<!\\)\$\$")
"""Where two pieces of mathematics meet they are one."""
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
    >>> escaped("δ₁ = 2 × 10⁻⁶")
    '$\\delta_{1}$ = 2 $\\times$ 10$^{-6}$'
    """
    plain = CODE.sub(r"\\texttt{\1}", "".join(SPECIAL.get(character, character) for character in text))
    for pattern, script in SCRIPTS:
        plain = pattern.sub(script, plain)
    return JOINT.sub("", "".join(_command(character) for character in plain))


def _command(character: str) -> str:
    return f"${MATHS[character]}$" if character in MATHS else TEXT.get(character, character)


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
