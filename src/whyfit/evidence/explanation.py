"""An explanation: the answer to one question as plain parts, drawn as terminal text, HTML or LaTeX.

Words are named, not written: every `name` is looked up in the catalogue of its question, in the language asked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from whyfit.evidence.question import Question
from whyfit.evidence.types import AnyArray, Json

Cell: TypeAlias = str | int | float | None
Rows: TypeAlias = tuple[tuple[float, ...], ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """What the next parts are about."""

    name: str
    numbers: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Said:
    """A paragraph with its numbers."""

    name: str
    numbers: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Formula:
    r"""Mathematics in LaTeX; `\\` stands between its lines."""

    latex: str

    @property
    def lines(self) -> tuple[str, ...]:
        r"""Its lines.

        Examples
        --------
        >>> Formula(r"a = b \\ c = d").lines
        ('a = b', 'c = d')
        """
        return tuple(line.strip() for line in self.latex.split("\\\\"))


@dataclass(frozen=True, slots=True)
class Check:
    """Two ways to one number, and how far apart they came out.

    Attributes
    ----------
    name
        Of the sentence that says what was compared.
    difference
        The largest, in the unit of `tolerance`.
    tolerance
        What rounding explains.
    numbers
        Of the sentence.

    Examples
    --------
    >>> Check("autograd", 1e-16, 1e-12).holds, Check("autograd", float("nan"), 1e-12).holds
    (True, False)
    """

    name: str
    difference: float
    tolerance: float
    numbers: Mapping[str, Json] = field(default_factory=dict)

    @property
    def holds(self) -> bool:
        """Whether they agree; what is not a number never does."""
        return self.difference <= self.tolerance


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a derivation: its formula, its value, and the check of that value.

    Attributes
    ----------
    latex
        The formula.
    value
        (rows, columns), what it came to.
    check
        Against something independent; None where there is nothing to compare with.
    """

    latex: str
    value: Rows
    check: Check | None = None

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns of the value."""
        return len(self.value), len(self.value[0])


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under named columns; a text in a cell is a name that may have a translation."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a plot."""

    name: str
    x: tuple[float, ...]
    y: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Plot:
    """Lines over one axis; `log` where the vertical axis counts powers of ten."""

    name: str
    x: str
    y: str
    lines: tuple[Line, ...]
    log: bool = False


Part: TypeAlias = Heading | Said | Formula | Check | Step | Table | Plot


@dataclass(frozen=True, slots=True)
class Explanation:
    """The answer to one question, with the numbers that were computed for it.

    Attributes
    ----------
    question
        Which one.
    asked
        The options it was computed with, defaults included.
    parts
        From top to bottom.
    """

    question: Question
    asked: Mapping[str, Json]
    parts: tuple[Part, ...]

    @property
    def checks(self) -> tuple[Check, ...]:
        """Every comparison that was made."""
        own = (part for part in self.parts if isinstance(part, Check))
        steps = (part.check for part in self.parts if isinstance(part, Step) and part.check is not None)
        return (*own, *steps)

    @property
    def holds(self) -> bool:
        """Whether every comparison came out as it must."""
        return all(check.holds for check in self.checks)


def rows_of(array: AnyArray) -> Rows:
    """A matrix as plain numbers; a vector as a column.

    Examples
    --------
    >>> import numpy as np
    >>> rows_of(np.array([1.0, 2.0]))
    ((1.0,), (2.0,))
    """
    matrix = array.reshape(-1, 1) if array.ndim < 2 else array
    return tuple(tuple(float(value) + 0.0 for value in row) for row in matrix)  # −0 + 0 is 0


def line_of(name: str, x: AnyArray, y: AnyArray) -> Line:
    """A line from two arrays."""
    return Line(name, tuple(float(value) for value in x), tuple(float(value) for value in y))
