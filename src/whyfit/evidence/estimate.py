"""A number with its interval, and what it is an estimate of."""

from __future__ import annotations

from dataclasses import dataclass

from whyfit.evidence.types import Json


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number with its interval.

    Attributes
    ----------
    value, low, high
        The estimate and the ends of its interval; `low` and `high` are None where no interval can be given.
    level
        Confidence of the interval, such as 0.95.
    method
        Code of the method: `row_and_refit`, `nadeau_bengio`, `wilson`, …
    fits
        Number of networks behind it.
    rows
        Number of distinct scored rows behind it.
    training_rows
        Rows that each network was trained on: part of the estimand.
    why_none
        Code of the reason where there is no interval.

    Examples
    --------
    >>> Estimate(0.03, 0.02, 0.04, method="row_and_refit", fits=10, rows=150, training_rows=96)
    Estimate(0.03 [0.02, 0.04], row_and_refit)
    """

    value: float
    low: float | None = None
    high: float | None = None
    level: float = 0.95
    method: str = ""
    fits: int = 0
    rows: int = 0
    training_rows: int = 0
    why_none: str | None = None

    def __repr__(self) -> str:
        interval = f" [{self.low:.4g}, {self.high:.4g}]" if self.low is not None and self.high is not None else ""
        return f"Estimate({self.value:.4g}{interval}, {self.method or self.why_none})"

    def plain(self) -> dict[str, Json]:
        """As plain values, for files."""
        return {name: getattr(self, name) for name in self.__slots__}
