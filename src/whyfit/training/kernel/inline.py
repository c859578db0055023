"""How functions of the kernel are compiled: for callers inside it alone, or copied into their caller.

Numba compiles each function, links it into each of its callers, and optimises there once more: a loop that stands eight
calls deep is optimised eight times. What is called at one place only, or is a line or two, is copied instead.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar, cast

from numba import njit

from whyfit.rules.jit import FLAGS, Compiled

P = ParamSpec("P")
R = TypeVar("R")


def inside(function: Callable[P, R]) -> Compiled[P, R]:
    """Compile for callers in compiled code alone: what unpacks arguments of Python would be compiled for nothing."""
    return Compiled(function, FLAGS | {"no_cpython_wrapper": True, "no_cfunc_wrapper": True})


def inlined(function: Callable[P, R]) -> Callable[P, R]:
    """Copy into the caller; no early return from inside a loop."""
    return cast("Callable[P, R]", njit(**FLAGS, inline="always")(function))
