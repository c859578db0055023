"""A study on a cluster that loses a worker or a node in mid-study has the report of the study at home."""

import os
import signal
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from study.cluster.worlds import at_home, differences, network_in, table_in
from truth.evidence import Result, at_least
from truth.runner import Claim

STUDIES: dict[str, dict[str, Any]] = {
    "digits": {"budget": "120n", "seed": 3},
    "table": {"budget": "150n"},
    "user's network": {"budget": "40n"},
}
"""What is asked of each kind of study."""
TIMES = 1
"""How often each kind loses a worker, and how often a node, as soon as the first shard has landed."""


def run(label: str, index: int) -> dict[str, object]:
    """One study on a cluster that loses a worker or a node."""
    backend, kind = label.split(": ")
    with CLUSTERS[backend]() as kill:
        source, wishes = _asked(kind)
        return {"different": differences(backend, _after(index * 0.3, kill), source, _at_home(kind), **wishes)}


@cache
def _at_home(kind: str) -> dict[str, Any]:
    source, wishes = _asked(kind)
    return at_home(source, **wishes)


def _asked(kind: str) -> tuple[str | None, dict[str, Any]]:
    """Where the data is, and what is asked."""
    place = _place()
    network = {"model": network_in(place)} if kind == "user's network" else {}
    return None if kind == "digits" else table_in(place), STUDIES[kind] | network


@cache
def _place() -> Path:
    return Path(tempfile.mkdtemp(prefix="whyfit-clusters-"))


def _after(seconds: float, kill: Callable[[], None]) -> Callable[[], None]:
    def late() -> None:
        time.sleep(seconds)
        kill()

    return late


@contextmanager
def _dask() -> Iterator[Callable[[], None]]:
    """A local cluster of two workers, and how to kill one."""
    from distributed import Client, LocalCluster

    with (
        LocalCluster(
            n_workers=2, threads_per_worker=1, dashboard_address="127.0.0.1:0", silence_logs="CRITICAL"
        ) as cluster,
        Client(cluster) as client,
    ):
        yield lambda: os.kill(next(iter(client.run(os.getpid).values())), signal.SIGKILL)


@contextmanager
def _ray() -> Iterator[Callable[[], None]]:
    """Two local nodes, and how to kill the one that this process does not hang on."""
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    import ray
    from ray.cluster_utils import Cluster

    cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 1})
    try:
        second = cluster.add_node(num_cpus=1)
        ray.init(address=cluster.address, log_to_driver=False)
        cluster.wait_for_nodes()
        yield lambda: cluster.remove_node(second, allow_graceful=False)
    finally:
        ray.shutdown()
        cluster.shutdown()


CLUSTERS = {"dask": _dask, "ray": _ray}


def sum_up(values: dict[str, list[dict[str, Any]]]) -> Result:
    """Every one of them, or the claim is not met."""
    rules = [
        at_least(f"{backend}: studies whose report is that of the study at home", *_equal(values, backend))
        for backend in CLUSTERS
    ]
    return Result(tuple(rules), {label: [one["different"] for one in ones] for label, ones in values.items()})


def _equal(values: dict[str, list[dict[str, Any]]], backend: str) -> tuple[int, int]:
    every = [one for label, ones in values.items() if label.startswith(backend) for one in ones]
    return sum(not one["different"] for one in every), len(every)


CLAIMS = [
    Claim(
        name="clusters",
        states="A study on a Dask or Ray cluster, of which a worker or node is killed in mid-study, gives the report of"
        " the same study at home.",
        files=(
            "src/whyfit/study/runner.py",
            *(f"src/whyfit/study/cluster/{name}.py" for name in ("context", "luggage", "on_dask", "on_ray", "sealed")),
            "tests/study/cluster/worlds.py",
            "tests/truth/claims/clusters.py",
        ),
        chunks={f"{backend}: {kind}": TIMES for backend in CLUSTERS for kind in STUDIES},
        run=run,
        sum_up=sum_up,
        settings={"workers or nodes": 2, "killed": 1, "networks": {kind: w["budget"] for kind, w in STUDIES.items()}},
    )
]
