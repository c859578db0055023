"""One torch thread a worker, put back when the last worker is done."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import torch

_lock = threading.Lock()
_inside: list[int] = []
"""The number of threads that torch had, once for each worker inside."""


@contextmanager
def one_torch_thread() -> Iterator[None]:
    """Torch computes on one thread while anybody is inside: two fell from 65 to 1,500 µs a step beside other work.

    The number belongs to the whole process, so the last one out puts back what the first one found.
    """
    with _lock:
        _inside.append(_inside[0] if _inside else torch.get_num_threads())
        torch.set_num_threads(1)
    try:
        yield
    finally:
        with _lock:
            found = _inside.pop()
            if not _inside:
                torch.set_num_threads(found)
