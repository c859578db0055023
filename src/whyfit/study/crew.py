"""A runner with all that it needs: workers, a way to the data, a flag to stop by; all of it goes with the stack."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import ExitStack
from functools import partial

from whyfit.evidence.dataset import Dataset
from whyfit.evidence.recipe import Recipe
from whyfit.study.runner import Runner
from whyfit.study.share import SharedDataset
from whyfit.study.store import Store
from whyfit.study.workers import in_threads, make_executor, worker_count
from whyfit.training.contract import CancelFlag, Context, Engine


def runner_for(
    stack: ExitStack,
    engine: Engine,
    recipes: Iterable[Recipe],
    data: Dataset,
    store: Store,
    workers: int | None = None,
) -> Runner:
    """A runner for members of these recipes; in threads where all of them can, else in processes that map the data.

    Parameters
    ----------
    stack
        Closes what was opened.
    workers
        None for the cores there are.
    """
    threads, workers = all(in_threads(engine.name, recipe) for recipe in recipes), workers or worker_count()
    opener = partial(itself, data) if threads else stack.enter_context(SharedDataset.write(data))
    context = Context(opener, stack.enter_context(CancelFlag.create()))
    executor = partial(make_executor, threads=threads, workers=workers)
    return stack.enter_context(Runner(engine, context, store, executor, workers, data.fingerprint))


def itself(data: Dataset) -> Dataset:
    """The dataset of this process."""
    return data
