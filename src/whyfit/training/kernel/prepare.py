"""The kernel made ready before it is needed, so that whoever waits can be told why."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from whyfit.evidence.dataset import Column, Dataset
from whyfit.evidence.member import BlockId, Member
from whyfit.evidence.network import Perceptron
from whyfit.evidence.recipe import Recipe
from whyfit.evidence.split import Split
from whyfit.training.kernel.compiled import in_cache, run
from whyfit.training.kernel.pack import Packed, pack


@dataclass(frozen=True, slots=True)
class Prepared:
    """How long it took until the kernel stood ready, and whether it came from the cache."""

    seconds: float
    from_cache: bool


def prepare(compiling: Callable[[], None] = lambda: None) -> Prepared:
    """Load the kernel from Numba's cache, or compile it and keep it there; `compiling` is called before the latter."""
    start = time.perf_counter()
    packed = smallest()
    cached = in_cache(packed.args)
    if not cached:
        compiling()
    run(packed.args)
    return Prepared(time.perf_counter() - start, cached)


def smallest() -> Packed:
    """A member that trains in microseconds."""
    data = Dataset(
        columns=(Column("x", "numeric"),),
        numeric=np.arange(4.0)[:, None],
        codes=np.empty((4, 0), np.int64),
        target=np.arange(4) % 2,
        task="classification",
        classes=("0", "1"),
    )
    split = Split(train=np.array([0, 1]), stop=np.array([2]), score=np.array([3]))
    recipe = Recipe(network=Perceptron((2,)), epochs=1)
    return pack(Member(recipe=recipe, split=split, seed=0, block=BlockId(0, 0)), data, np.zeros(1, np.uint8))
