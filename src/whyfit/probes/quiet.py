"""Random state put back as it was: whatever a probe draws, nobody finds out."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import torch


@contextmanager
def untouched_randomness() -> Iterator[None]:
    """Python's, numpy's and torch's generators stand afterwards where they stood before."""
    python, numpy = random.getstate(), np.random.get_state()  # noqa: NPY002  # the script's generator, not ours
    with torch.random.fork_rng():
        try:
            yield
        finally:
            random.setstate(python)
            np.random.set_state(numpy)  # noqa: NPY002
