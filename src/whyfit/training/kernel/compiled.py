"""The kernel as machine code: compiled once, kept in Numba's cache, made anew when any of its sources changes.

The digest of the sources (`whyfit.training.kernel.sources`) is written into every result, so that a test can see which
sources the machine code came from.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from threading import Lock
from typing import Any

from whyfit.evidence.types import AnyArray, IntArray
from whyfit.rules.jit import FLAGS
from whyfit.training.kernel.borrow import borrow_rows, borrow_vectors, borrow_written
from whyfit.training.kernel.job import SOURCE, Numbers, Rows, Vectors, Written
from whyfit.training.kernel.loop import Parts, train
from whyfit.training.kernel.memory import borrowed
from whyfit.training.kernel.sources import digest_once
from whyfit.training.kernel.subnormal import flush_subnormals, restore_subnormals

_LOCK = Lock()
"""Two threads that both need the kernel compile it once."""

_READY: set[Any] = set()
"""The precisions for which it stands ready: float32, and float64 in tests alone."""


def entry(digest: int) -> Any:
    """The compiled `train`, cached under this digest."""
    from numba import njit  # noqa: PLC0415  # whoever only asks for the digest does without Numba

    def run(
        table: IntArray,
        numbers: Numbers,
        data: Rows,
        parts: Parts,
        vectors: Vectors,
        written: Written,
        cancel: AnyArray,
    ) -> None:
        written.facts[SOURCE] = digest
        state = flush_subnormals()
        train(
            borrowed(table),
            numbers,
            borrow_rows(data),
            (borrowed(parts[0]), borrowed(parts[1]), borrowed(parts[2])),
            borrow_vectors(vectors),
            borrow_written(written),
            borrowed(cancel),
        )
        restore_subnormals(state)

    return njit(**FLAGS, cache=True, no_cfunc_wrapper=True)(run)


@cache
def _entry_once() -> Any:
    return entry(digest_once("kernel"))


def run(args: tuple[Any, ...]) -> None:
    """Run the kernel; compile it, or load it from the cache, at the first call for each precision."""
    kernel, precision = _entry_once(), args[4].parameters.dtype
    if precision not in _READY:
        with _LOCK, without_collector():
            kernel.compile(signature_of(args))
            _READY.add(precision)
    kernel(*args)


@contextmanager
def without_collector() -> Iterator[None]:
    """Compiling makes millions of objects and no rubbish worth looking for: a ninth less time, measured."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def in_cache(args: tuple[Any, ...]) -> bool:
    """Whether machine code for these arguments is in Numba's cache, or in this process already."""
    kernel, signature = _entry_once(), signature_of(args)
    if signature in kernel.overloads:
        return True
    stored = kernel._cache  # noqa: SLF001  # Numba has no public way to ask
    key = stored._index_key(signature, kernel.targetctx.codegen())  # noqa: SLF001
    return stored._cache_file.load(key) is not None  # noqa: SLF001


def signature_of(args: tuple[Any, ...]) -> tuple[Any, ...]:
    """The types of the arguments, as Numba names them."""
    from numba import typeof  # noqa: PLC0415  # see above

    return tuple(typeof(arg) for arg in args)
