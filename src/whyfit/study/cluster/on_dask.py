"""A study on a Dask cluster: the client of this process, the scheduler that the environment names, or a local cluster.

Dask itself runs a dead worker's shards again elsewhere, and gives a task up after so many deaths.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Executor, Future
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from typing import Any

import dask
from distributed import Client, KilledWorker, LocalCluster, WorkerPlugin, get_client

from whyfit.errors import ClusterError
from whyfit.study.cluster.backend import Cluster
from whyfit.study.cluster.luggage import Luggage, call_off, put_away
from whyfit.study.cluster.sealed import do, seal
from whyfit.study.runner import TRIES
from whyfit.study.workers import worker_count


class Unpacking(WorkerPlugin):  # type: ignore[misc]  # Dask has few types
    """Unpacks a study's luggage on every worker; one that joins later, or starts anew, gets it before its shards."""

    def __init__(self, luggage: Luggage, *, ours: bool) -> None:
        self.name = f"whyfit-{luggage.study}"
        self.luggage, self.ours = luggage, ours

    def setup(self, worker: Any) -> None:  # noqa: ARG002  # as Dask calls it
        """As a worker starts."""
        self.luggage.unpack(ours=self.ours)

    def teardown(self, worker: Any) -> None:  # noqa: ARG002  # as Dask calls it
        """As the study ends."""
        put_away(self.luggage.study)


class DaskExecutor(Executor):
    """Dask's own executor, with the work sealed."""

    def __init__(self, client: Client) -> None:
        self._dasks = client.get_executor(pure=False)

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Do it on some worker of the cluster."""
        return self._dasks.submit(do, seal(partial(fn, **kwargs), args))  # type: ignore[no-any-return]  # Dask has no types here

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: FBT001, FBT002  # as Executor has it
        """Take back what is not yet under way where nobody waits for it."""
        self._dasks.shutdown(wait=wait and not cancel_futures)


@contextmanager
def dask_cluster(luggage: Luggage) -> Iterator[Cluster]:
    """The cluster with the luggage on it; one that was started for the study ends with it.

    Raises
    ------
    ClusterError
        The scheduler cannot be reached, has no workers, or lost a shard with `TRIES` of them.
    """
    with ExitStack() as stack:
        client, ours = _client(stack)
        plugin = Unpacking(luggage, ours=ours)
        with _named_failures():
            client.register_plugin(plugin)
            stack.callback(_unregister, client, plugin.name)
            workers = sum(client.nthreads().values())
            if not workers:
                raise ClusterError("the Dask cluster has no workers.", advice="Start some with `dask worker`.")
            yield Cluster(workers, partial(DaskExecutor, client), partial(_call_off, client, luggage.study))


def _client(stack: ExitStack) -> tuple[Client, bool]:
    """A client, and whether its cluster is one that was started here."""
    with suppress(ValueError):  # there is none
        return get_client(), False
    if dask.config.get("scheduler-address", None):
        try:
            return stack.enter_context(Client(set_as_default=False)), False
        except OSError as error:
            address = dask.config.get("scheduler-address")
            advice = "Check DASK_SCHEDULER_ADDRESS, and that the scheduler runs."
            raise ClusterError(f"no Dask scheduler answers at {address}.", advice=advice) from error
    # Dask counts the deaths that it forgives; the last try is the one after them.
    stack.enter_context(dask.config.set({"distributed.scheduler.allowed-failures": TRIES - 1}))
    # Dask opens a port for its pages in any case: one that nobody else has.
    cluster = LocalCluster(n_workers=worker_count(), threads_per_worker=1, dashboard_address="127.0.0.1:0")
    return stack.enter_context(Client(stack.enter_context(cluster), set_as_default=False)), True


@contextmanager
def _named_failures() -> Iterator[None]:
    try:
        yield
    except KilledWorker as error:
        raise ClusterError(
            "a shard was lost several times with the worker that trained it.",
            advice="See the workers' logs; their memory may be too small. `--study` keeps what is finished.",
        ) from error
    except CancelledError as error:
        advice = "Start it anew; a study with `--study` goes on where it was."
        raise ClusterError("the Dask cluster was lost.", advice=advice) from error


def _call_off(client: Client, study: str) -> None:
    """Dask runs this beside the shards that train, at once."""
    with suppress(Exception):  # a cluster that is gone needs no telling
        client.run(call_off, study, on_error="ignore")


def _unregister(client: Client, name: str) -> None:
    with suppress(Exception):  # a cluster that is gone has nothing to put away
        client.unregister_worker_plugin(name)
