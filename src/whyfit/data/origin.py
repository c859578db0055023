"""Where rows come from, and how the person who asks counts them: every refusal names a place by this."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from whyfit.errors import DataError
from whyfit.evidence.dataset import RowNumbers, Told
from whyfit.evidence.types import IntArray


@dataclass(frozen=True, slots=True)
class Origin:
    """The source of some rows.

    Attributes
    ----------
    name
        File name, or what the object is.
    first_row
        The number of the first row of data: 2 in a text file with a header, as a spreadsheet counts; 0 in arrays and
        frames, as Python counts.
    dropped
        Sorted numbers of rows that were left out before row numbers were counted (blank lines).

    Examples
    --------
    >>> Origin("churn.csv", first_row=2).at(15, "age")
    "churn.csv, row 17, column 'age'"
    """

    name: str
    first_row: int = 0
    dropped: tuple[int, ...] = ()

    def at(self, row: int | None = None, column: str | None = None) -> str:
        """The place as it is named in a message; `row` counts from 0 in the dataset."""
        parts = [self.name]
        if row is not None:
            parts.append(f"row {self.row_number(row)}")
        if column is not None:
            parts.append(f"column {column!r}")
        return ", ".join(parts)

    def row_number(self, row: int) -> int:
        """The row as its owner counts it."""
        return self.numbers.of(row)

    @property
    def numbers(self) -> RowNumbers:
        """The same without the name."""
        return RowNumbers(self.first_row, self.dropped)


@dataclass(slots=True)
class Notes:
    """What is inferred while loading, gathered column by column and said once a kind."""

    _found: dict[str, list[dict[str, str | int | float]]] = field(default_factory=dict)

    def add(self, code: str, **facts: str | float) -> None:
        """Keep one inference."""
        self._found.setdefault(code, []).append(facts)

    def told(self) -> tuple[Told, ...]:
        """One entry a code: the facts of its first case, and the number of cases where there are several."""
        return tuple(
            Told(code, (*cases[0].items(), *((("count", len(cases)),) if len(cases) > 1 else ())))
            for code, cases in self._found.items()
        )


def close_matches(wanted: str, names: Iterable[str]) -> str:
    """The end of a message about a name that is not there.

    Examples
    --------
    >>> close_matches("churn", ["age", "churned"])
    "Did you mean 'churned'?"
    >>> close_matches("zzz", ["age", "churned"])
    "Its columns: 'age', 'churned'."
    """
    known = list(names)
    folded = {name.casefold(): name for name in known}
    near = difflib.get_close_matches(wanted.casefold(), folded, n=3)
    if near:
        return f"Did you mean {' or '.join(repr(folded[name]) for name in near)}?"
    more = f" and {len(known) - 8} more" if len(known) > 8 else ""
    return f"Its columns: {', '.join(repr(name) for name in known[:8])}{more}."


def refuse_infinite(values: IntArray | np.ndarray, column: str, origin: Origin) -> None:
    """Refuse values that are infinite, or would be as the 32-bit numbers that networks see."""
    limit = float(np.finfo(np.float32).max)
    wide = values.dtype.itemsize >= 4  # half precision cannot hold the limit
    bad = np.flatnonzero(np.abs(values) > limit if wide else np.isinf(values))
    if bad.size:
        value = float(values[bad[0]])
        what = "an infinite value" if np.isinf(value) else f"{value:g}, too large for 32-bit numbers (3.4e38)"
        count = f" ({bad.size} such values in this column)" if bad.size > 1 else ""
        raise DataError(
            f"{what}{count}.",
            where=origin.at(int(bad[0]), column),
            advice="Leave the cell empty if the value is unknown, or correct it.",
        )
