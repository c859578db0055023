"""Where shards train: threads for the compiled kernel, processes for torch."""

from __future__ import annotations

import os
import threading
import time
from concurrent.futures import Executor, ThreadPoolExecutor

from whyfit.evidence.network import NetworkInProcess
from whyfit.evidence.recipe import Recipe

WITHOUT_INTERPRETER_LOCK = frozenset({"kernel"})
"""Engines that let go of the interpreter lock, so that threads are enough."""


ORPHAN_SECONDS = 2.0
"""Between two looks of a worker whether the study still lives. Chosen: soon enough, and nothing to wake up for."""


def worker_count() -> int:
    """The cores that this process may use, as containers and affinity masks allow."""
    import joblib  # noqa: PLC0415  # heavy, and only a study needs it

    return int(joblib.cpu_count())


def in_threads(engine: str, recipe: Recipe) -> bool:
    """Whether members train in threads of this process; a network that only this process knows must."""
    return engine in WITHOUT_INTERPRETER_LOCK or isinstance(recipe.network, NetworkInProcess)


def make_executor(*, threads: bool, workers: int) -> Executor:
    """A fresh executor; for processes one that outlives a worker's death."""
    if threads:
        return ThreadPoolExecutor(max_workers=workers, thread_name_prefix="whyfit")
    return _processes(workers)


def _processes(workers: int) -> Executor:
    from joblib.externals.loky import ProcessPoolExecutor  # noqa: PLC0415  # heavy, and only torch engines need it

    return ProcessPoolExecutor(max_workers=workers, initializer=_one_thread)  # type: ignore[no-any-return]


def _one_thread() -> None:
    """Torch and BLAS compute on one thread a worker, whatever they are told by the environment.

    What a user's network prints there goes to standard error: standard output may be carrying the report.
    """
    os.dup2(2, 1)
    threading.Thread(target=_end_with, args=(os.getppid(),), name="whyfit-orphan", daemon=True).start()
    for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"):
        os.environ[name] = "1"
    import torch  # noqa: PLC0415  # in the worker alone

    torch.set_num_threads(1)


def _end_with(parent: int) -> None:
    """End this worker when the process that began it is gone: one that was killed can tell nobody."""
    while os.getppid() == parent:
        time.sleep(ORPHAN_SECONDS)
    os._exit(1)
