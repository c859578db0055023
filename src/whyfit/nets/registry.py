"""Bare functions that make networks: they train in this process only, under a name of this process."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable
from typing import Any

from whyfit.errors import NetworkError
from whyfit.evidence.network import NetworkInProcess

_lock = threading.Lock()
_functions: dict[str, Callable[..., Any]] = {}
_numbers = itertools.count(1)


def register(function: Callable[..., Any]) -> NetworkInProcess:
    """Keep a function under a name that only this process knows; the same function has the same name.

    Examples
    --------
    >>> def make(): ...
    >>> register(make) == register(make)
    True
    """
    with _lock:
        for name, known in _functions.items():
            if known is function:
                return NetworkInProcess(name)
        name = f"{getattr(function, '__qualname__', type(function).__name__)}#{next(_numbers)}"
        _functions[name] = function
        return NetworkInProcess(name)


def is_registered(reference: NetworkInProcess) -> bool:
    """Whether this process knows the function."""
    return reference.name in _functions


def registered(reference: NetworkInProcess) -> Callable[..., Any]:
    """The function kept under that name.

    Raises
    ------
    NetworkError
        This process does not know it: the reference came from another one.
    """
    try:
        return _functions[reference.name]
    except KeyError:
        raise NetworkError(
            f"the function {reference.name!r} belongs to another process.",
            where="model",
            advice="Put it into a file and give FILE.py:FUNCTION.",
        ) from None
