"""Memory that a member works in: aligned, one piece a thread, its pages mapped before the first step."""

from __future__ import annotations

import threading
from typing import Any

import numpy as np

from whyfit.evidence.types import AnyArray

BLOCK = 1 << 26
"""Bytes touched between two looks at the flag: mapping them takes 10 to 60 ms of processor time (measured)."""

PAGE = 4096
"""The least page that systems map at once; a larger one is only touched more often than it need be."""

_SCRATCH = threading.local()


def scratch(count: int, dtype: Any, cancel: AnyArray) -> AnyArray:
    """Memory to work in, not cleared: one piece a thread, used by one member after the other.

    Fresh memory would have to be mapped page by page, which took as long as measuring a whole sampled epoch.
    """
    kept: dict[str, AnyArray] = _SCRATCH.__dict__
    name = np.dtype(dtype).str
    if name not in kept or kept[name].size < count:
        fresh = aligned(count, dtype)
        if touch(fresh, cancel) < fresh.nbytes:
            return fresh
        kept[name] = fresh
    return kept[name][:count]


def touch(memory: AnyArray, cancel: AnyArray) -> int:
    """Have the pages of fresh memory mapped; how many bytes were, fewer where the flag is set meanwhile.

    The first pass of a large batch would otherwise map gigabytes between two looks at the flag: up to 1.2 s of
    processor time from the flag to the end for a full batch of 900,000 rows (64-128-128-10, measured).

    Examples
    --------
    >>> touch(np.zeros(10_000), np.zeros(1, np.uint8)), touch(np.zeros(10_000), np.ones(1, np.uint8))
    (80000, 0)
    """
    plain = memory.reshape(-1).view(np.uint8)
    for start in range(0, plain.size, BLOCK):
        if cancel[0]:
            return start
        plain[start : start + BLOCK : PAGE] = 0
    return int(plain.size)


def aligned(count: int, dtype: Any) -> AnyArray:
    """Zeros that begin on a cache line, as every offset of the layout does."""
    itemsize = np.dtype(dtype).itemsize
    room = np.zeros(count * itemsize + 64, np.uint8)
    start = -room.ctypes.data % 64
    return room[start : start + count * itemsize].view(dtype)
