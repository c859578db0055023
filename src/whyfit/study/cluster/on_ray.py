"""A study on a Ray cluster: the one this process is connected to, the one its environment names, or a local one."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any

import ray
from ray import exceptions

from whyfit.errors import ClusterError
from whyfit.study.cluster.backend import Cluster
from whyfit.study.cluster.luggage import Luggage, is_unpacked
from whyfit.study.cluster.sealed import do, seal

LOST = (
    exceptions.WorkerCrashedError,
    exceptions.NodeDiedError,
    exceptions.LocalRayletDiedError,
    exceptions.ObjectLostError,
    exceptions.OutOfMemoryError,
)
"""Errors that say: the shard is lost with its worker or node, by no fault of its own."""


class ShardLostError(BrokenExecutor):
    """A shard is gone with its worker; the runner hands it out again."""


class RayExecutor(Executor):
    """An executor on a Ray cluster. Ray itself retries nothing: the runner counts the tries.

    Parameters
    ----------
    luggage
        As an object in Ray's store, unpacked by each worker before its first shard.
    study
        Its name.
    """

    def __init__(self, luggage: Any, study: str) -> None:
        self._luggage, self._study = luggage, study
        self._there = ray.remote(num_cpus=1, max_retries=0)(_there)
        self._flying: set[Any] = set()

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Train on some worker of the cluster."""
        # Inside a list Ray hands the reference on instead of the object: a worker fetches the luggage once.
        ref = self._there.remote(self._study, [self._luggage], seal(partial(fn, **kwargs), args))
        self._flying.add(ref)
        ours: Future[Any] = Future()
        ref.future().add_done_callback(partial(self._landed, ref, ours))
        return ours

    def call_off(self) -> None:
        """Interrupt what is under way."""
        for ref in list(self._flying):
            with suppress(Exception):  # a cluster that is gone needs no telling
                ray.cancel(ref)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: FBT001, FBT002, ARG002  # as Executor has it
        """Call off what nobody waits for any longer."""
        if not wait:
            self.call_off()

    def _landed(self, ref: Any, ours: Future[Any], rays: Future[Any]) -> None:
        self._flying.discard(ref)
        error = rays.exception()
        if error is None:
            ours.set_result(rays.result())
        else:
            ours.set_exception(_as_ours(error))


def _as_ours(error: BaseException) -> BaseException:
    """What a worker raised, without Ray's wrapping; a lost worker as the runner knows it."""
    if isinstance(error, LOST):
        return ShardLostError(f"{error}")
    cause = getattr(error, "cause", None)
    return cause if isinstance(error, exceptions.RayTaskError) and isinstance(cause, Exception) else error


def _there(study: str, luggage: list[Any], sealed: bytes) -> Any:
    """What a worker does."""
    if not is_unpacked(study):
        ray.get(luggage[0]).unpack()
    return do(sealed)


@contextmanager
def ray_cluster(luggage: Luggage) -> Iterator[Cluster]:
    """The cluster with the luggage in its store; a connection that was made for the study ends with it.

    Raises
    ------
    ClusterError
        The cluster cannot be reached, or lost a shard with several workers.
    """
    ours = not ray.is_initialized()
    if ours:
        _connect()
    try:
        executor = RayExecutor(ray.put(luggage), luggage.study)
        workers = max(1, int(ray.cluster_resources().get("CPU", 1)))
        yield Cluster(workers, lambda: executor, executor.call_off)
    except ShardLostError as error:
        raise ClusterError(
            f"a shard was lost several times with the worker that trained it ({error}).",
            advice="See Ray's logs; its nodes' memory may be too small. `--study` keeps what is finished.",
        ) from error
    finally:
        if ours:
            ray.shutdown()


def _connect() -> None:
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # whyfit sends nothing anywhere, nor lets others do so for it
    try:
        ray.init(log_to_driver=False, logging_level=logging.ERROR)
    except (ConnectionError, RuntimeError) as error:
        raise ClusterError(
            f"no Ray cluster answers ({error}).", advice="Check RAY_ADDRESS, and that the cluster runs."
        ) from error
