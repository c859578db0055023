"""The budget: seconds of training, or a number of networks."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, Self

from whyfit.errors import ArgumentError

DEFAULT_SECONDS = 60.0
JUDGING_SECONDS, JUDGING_SHARE = 1.0, 0.05
"""Measured on digits on two cores: loading torch and looking at kept networks again, then about a twentieth of the
training time for intervals over all arms."""
JUDGING_AT_MOST = 0.15
"""Of a short budget."""


@dataclass(frozen=True, slots=True)
class Budget:
    """What a study may use.

    Attributes
    ----------
    amount
        Seconds of wall time for training, or networks.
    unit
        `s` or `n`. Only a budget in networks makes two runs equal.

    Examples
    --------
    >>> Budget.parse("500n")
    Budget(amount=500.0, unit='n')
    >>> str(Budget.parse("1.5s"))
    '1.5s'
    """

    amount: float = DEFAULT_SECONDS
    unit: Literal["s", "n"] = "s"

    @classmethod
    def parse(cls, text: str | float | Budget) -> Self:
        """Read `60s`, `500n`, or a plain number of seconds; `5m` and `1h` are taken too."""
        if isinstance(text, Budget):
            return cls(text.amount, text.unit)
        found = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([smhn]?)\s*", str(text))
        if found is None or float(found[1]) <= 0:
            raise ArgumentError(
                f"`budget` must be a time such as `60s` or a number of networks such as `500n`, got {text!r}.",
                advice="A time bounds the training; a number of networks makes two runs equal.",
            )
        amount, unit = float(found[1]), found[2] or "s"
        if unit == "n" and amount != int(amount):
            raise ArgumentError(f"`budget` must be a whole number of networks, got {text!r}.", advice="Try `500n`.")
        if unit == "n":
            return cls(amount, "n")
        return cls(amount * {"s": 1, "m": 60, "h": 3600}[unit], "s")

    def __str__(self) -> str:
        return f"{self.amount:g}{self.unit}"

    @property
    def networks(self) -> int | None:
        """The bound on the number of networks, where it is one."""
        return int(self.amount) if self.unit == "n" else None

    @property
    def seconds(self) -> float | None:
        """The bound on the time, where it is one."""
        return self.amount if self.unit == "s" else None

    @property
    def training_seconds(self) -> float | None:
        """What of the time is for training; the rest is for judging what was trained.

        Examples
        --------
        >>> Budget(60.0).training_seconds, Budget(1.0).training_seconds
        (56.0, 0.85)
        """
        seconds = self.seconds
        if seconds is None:
            return None
        return seconds - min(JUDGING_AT_MOST * seconds, JUDGING_SECONDS + JUDGING_SHARE * seconds)
