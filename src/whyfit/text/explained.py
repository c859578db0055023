"""The words of an explanation: its own catalogue first, then those that all explanations share, then names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from whyfit.evidence.explanation import Cell, Check
from whyfit.evidence.question import Question
from whyfit.text.catalogue import entries
from whyfit.text.language import Language
from whyfit.text.names import plain_name
from whyfit.text.numbers import count, number
from whyfit.text.words import Words, words_in

SHARED = "explain/shared"
CELL = 400
"""Characters of a cell's text: longer than any sentence of ours."""


@dataclass(frozen=True, slots=True)
class ExplainWords:
    """All words of one explanation in one language.

    Examples
    --------
    >>> words = ExplainWords("en", Question.DROPOUT)
    >>> words.cell(0.123456), words.cell(None), words.cell("relu")
    ('0.123', '–', 'ReLU')
    """

    language: Language
    question: Question

    @property
    def words(self) -> Words:
        """Of the report, for what both say."""
        return words_in(self.language)

    def entry(self, name: str) -> str | None:
        """A sentence as it stands in the catalogue."""
        own = entries(self.language, f"explain/{self.question.value}")
        return own.get(name) or entries(self.language, SHARED).get(name)

    def say(self, kind: str, name: str, numbers: Mapping[str, Any] | None = None) -> str:
        """A sentence of one kind (`said`, `head`, `table`, `plot`, `check`) with its numbers."""
        template = self.entry(f"{kind}_{name}")
        if template is None:
            raise KeyError(f"{self.language}/explain/{self.question.value}.toml has no {kind}_{name}")
        return self.words.fill(template, numbers or {})

    def column(self, name: str) -> str:
        """The head of a column, the name of a line or of an axis; what has no words of its own stands for itself."""
        return self.entry(f"column_{name}") or self.words.term(name)

    def cell(self, value: Cell) -> str:
        """What stands in a table; a text may be several names with commas between them."""
        if value is None:
            return "–"
        if isinstance(value, str):
            return self.entry(f"cell_{value}") or self._names(value)
        return count(value) if isinstance(value, int) else number(value)

    def _names(self, text: str) -> str:
        comma = ", "
        parts = text.split(comma)
        joint = str(entries(self.language, "labels")["list_comma"]) if len(parts) > 1 else comma
        return joint.join(plain_name(self.words.term(part), CELL) for part in parts)

    def check(self, check: Check) -> str:
        """Whether two ways to a number agree, and how nearly."""
        verdict = "check_holds" if check.holds else "check_fails"
        what = self.say("check", check.name, check.numbers)
        facts = {"what": what, "difference": check.difference, "tolerance": check.tolerance}
        return self.words.fill(self.entry(verdict) or "", facts)
