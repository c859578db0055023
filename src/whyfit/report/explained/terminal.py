"""An explanation in a terminal: 80 columns, plain through a pipe."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from whyfit.evidence.explanation import Check, Explanation, Formula, Heading, Part, Plot, Rows, Said, Step, Table
from whyfit.report.explained.canvas import MARKS, canvas
from whyfit.report.explained.maths import plain_maths
from whyfit.report.rich_parts import section, styled
from whyfit.report.screen import WIDTH, as_text
from whyfit.text.explained import ExplainWords
from whyfit.text.language import Language
from whyfit.text.numbers import number

if TYPE_CHECKING:
    from rich.console import RenderableType

INDENT = "  "
DIGITS = 4
"""Of the entries of a matrix: enough to follow the arithmetic."""


def render_explanation(explanation: Explanation, language: Language = "en", *, colour: bool = False) -> str:
    """The explanation as text."""
    words = ExplainWords(language, explanation.question)
    return as_text(_parts(explanation, words), colour=colour, width=WIDTH)


def _parts(explanation: Explanation, words: ExplainWords) -> Iterator[RenderableType]:
    yield styled(words.words.asks(explanation.question), "bold")
    for part in explanation.parts:
        yield from _part(part, words)


def _part(part: Part, words: ExplainWords) -> Iterator[RenderableType]:
    if isinstance(part, Heading):
        yield from section(words.say("head", part.name, part.numbers))
    elif isinstance(part, Said):
        yield styled("")
        yield styled(words.say("said", part.name, part.numbers))
    elif isinstance(part, Formula):
        yield styled("")
        yield from (styled(f"{INDENT}{plain_maths(line)}", "cyan") for line in part.lines)
    elif isinstance(part, Step):
        yield from _step(part)
    elif isinstance(part, Table):
        yield from _table(part, words)
    elif isinstance(part, Plot):
        yield from _plot(part, words)
    else:
        yield _check(part, words)


def _step(step: Step) -> Iterator[RenderableType]:
    """The formula, its size and its check on one line; the numbers below."""
    rows, columns = step.shape
    size = f"{rows}×{columns}"
    mark = "" if step.check is None else f"  {'✓' if step.check.holds else '✗'} {number(step.check.difference, 2)}"
    line = f"{INDENT}{plain_maths(step.latex)}"
    yield styled("")
    yield styled(f"{line}{size + mark:>{max(len(size + mark) + 2, WIDTH - len(line) - 1)}}", "cyan")
    yield from (styled(f"{INDENT * 3}{row}") for row in matrix_lines(step.value))


def matrix_lines(value: Rows) -> list[str]:
    """A matrix, its columns aligned.

    Examples
    --------
    >>> matrix_lines(((1.0, -0.5), (10.25, 0.0)))
    ['[  1     −0.5 ]', '[ 10.25   0   ]']
    """
    texts = [[number(entry, DIGITS) for entry in row] for row in value]
    splits = [[_split(text) for text in row] for row in texts]
    columns = list(zip(*splits, strict=True))
    before = [max(len(head) for head, _ in column) for column in columns]
    after = [max(len(tail) for _, tail in column) for column in columns]
    rows = (
        "  ".join(f"{head:>{b}}{tail:<{a}}" for (head, tail), b, a in zip(row, before, after, strict=True))
        for row in splits
    )
    return [f"[ {row} ]" for row in rows]


def _split(text: str) -> tuple[str, str]:
    head, dot, tail = text.partition(".")
    return head, dot + tail


def _table(table: Table, words: ExplainWords) -> Iterator[RenderableType]:
    from rich.table import Table as RichTable  # noqa: PLC0415

    drawn = RichTable(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    for place, name in enumerate(table.columns):
        texts = any(isinstance(row[place], str) for row in table.rows)
        drawn.add_column(styled(words.column(name)), justify="left" if texts else "right", overflow="fold")
    for row in table.rows:
        drawn.add_row(*(styled(words.cell(cell)) for cell in row))
    yield styled("")
    yield styled(words.say("table", table.name), "bold")
    yield drawn


def _plot(plot: Plot, words: ExplainWords) -> Iterator[RenderableType]:
    yield styled("")
    yield styled(words.say("plot", plot.name), "bold")
    yield from (styled(f"{INDENT}{line}") for line in canvas(plot))
    names = "   ".join(f"{mark} {_line_name(line.name, words)}" for mark, line in zip(MARKS, plot.lines, strict=False))
    axes = f"{words.column(plot.y)} – {words.column(plot.x)}"
    yield styled(f"{INDENT}{axes}:  {names}", "dim")


def _line_name(name: str, words: ExplainWords) -> str:
    return words.entry(f"column_{name}") or words.cell(name)


def _check(check: Check, words: ExplainWords) -> RenderableType:
    return styled(f"{'✓' if check.holds else '✗'} {words.check(check)}", "green" if check.holds else "bold red")
