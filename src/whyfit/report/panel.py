"""The live panel of a watched script: its loss, its layers' health, and what has been found so far."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from whyfit.evidence.finding import Severity
from whyfit.report.document import Document, FindingPart
from whyfit.report.phrases import effort, findings_that_matter, place, words_of
from whyfit.report.rich_parts import grid, section, styled
from whyfit.report.screen import WIDTH, as_text
from whyfit.report.series import LayerPart, LayersPart, StepsPart
from whyfit.report.terminal import COLOURS
from whyfit.text import Language, Words, words_in
from whyfit.text.names import plain_name

if TYPE_CHECKING:
    from rich.console import RenderableType

BLOCKS = "▁▂▃▄▅▆▇█"
POINTS = 60
"""Columns of the small picture of the loss: what 80 columns leave beside its ends."""
MOST_LAYERS, MOST_FINDINGS = 12, 8
"""What a window of 24 to 40 lines shows beside the rest; how many more there are is said."""
COLUMNS = ("gradient_norm", "update_ratio", "dead_share", "saturated_share")
SHARES = frozenset({"dead_share", "saturated_share"})
NAME, COLUMN = 24, 13


def panel_parts(document: Document, language: Language) -> Iterator[RenderableType]:
    """The panel, from top to bottom."""
    words = words_in(language)
    yield styled(" · ".join(["whyfit " + words.label("watch"), effort(document, words)]), "bold")
    loss = document.series.loss
    if loss is not None:
        yield from _loss(loss, words)
    if document.series.layers:
        yield from _layers(document.series.layers[0], words)
    yield from _findings(document, words)


def panel(document: Document, language: Language = "en", *, colour: bool = False) -> str:
    """The panel as text."""
    return as_text(panel_parts(document, language), colour=colour, width=WIDTH)


def sparkline(values: Sequence[float | None], points: int = POINTS) -> str:
    """Values as blocks, the lowest and the highest of them at either end of the scale.

    Examples
    --------
    >>> sparkline([3.0, 2.0, None, 1.0])
    '█▅ ▁'
    """
    stride = -(-len(values) // points) or 1
    groups = [[one for one in values[i : i + stride] if _finite(one)] for i in range(0, len(values), stride)]
    means = [sum(one for one in group if one is not None) / len(group) if group else None for group in groups]
    known = [mean for mean in means if mean is not None]
    if not known:
        return ""
    low, span = min(known), max(known) - min(known)
    return "".join(" " if mean is None else BLOCKS[_level(mean, low, span)] for mean in means)


def _finite(value: float | None) -> bool:
    return value is not None and math.isfinite(value)


def _level(value: float, low: float, span: float) -> int:
    return round((value - low) / span * (len(BLOCKS) - 1)) if span > 0 else 0


def _loss(loss: StepsPart, words: Words) -> Iterator[RenderableType]:
    known = [value for value in loss.mean if value is not None]
    yield from section(words.label("chart_loss"))
    if known:
        ends = f"{words.value('', None, known[0])} → {words.value('', None, known[-1])}"
        yield styled(f"{sparkline(loss.mean)}  {ends}")


def _layers(part: LayersPart, words: Words) -> Iterator[RenderableType]:
    yield from section(words.label("chart_layer"))
    table = grid(NAME, *(COLUMN for _ in COLUMNS[1:]))
    table.add_row("", *(styled(words.label(f"panel_{name}"), "dim") for name in COLUMNS))
    for layer in part.layers[:MOST_LAYERS]:
        table.add_row(styled(plain_name(layer.name, NAME)), *(_number(layer, name, words) for name in COLUMNS))
    yield table
    yield from _more(len(part.layers) - MOST_LAYERS, words)


def _number(layer: LayerPart, name: str, words: Words) -> RenderableType:
    """The latest value of a number."""
    seen = [value for value in layer.numbers.get(name, ()) if value is not None]
    if not seen:
        return styled("·", "dim")
    return styled(words.value(name, "percent" if name in SHARES else "number", seen[-1]))


def _findings(document: Document, words: Words) -> Iterator[RenderableType]:
    found = [one for one in findings_that_matter(document) if one.severity.rank >= Severity.WARNING.rank]
    yield from section(words.label("panel_findings"))
    if not found:
        yield styled(words.label("no_findings"), "dim")
    for one in found[:MOST_FINDINGS]:
        yield _finding(one, document, words)
    yield from _more(len(found) - MOST_FINDINGS, words)


def _finding(finding: FindingPart, document: Document, words: Words) -> RenderableType:
    where = place(finding, words)
    table = grid(8)
    said = words_of(finding, document, words).summary + (f" ({where})" if where else "")
    table.add_row(styled(words.label(f"severity_{finding.severity.value}"), COLOURS[finding.severity]), styled(said))
    return table


def _more(count: int, words: Words) -> Iterator[RenderableType]:
    if count > 0:
        yield styled(words.label("list_more", n=count), "dim")
