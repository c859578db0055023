"""Random state that user code may draw from: set for a moment, and put back.

A user's network draws its start from the global generators of torch, NumPy and Python. They belong to the whole
process, so only one thread may hold them at a time.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

RANDOM_LOCK = threading.RLock()
"""Held by whoever has seeded the global generators, until they are put back."""


@contextmanager
def seeded(seed: int) -> Iterator[None]:
    """Seed the global generators of torch (CPU and every device in use), NumPy and Python; put them back after.

    Examples
    --------
    >>> import torch
    >>> with seeded(3):
    ...     first = torch.rand(2)
    >>> with seeded(3):
    ...     bool((first == torch.rand(2)).all())
    True
    """
    import torch  # noqa: PLC0415  # whyfit --help must not load torch

    devices = list(range(torch.cuda.device_count())) if _cuda_in_use() else []
    with RANDOM_LOCK, torch.random.fork_rng(devices=devices):
        of_numpy, of_python = np.random.get_state(), random.getstate()  # noqa: NPY002  # user code draws from it
        try:
            torch.default_generator.manual_seed(seed)
            if devices:
                torch.cuda.manual_seed_all(seed)
            np.random.seed(seed % 2**32)  # noqa: NPY002  # user code draws from it
            random.seed(seed)
            yield
        finally:
            np.random.set_state(of_numpy)  # noqa: NPY002  # see above
            random.setstate(of_python)


def _cuda_in_use() -> bool:
    """Whether anybody has begun to use CUDA: asking must not begin it."""
    import torch  # noqa: PLC0415  # whyfit --help must not load torch

    return bool(torch.cuda.is_initialized())  # type: ignore[no-untyped-call]  # torch has no type for it
