"""How functions of the kernel are compiled: for callers inside it alone, or copied into their caller.

Numba compiles each function, links it into each of its callers, and optimises there once more: a loop that stands eight
calls deep is optimised eight times. What is called at one place only, or is a line or two, is copied instead.

What stays a function of its own must not be optimised in two ways that round differently: the process that compiles
binds a call to the copy compiled alone, one that loads from the cache to the copy inside the caller. So rules and
everything `inside` are copied by LLVM (`forceinline`), and a test holds that both processes give the same bits.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar, cast

from numba import njit

from whyfit.rules.jit import BARE, FLAGS, Compiled

P = ParamSpec("P")
R = TypeVar("R")


def inside(function: Callable[P, R]) -> Compiled[P, R]:
    """Compile for callers in compiled code alone: what unpacks arguments of Python would be compiled for nothing."""
    return Compiled(function, FLAGS | BARE | {"forceinline": True})


def apart(function: Callable[P, R]) -> Compiled[P, R]:
    """The same for what is large and called from several places: copied, a quarter more time to compile."""
    return Compiled(function, FLAGS | BARE)


def inlined(function: Callable[P, R]) -> Callable[P, R]:
    """Copy into the caller; no early return from inside a loop."""
    return cast("Callable[P, R]", njit(**FLAGS, inline="always")(function))
