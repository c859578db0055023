"""What a change to a network reached, and what it could not reach, and why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple


class Missed(NamedTuple):
    """One place that a change could not reach.

    Attributes
    ----------
    where
        Name of the layer or module.
    why
        A code.
    """

    where: str
    why: str


@dataclass(frozen=True, slots=True)
class Reached:
    """The places that a change reached, and those that it missed.

    Attributes
    ----------
    change
        What was asked for: the name of a field of the recipe.
    changed
        Names of layers or modules.
    missed
        See there.
    """

    change: str
    changed: tuple[str, ...]
    missed: tuple[Missed, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.changed)


def reached(change: str, changed: Iterable[str], missed: Iterable[Missed] = ()) -> Reached:
    """Each place once, in order."""
    return Reached(change, tuple(dict.fromkeys(changed)), tuple(dict.fromkeys(missed)))
