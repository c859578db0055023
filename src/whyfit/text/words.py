"""All words of one language: what a report says, drawn from codes and numbers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from whyfit.evidence.question import Question
from whyfit.text import numbers as number_formats
from whyfit.text.catalogue import FINDING_FIELDS, entries, finding_entry, formats, question_entry
from whyfit.text.language import Language
from whyfit.text.names import plain_name
from whyfit.text.template import Template, is_there, listed, names_in

PERCENT_METRICS = frozenset({"error", "balanced_error", "hamming"})
"""Metrics that are shares of rows; all others are in units of their own."""
EDGE = "\x00"
"""Stands around a value of ours while a sentence is put together; no text from outside holds it."""
OURS = frozenset({"term", "words"})
"""Formats of values that are words of ours; numbers are ours too."""
CHINESE = r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]"
TIGHT = re.compile(rf"(?<=[\u4e00-\u9fff]){EDGE}(?=[A-Za-z0-9])|(?<=[A-Za-z0-9]){EDGE}(?=[\u4e00-\u9fff])")
LOOSE = re.compile(rf"(?<={CHINESE}) (?={EDGE}{CHINESE})|(?<={CHINESE}{EDGE}) (?={CHINESE})")
SCORES = {"score": "percent", "points": "points", "bare": "bare"}
"""Formats in the units of the metric, and what they become where it is a share; else they are plain numbers."""
BEGINS_WITH_A_TERM = re.compile(r"\{\w+:term\}")
PLACES = ("layer", "parameter", "column", "rows", "file_rows", "epoch", "step", "rank")


@dataclass(frozen=True, slots=True)
class FindingWords:
    """What one finding says; `cause` and `remedy` are empty where there is nothing to say."""

    summary: str
    cause: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Words:
    """All words of one language.

    Examples
    --------
    >>> words = Words("en")
    >>> words.finding("splits.copies_by_chance", {"copies": 3, "expected_by_chance": 2.8}).summary
    '3 pairs of rows are equal, about as many as chance gives (2.8).'
    >>> words.title(Question.RELU), Words("zh").title(Question.RELU)
    ('ReLU', 'ReLU')
    """

    language: Language = "en"

    def finding(self, code: str, facts: Mapping[str, Any]) -> FindingWords | None:
        """The sentences of a finding; None where this version has no words for its code.

        Parameters
        ----------
        code
            Of the finding.
        facts
            Its numbers, its place (`layer`, `epoch`, …), and the `metric` that its scores are in.
        """
        entry = finding_entry(self.language, code)
        if entry is None:
            return None
        return FindingWords(*(self._sentence(entry.get(name, ""), facts) for name in FINDING_FIELDS))

    def _sentence(self, template: str, facts: Mapping[str, Any]) -> str:
        """A sentence with its numbers; one that begins with a word of ours begins with a capital."""
        said = self.fill(template, facts)
        return said[:1].upper() + said[1:] if BEGINS_WITH_A_TERM.match(template) else said

    def title(self, question: Question) -> str:
        """The name of a question."""
        return str(question_entry(self.language, question)["title"])

    def asks(self, question: Question) -> str:
        """The question as a person asks it."""
        return str(question_entry(self.language, question)["asks"])

    def why(self, code: str | None) -> str | None:
        """Why a question has no full answer; None for a code without words."""
        return None if code is None else entries(self.language, "reasons").get(code)

    def told(self, code: str, facts: Mapping[str, Any]) -> str | None:
        """One thing that was inferred from the data; None for a code without words."""
        template = entries(self.language, "told").get(code)
        return None if template is None else self.fill(template, facts)

    def place(self, where: Mapping[str, Any]) -> str:
        """Where something is, as far as it has a place.

        Examples
        --------
        >>> Words("en").place({"layer": "fc1", "epoch": 3})
        'layer “fc1”, epoch 3'
        >>> Words("en").place({"rows": [4, 9], "first_row": 2}), Words("en").place({"rows": [2, 7], "first_row": 0})
        ('rows 4 and 9 of the file, as a spreadsheet counts', 'rows 2 and 7, counted from 0')
        """
        where = where if not where.get("first_row") else {**where, "rows": None, "file_rows": where.get("rows")}
        known = {name: where[name] for name in PLACES if where.get(name) not in (None, ())}
        said = [self.label(f"place_{name}", **{name: value}) for name, value in known.items()]
        if where.get("file"):
            said.append(self.label("place_line", file=where["file"], line=where.get("line")))
        return str(entries(self.language, "labels")["list_comma"]).join(said)

    def term(self, name: str) -> str:
        """The word for a name that whyfit itself gave: a part of a split, a metric, an activation; with an amount
        behind it or without.

        Examples
        --------
        >>> Words("en").term("relu"), Words("zh").term("noise 0.3")
        ('ReLU', '噪声 0.3')
        """
        known = entries(self.language, "terms")
        kind, _, amount = name.rpartition(" ")
        if name not in known and kind in known and amount.replace(".", "", 1).isdigit():
            return f"{known[kind]} {amount}"
        return known.get(name) or plain_name(name)

    def number_name(self, name: str) -> str:
        """What a number is called."""
        return entries(self.language, "numbers").get(name) or plain_name(name.replace("_", " "))

    def provenance_name(self, name: str) -> str:
        """What a fact of the provenance is called."""
        return entries(self.language, "provenance").get(name) or plain_name(name.replace("_", " "))

    def label(self, name: str, **numbers: Any) -> str:
        """One of the words around everything.

        Examples
        --------
        >>> Words("en").label("networks", n=1), Words("en").label("networks", n=512)
        ('1 network', '512 networks')
        """
        return self.fill(entries(self.language, "labels")[name], numbers)

    def fill(self, template: str, numbers: Mapping[str, Any]) -> str:
        """A sentence with its numbers."""
        missing = str(entries(self.language, "labels")["not_measured"])

        def draw(name: str, form: str | None, value: Any) -> str:
            drawn = self.value(name, form, value, numbers)
            return f"{EDGE}{drawn}{EDGE}" if form in OURS or number_formats.is_number(value) else drawn

        return closed_up(Template(template).draw(numbers, draw, missing))

    def value(self, name: str, form: str | None, value: Any, beside: Mapping[str, Any] | None = None) -> str:
        """One value as the words show it; `beside` are the numbers that decide what it is a share of."""
        form = form or formats().get(name)
        if not is_there(value):
            return str(entries(self.language, "labels")["not_measured"])
        if form == "words":
            return str(value)
        if isinstance(value, list | tuple | set | frozenset | Mapping):
            return self._listed(value)
        if number_formats.is_number(value):
            return self._number(value, form, beside or {})
        return self.term(str(value)) if form == "term" else self._quoted(value, form)

    def metric(self, value: float | None, metric: str) -> str:
        """A score in the units of its metric.

        Examples
        --------
        >>> Words("en").metric(0.027, "error"), Words("zh").metric(0.027, "squared_error")
        ('2.7 %', '0.027')
        """
        return self.value("score", "score", value, {"metric": metric})

    def _number(self, value: float, form: str | None, beside: Mapping[str, Any]) -> str:
        if form in SCORES:
            form = SCORES[form] if beside.get("metric") in PERCENT_METRICS else "number"
        if form == "points":
            return self.label("points", n=number_formats.points(value))
        if form == "bare":
            return number_formats.points(value)
        if form == "percent":
            return number_formats.percent(value, gap=" " if self.language == "en" else "")
        whole = form == "count" or (form is None and isinstance(value, int))
        return number_formats.count(value) if whole else number_formats.number(value)

    def _listed(self, values: Any) -> str:
        labels = entries(self.language, "labels")
        return listed(names_in(values), labels["list_comma"], labels["list_and"], labels["list_more"])

    def _quoted(self, value: Any, form: str | None) -> str:
        return f"“{plain_name(value)}”" if form == "name" else plain_name(value)


def closed_up(text: str) -> str:
    """A Chinese word and a value: no space between them where the value is Chinese too, one where it is not.

    Examples
    --------
    >>> closed_up(f"改进 {EDGE}1.5 个百分点{EDGE} 以上"), closed_up(f"共 {EDGE}3{EDGE} 行")
    ('改进 1.5 个百分点以上', '共 3 行')
    >>> closed_up(f"{EDGE}NAdam{EDGE}的误差最低")
    'NAdam 的误差最低'
    """
    return TIGHT.sub(" ", LOOSE.sub("", text)).replace(EDGE, "")


@lru_cache(maxsize=4)
def words_in(language: Language) -> Words:
    """The words of a language."""
    return Words(language)
