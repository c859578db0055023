"""The catalogue: names to entries, in a stable order, with a helpful answer to a name that is not there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from typing import Protocol, TypeVar

from whyfit.errors import ArgumentError


class Entry(Protocol):
    """What every catalogue asks of its entries."""

    @property
    def code(self) -> int:
        """Its place in the catalogue; it never changes."""

    @property
    def name(self) -> str:
        """The name under which recipes know it; it never changes."""


E = TypeVar("E", bound=Entry)
T = TypeVar("T")


class Catalogue(Mapping[str, E]):
    """Entries by name, in the order of their codes; read only.

    Examples
    --------
    >>> from whyfit.rules.activations import activations
    >>> activations["relu"].name
    'relu'
    >>> activations["tahn"]
    Traceback (most recent call last):
        ...
    whyfit.errors.ArgumentError: `activation` must be a name in `whyfit.activations`, got 'tahn'. Did you mean 'tanh'?
    """

    def __init__(self, argument: str, plural: str, entries: Iterable[E]) -> None:
        self._argument, self._plural = argument, plural
        self._entries = {entry.name: entry for entry in sorted(entries, key=lambda entry: entry.code)}

    def __getitem__(self, name: str) -> E:
        entry = self._entries.get(name)
        if entry is None:
            raise self._unknown(name)
        return entry

    def get(self, name: str, default: T | None = None) -> E | T | None:  # type: ignore[override]  # typeshed overloads it
        """The entry, or a default: an `ArgumentError` is no `KeyError`, so `Mapping.get` would not catch it."""
        return self._entries.get(name, default)

    def __contains__(self, name: object) -> bool:
        return name in self._entries

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def __repr__(self) -> str:
        return f"<whyfit.{self._plural}: {', '.join(self)}>"

    def _unknown(self, name: object) -> ArgumentError:
        close = get_close_matches(str(name).lower(), self, n=3)
        known = ", ".join(repr(one) for one in close or self)
        message = f"`{self._argument}` must be a name in `whyfit.{self._plural}`, got {name!r}."
        return ArgumentError(message, advice=f"Did you mean {known}?" if close else f"There are {known}.")
