"""The options of an explanation: what each question takes, and one message for what it cannot use."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TypeAlias

from whyfit.errors import ArgumentError
from whyfit.evidence.question import Question
from whyfit.evidence.types import Json

Value: TypeAlias = str | int | float | None

DEEPEST, WIDEST = 30, 512
"""Layers and units that are computed while one waits; numbers are printed for far fewer."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The options that were given, and the defaults of the question for the others.

    Examples
    --------
    >>> asked = Asked.of(Question.DROPOUT, {"rate": 0.5, "seed": 0}, {"rate": 0.2, "layers": None})
    >>> asked.values["rate"], asked.values["seed"]
    (0.2, 0)
    """

    values: Mapping[str, Value]

    @classmethod
    def of(cls, question: Question, defaults: Mapping[str, Value], given: Mapping[str, Value]) -> Asked:
        """Refuse an option without effect."""
        said = {name: value for name, value in given.items() if value is not None}
        strange = [name for name in said if name not in defaults]
        if strange:
            takes = ", ".join(f"--{name}" for name in defaults)
            raise ArgumentError(
                f"`--{strange[0]}` has no effect on `explain {question.value}`.",
                advice=f"It takes {takes}." if takes else "It takes no options of its own.",
            )
        return cls({**defaults, **said})

    def plain(self) -> dict[str, Json]:
        """For the page's foot."""
        return dict(self.values)

    def whole(self, name: str, low: int, high: int) -> int:
        """A whole number between two ends."""
        value = self.values[name]
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            raise ArgumentError(f"`--{name}` must be a whole number from {low} to {high}, got {value}.")
        return value

    def number(self, name: str, low: float, high: float) -> float:
        """A number between two ends, the lower one included."""
        value = self.values[name]
        if not isinstance(value, int | float) or not low <= value < high:
            raise ArgumentError(f"`--{name}` must be a number from {low:g} to under {high:g}, got {value}.")
        return float(value)

    def choice(self, name: str, known: Collection[str]) -> str:
        """One of several names."""
        value = str(self.values[name])
        if value in known:
            return value
        close = get_close_matches(value.lower(), list(known), n=1)
        advice = f"Did you mean {close[0]!r}?" if close else f"There are {', '.join(known)}."
        raise ArgumentError(f"`--{name}` must be one of those that can be shown, got {value!r}.", advice=advice)

    def sizes(self, name: str = "layers", *, deepest: int = DEEPEST, widest: int = WIDEST) -> tuple[int, ...]:
        """Layer sizes, inputs first: `2,3,1`.

        Examples
        --------
        >>> Asked({"layers": "2,3,1"}).sizes()
        (2, 3, 1)
        """
        text = str(self.values[name])
        parts = [part.strip() for part in text.split(",")]
        sizes = tuple(int(part) for part in parts if part.isascii() and part.isdigit())
        whole = len(sizes) == len(parts) and 2 <= len(sizes) <= deepest + 1
        if not whole or not all(1 <= size <= widest for size in sizes):
            raise ArgumentError(
                f"`--{name}` must be 2 to {deepest + 1} sizes from 1 to {widest}, inputs first, got {text!r}.",
                advice="Two inputs, three hidden units and one output are 2,3,1.",
            )
        return sizes
