"""One program of the benchmark: its text, what is wrong with it, and in which half it stands."""

from __future__ import annotations

import math
import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal["faulty", "fixed", "healthy"]

SWITCH = re.compile(r"<<(.*?)\|\|(.*?)>>", re.DOTALL)
"""`<<broken||fixed>>`: the one switch between a faulty program and its twin; both share every other character."""


@dataclass(frozen=True, slots=True)
class Program:
    """A source with switches, or without any where it is healthy.

    Attributes
    ----------
    name
        Unique.
    source
        A whole script; it takes the seed as its one argument, prints its score and a digest of its final weights.
    questions
        The accepted questions, the most direct first; empty for a healthy program.
    origin
        The documented program that it recreates, or `planted`.
    learns
        Whether the script's score is expected to be clearly better than chance when it is whole.
    looked_at
        Whether its findings were looked at while thresholds were still moved: it is then a development program.
    kin
        The name that the same fault has in an earlier set, where it has another one.
    floor
        The least score of a network that has learned this program's data, where the set itself says so.
    breaks
        Whether the fault breaks what holds for any sound program, whether or not its score shows it.
    """

    name: str
    source: str
    questions: tuple[str, ...] = ()
    origin: str = "planted"
    learns: bool = True
    looked_at: bool = False
    kin: str = ""
    floor: float = math.nan
    breaks: bool = False

    def cases(self) -> Iterator[Case]:
        """The faulty program and its twin, or the healthy program alone."""
        if not self.questions:
            yield Case(self.name, "healthy", self.source, (), self.looked_at)
            return
        yield Case(self.name, "faulty", SWITCH.sub(r"\1", self.source), self.questions, self.looked_at, self.kin)
        yield Case(self.name, "fixed", SWITCH.sub(r"\2", self.source), self.questions, self.looked_at, self.kin)


@dataclass(frozen=True, slots=True)
class Case:
    """One script to run."""

    program: str
    kind: Kind
    source: str
    questions: tuple[str, ...]
    looked_at: bool
    kin: str = ""

    @property
    def family(self) -> str:
        """The fault alone, without the style, data and network that it was planted in."""
        return (self.kin or self.program.partition("-")[0]) if self.questions else ""

    @property
    def name(self) -> str:
        """Unique among all scripts."""
        return f"{self.program}.{self.kind}"

    @property
    def half(self) -> Literal["development", "reserve"]:
        """What was ever looked at is development; a twin stands where its faulty program stands."""
        return "development" if self.looked_at else "reserve"


def fill(skeleton: str, **slots: str) -> str:
    r"""Put texts into the `@slot@` places of a skeleton; a slot on a line of its own keeps that line's indentation.

    Examples
    --------
    >>> fill("if x:\n    @body@\n", body="a = 1\nb = 2")
    'if x:\n    a = 1\n    b = 2\n'
    """
    for name, text in slots.items():
        skeleton = re.sub(
            rf"^([ \t]*)@{name}@$",
            lambda found, text=text: textwrap.indent(text.strip("\n"), found.group(1)),
            skeleton,
            flags=re.MULTILINE,
        ).replace(f"@{name}@", text.strip("\n"))
    left = re.search(r"@[a-z_]+@", skeleton)
    if left:
        raise ValueError(f"a skeleton's slot {left.group()} was not filled")
    return re.sub(r"[ \t]+$", "", skeleton, flags=re.MULTILINE)
