"""A table before anything is inferred: named columns that are read one at a time, so that a large file fits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from whyfit.data.origin import Origin
from whyfit.errors import DataError

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True, eq=False)
class Table:
    """Named columns of equal length.

    Attributes
    ----------
    names
        In the order of the source, all different.
    rows
        The number of rows.
    read
        Gives one column; called once a column, and what it gives may be large.
    origin
        Where it comes from.
    """

    names: tuple[str, ...]
    rows: int
    read: Callable[[str], pl.Series]
    origin: Origin

    def __post_init__(self) -> None:
        """Refuse what can be no table of inputs and targets."""
        seen: dict[str, int] = {}
        for position, name in enumerate(self.names, start=1):
            if name in seen:
                raise DataError(
                    f"columns {seen[name]} and {position} have the same name, {name!r}.",
                    where=self.origin.name,
                    advice="Give each column a name of its own.",
                )
            seen[name] = position
        if self.rows == 0:
            raise DataError(
                "there is no row of data.", where=self.origin.name, advice="Check that it is the right file."
            )
