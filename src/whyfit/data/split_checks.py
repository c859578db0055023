"""What no division can be made of, each with the next step."""

from __future__ import annotations

from typing import Any

import numpy as np

from whyfit.data.division import Division
from whyfit.errors import ArgumentError
from whyfit.evidence.dataset import Dataset

LEAST_GROUPS = 3
"""A group stays whole, and there are three parts."""


def refuse_number(name: str, value: Any, least: int) -> None:
    """Refuse what is no whole number from `least`."""
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < least:
        raise ArgumentError(f"`{name}` must be a whole number from {least}, got {value!r}.", advice="Leave it out.")


def is_share(value: Any) -> bool:
    """Whether it is a number between 0 and 1, neither of them included."""
    return isinstance(value, float | np.floating) and bool(0 < value < 1)


def refuse_share(stop: Any) -> None:
    """Refuse what is no share."""
    if not is_share(stop):
        raise ArgumentError(f"`stop` must be a share between 0 and 1, got {stop!r}.", advice="0.2 is usual.")


def refuse_few(data: Dataset, least: int) -> None:
    """Refuse fewer rows than three parts need."""
    if data.rows < least:
        raise ArgumentError(
            f"{data.rows} rows are too few for three parts; at least {least} are needed.", advice="Collect more rows."
        )


def refuse_folds(data: Dataset, folds: Any, name: str = "folds") -> None:
    """Refuse a number of folds that these rows cannot be cut into."""
    refuse_few(data, 3)
    if isinstance(folds, bool) or not isinstance(folds, int | np.integer) or not 2 <= folds <= data.rows:
        raise ArgumentError(
            f"`{name}` must be a whole number from 2 to the number of rows ({data.rows}), got {folds!r}.",
            advice="Use fewer folds, or `holdout`."
            if name == "folds"
            else "5 or 10 folds are usual; leave it out for 5.",
        )


def _for_groups(count: int) -> str:
    if count < LEAST_GROUPS:
        return "Bring rows of more groups, or leave `groups` out if rows of one group are independent of each other."
    return f"Use at most {count} folds, or leave `groups` out if rows of one group are independent of each other."


def refuse_few_groups(data: Dataset, division: Division, least: int) -> None:
    """Refuse fewer groups than parts that each need whole groups."""
    if division.by != "groups" or data.groups is None:
        return
    count = np.unique(data.groups).size
    if count < least:
        raise ArgumentError(
            f"{count} groups are too few; this division needs {least}, as a group stays whole.",
            advice=_for_groups(count),
        )
