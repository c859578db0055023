"""Measured effects in a terminal: each remedy with its gain, each optimiser with its error."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from whyfit.evidence.question import Question
from whyfit.report.document import Document, OptimizerPart, RemedyPart
from whyfit.report.phrases import arm_name, best_epoch, others_of
from whyfit.report.rich_parts import grid, section, styled, width_for
from whyfit.text import Words
from whyfit.text.names import plain_name

if TYPE_CHECKING:
    from rich.console import RenderableType

VERDICT_COLOURS = {"helps": "green", "hurts": "red", "no effect shown": "", "not decided": "dim"}
MOST_NEEDED = 100_000
"""Networks or rows beyond which the number itself says nothing but "not here"."""
NAME = 28
"""Columns for a name: what 80 columns leave beside a gain, its interval and a verdict."""
NARROW_NAME = 24
"""The same beside two changes and two ratios with the longest heads."""


def remedies(document: Document, words: Words) -> Iterator[RenderableType]:
    """Every remedy, the largest gain first; nothing where none was measured."""
    measured = [(one.gain, one) for one in document.remedies if one.gain is not None]
    if not measured:
        return
    yield from section(words.label("remedies_gain"))
    names = {id(one): arm_name(one.name, one.strength, words) for _, one in measured}
    table = grid(width_for(names.values(), NAME), 12, 14, wraps=True)
    for gain, remedy in sorted(measured, key=lambda pair: -pair[0]):
        table.add_row(
            styled(names[id(remedy)]),
            styled(signed_gain(gain, document, words)),
            styled(_interval(remedy.low, remedy.high, document, words, "bare"), "dim"),
            styled(verdict_of(remedy, words), VERDICT_COLOURS[remedy.verdict]),
        )
    yield table
    if any(one.missing == "networks" for _, one in measured):
        yield styled(words.label("missing_networks_note"), "dim")


def other_metrics(document: Document, words: Words) -> Iterator[RenderableType]:
    """The other metrics of the score, each with its interval."""
    rows = others_of(document, words)
    if rows:
        table = grid(28, 12)
        for row in rows:
            table.add_row(*(styled(cell, style) for cell, style in zip(row, ("", "", "dim"), strict=True)))
        yield table


def changes(document: Document, words: Words) -> Iterator[RenderableType]:
    """Which term each remedy of overfitting changed, and what it costs; nothing where that was not measured."""
    measured = [one for one in document.remedies if one.question is Question.OVERFITTING and one.gain is not None]
    known = [one for one in measured if one.variance_change is not None]
    if not known:
        return
    yield from section(words.label("remedies_change"))
    names = {id(one): arm_name(one.name, one.strength, words) for one in known}
    table = grid(width_for(names.values(), NARROW_NAME), 11, 11, 6, wraps=True)
    heads = ["chart_variance_change", "chart_bias_change", "chart_times_as_long", "chart_times_as_sensitive"]
    note = "remedies_change_note"
    if all(one.times_as_sensitive is None for one in known):
        heads, note = heads[:-1], "remedies_change_note_of_time"
    table.add_row("", *(styled(words.label(head), "dim") for head in heads))
    for one in sorted(known, key=lambda one: one.variance_change or 0.0):
        changed = (_signed(change, document, words) for change in (one.variance_change, one.bias_change))
        times = (_times(ratio, words) for ratio in (one.times_as_long, one.times_as_sensitive))
        row = (*changed, *times)[: len(heads)]
        table.add_row(styled(names[id(one)]), *(styled(said) for said in row))
    yield table
    yield styled(words.label(note), "dim")
    if said := best_epoch(document, words):
        yield styled(said, "dim")


def _signed(change: float | None, document: Document, words: Words) -> str:
    return "" if change is None else signed_gain(change, document, words)


def _times(ratio: float | None, words: Words) -> str:
    return "" if ratio is None else words.label("times", n=ratio)


def signed_gain(gain: float, document: Document, words: Words) -> str:
    """A gain in the units of the score, with its sign."""
    said = words.value("gain", "points", gain, {"metric": document.metric})
    return f"+{said}" if gain > 0 else said


def verdict_of(remedy: RemedyPart, words: Words) -> str:
    """The verdict, and what is missing where there is none."""
    verdict = words.label(f"verdict_{remedy.verdict.replace(' ', '_')}")
    if remedy.missing is None:
        return verdict
    if remedy.needed is not None and remedy.needed > MOST_NEEDED:
        return verdict + words.label(f"missing_many_{remedy.missing}", most=MOST_NEEDED)
    return verdict + words.label(f"missing_{remedy.missing}", needed=_about(remedy.needed))


def _about(needed: float | None) -> float | None:
    """Two digits: an estimate of how many more is no more exact than that."""
    return None if needed is None else float(f"{needed:.2g}")


def optimizers(document: Document, words: Words) -> Iterator[RenderableType]:
    """Every optimiser of the race, the best first; nothing where there was none."""
    if not document.optimizers:
        return
    yield from section(words.label("chart_optimizers"))
    table = grid(20, 8, 16)
    for one in sorted(document.optimizers, key=lambda one: one.error):
        table.add_row(
            styled(plain_name(words.term(one.name), NAME)),
            styled(words.metric(one.error, document.metric or "")),
            styled(_interval(one.low, one.high, document, words, "bare"), "dim"),
            styled(_rate(one, words), "dim"),
        )
    yield table


def _rate(one: OptimizerPart, words: Words) -> str:
    best = words.value("rate", "number", one.best_lr)
    if one.stable is None:
        return words.label("at_rate", rate=best)
    low, high = (words.value("rate", "number", rate) for rate in one.stable)
    return words.label("at_rate_in", rate=best, low=low, high=high)


def _interval(low: float | None, high: float | None, document: Document, words: Words, form: str) -> str:
    if low is None or high is None:
        return ""
    ends = (words.value("low", form, end, {"metric": document.metric}) for end in (low, high))
    return words.label("interval", **dict(zip(("low", "high"), ends, strict=True)))
