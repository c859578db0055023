"""The one decorator for compiled code: its flags in one place, and Numba not imported before a function is called.

Reading a catalogue (`whyfit --help`, a report) must not cost the half second of importing Numba: a decorated function
is compiled at its first call. Other compiled functions may call it as if Numba had decorated it.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from functools import cached_property, update_wrapper
from typing import Any, Generic, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

FAST: frozenset[str] = frozenset({"reassoc", "contract", "arcp", "nsz", "afn"})
"""What lets loops vectorise. `nnan`, `ninf` and `fast` are forbidden: with them 0 of 2 planted NaN were found."""

ORDERED: frozenset[str] = frozenset({"contract"})
"""For sums whose order is the point: `reassoc` would undo range reductions such as (x − k·hi) − k·lo."""

FLAGS: dict[str, Any] = {"fastmath": set(FAST), "error_model": "numpy", "nogil": True}
"""The options of every compiled function; without `error_model="numpy"` a division does not vectorise."""


BARE: dict[str, Any] = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}
"""For what only compiled code calls."""


class Compiled(Generic[P, R]):
    """A Python function and its compiled twin, made at the first call from Python or from compiled code.

    Examples
    --------
    >>> import numpy as np
    >>> @jit
    ... def halve(x):
    ...     for i in range(x.size):
    ...         x[i] *= x.dtype.type(0.5)
    >>> x = np.ones(2, np.float32)
    >>> halve(x)
    >>> x
    array([0.5, 0.5], dtype=float32)
    """

    def __init__(self, function: Callable[P, R], options: dict[str, Any]) -> None:
        self.py_func, self.options = function, options
        update_wrapper(self, function)

    @cached_property
    def dispatcher(self) -> Any:
        """Numba's own object, for calls from Python."""
        return self._compiled(self.options)

    @cached_property
    def inner(self) -> Any:
        """The same without wrappers, for calls from compiled code: it compiles in two thirds of the time."""
        return self._compiled(self.options | BARE)

    def _compiled(self, options: dict[str, Any]) -> Any:
        import numba  # noqa: PLC0415  # see the head of this file

        return numba.njit(**options)(self.py_func)

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """Run it, compiled for the types of these arguments."""
        result: R = self.dispatcher(*args, **kwargs)
        return result

    @property
    def _numba_type_(self) -> Any:
        """What Numba asks of a global that it meets in a function it compiles."""
        return self.inner._numba_type_

    def __repr__(self) -> str:
        return f"<compiled {self.py_func.__module__}.{self.py_func.__qualname__}>"

    def __reduce__(self) -> tuple[object, ...]:
        """Travel as a name: the other process compiles its own."""
        return (_named, (self.py_func.__module__, self.py_func.__qualname__))


def jit(function: Callable[P, R]) -> Compiled[P, R]:
    """Compile with `FLAGS`: for everything but what `ordered` is for. It is copied into compiled callers.

    As a function of its own it would be optimised twice, alone and inside its caller, and round differently; which of
    the two ran would depend on whether this process compiled it or loaded it from the cache.
    """
    return Compiled(function, FLAGS | {"forceinline": True})


def ordered(function: Callable[P, R]) -> Compiled[P, R]:
    """Compile without reordering sums, and inline into the loops that call it, so that those vectorise."""
    return Compiled(
        function,
        FLAGS | {"fastmath": set(ORDERED), "forceinline": True},
    )


def by_precision(single: Compiled[[Any], R], double: Compiled[[Any], R]) -> Compiled[[Any], R]:
    """A function of one number that runs `single` on float32 and `double` on float64, chosen while compiling."""
    return _ByPrecision(single, double)


class _ByPrecision(Compiled[[Any], R]):
    def __init__(self, single: Compiled[[Any], R], double: Compiled[[Any], R]) -> None:
        super().__init__(double.py_func, double.options)
        self._single, self._double = single, double

    def _compiled(self, options: Any) -> Any:
        from numba import float32, njit  # noqa: PLC0415  # see the head of this file
        from numba.extending import overload  # noqa: PLC0415

        def either(x: Any) -> Any:
            """Stand for the choice, which Numba makes by type."""

        single, double = self._single, self._double
        # Lambdas, as Numba compares the signatures of stand-in and choice with their annotations.
        one, two = lambda x: single(x), lambda x: double(x)  # noqa: PLW0108
        overload(either, jit_options=options)(lambda x: one if x == float32 else two)
        return njit(**options)(lambda x: either(x))  # noqa: PLW0108  # as above


def _named(module: str, name: str) -> Any:
    return getattr(importlib.import_module(module), name)
