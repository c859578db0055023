"""Our side: members of the kernel, trained one after the other or over threads."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

from whyfit.evidence.dataset import Column, Dataset
from whyfit.evidence.member import BlockId, Collect, Member
from whyfit.evidence.network import Perceptron
from whyfit.evidence.recipe import Recipe
from whyfit.evidence.split import Split
from whyfit.training.contract import CancelFlag, Context, Shard
from whyfit.training.engines.kernel import KernelEngine

Array = np.ndarray


def rows_of_batches(x: Array, y: Array, batch: int) -> tuple[Array, Array]:
    """Scaled rows in whole batches alone, so that every step is of one size."""
    rows = len(x) // batch * batch
    scaled = (x - x.mean(axis=0)) / np.maximum(x.std(axis=0), 1e-6)
    return scaled.astype(np.float32)[:rows], y.astype(np.int64)[:rows]


def dataset_of(x: Array, y: Array) -> Dataset:
    """Numeric columns and classes."""
    return Dataset(
        columns=tuple(Column(f"x{i}", "numeric") for i in range(x.shape[1])),
        numeric=x,
        codes=np.empty((len(x), 0)),
        target=y,
        task="classification",
        classes=tuple(str(k) for k in range(int(y.max()) + 1)),
    )


class Ours:
    """A population on all rows, nothing evaluated while it trains."""

    def __init__(self, x: Array, y: Array, hidden: tuple[int, ...], batch: int, epochs: int, members: int) -> None:
        self.data, self.engine = dataset_of(x, y), KernelEngine()
        self._epochs, self._steps = epochs, epochs * -(-len(x) // batch)
        nothing = np.empty(0, np.int64)
        split = Split(train=np.arange(len(x)), stop=nothing, score=nothing)
        recipe = Recipe(network=Perceptron(hidden), batch_size=batch, epochs=epochs, patience=None)
        self._first = Member(recipe, split, 0, BlockId(0, 0), Collect(predictions=False))
        self.members_of(members)

    def members_of(self, count: int) -> None:
        """So many members from now on."""
        first = self._first
        self.members = [Member(first.recipe, first.split, k, first.block, first.collect) for k in range(count)]

    @property
    def steps(self) -> int:
        """Of all members together."""
        return self._steps * len(self.members)

    def microseconds(self, clock: Callable[[], float] = time.process_time, threads: int = 1) -> float:
        """Of one step of one network."""
        began = clock()
        self.train(threads)
        return (clock() - began) / self.steps * 1e6

    def train(self, threads: int = 1) -> None:
        """All members; a diverged one would make the figures lie."""
        with threadpool_limits(1), CancelFlag.create() as flag, ThreadPoolExecutor(threads) as pool:
            one = partial(self._one, Context(lambda: self.data, flag))
            outcomes = list(pool.map(one, self.members)) if threads > 1 else [one(member) for member in self.members]
        assert all(outcome.status == "done" for outcome in outcomes)

    def _one(self, context: Context, member: Member) -> Any:
        return next(iter(self.engine.train(Shard((member,), ("key",)), context)))
