"""Attributes replaced for a time, each put back exactly as it was."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

_ABSENT = object()


class Patches:
    """Replaces attributes of modules and classes, and undoes it in reverse order.

    Examples
    --------
    >>> class Box:
    ...     value = 1
    >>> patches = Patches()
    >>> patches.set(Box, "value", 2)
    >>> Box.value
    2
    >>> patches.undo()
    >>> Box.value
    1
    """

    def __init__(self) -> None:
        self._kept: list[tuple[Any, str, Any]] = []

    def set(self, owner: Any, name: str, value: Any) -> None:
        """Put `value` in the place of `owner.name`."""
        self._kept.append((owner, name, vars(owner).get(name, _ABSENT)))
        setattr(owner, name, value)

    def wrap(self, owner: Any, name: str, make: Callable[[Any], Any]) -> None:
        """Replace by what `make` makes of the present value."""
        self.set(owner, name, make(getattr(owner, name)))

    def undo(self) -> None:
        """Put everything back that is still ours to put back."""
        while self._kept:
            owner, name, before = self._kept.pop()
            if before is _ABSENT:
                delattr(owner, name)
            else:
                setattr(owner, name, before)
