"""A study on a Dask cluster is the study at home, also where a worker is killed under it."""

import os
import signal

import pytest
from distributed import Client, LocalCluster

from study.cluster.worlds import differences, report_on, table_in
from study.fakes import table
from whyfit.errors import ClusterError
from whyfit.study.cluster import luggage
from whyfit.study.cluster.on_dask import dask_cluster


@pytest.fixture(scope="module")
def client():
    with (
        LocalCluster(
            n_workers=2, threads_per_worker=1, dashboard_address="127.0.0.1:0", silence_logs="CRITICAL"
        ) as cluster,
        Client(cluster) as client,
    ):
        yield client
        client.wait_for_workers(2)  # one that died is begun anew; to close in the middle of that fails in Dask


def kill_a_worker(client):
    process = next(iter(client.run(os.getpid).values()))
    os.kill(process, signal.SIGKILL)


def test_a_worker_killed_in_mid_study_changes_nothing(client, tmp_path):
    kill = lambda: kill_a_worker(client)  # noqa: E731  # a name for what the study calls
    assert differences("dask", kill, table_in(tmp_path), budget="40n") == []


def test_the_report_says_where_its_networks_were_trained_and_nothing_stays_there(client, tmp_path):
    report = report_on("dask", table_in(tmp_path), budget="10n")
    assert report["provenance"]["backend"] == "dask"
    assert report["provenance"]["machine"].endswith(", 2 workers")
    assert set(client.run(lambda: len(luggage._unpacked)).values()) == {0}


def test_a_shard_whose_worker_always_dies_ends_in_one_message(client):
    with (
        pytest.raises(ClusterError, match="lost several times"),
        dask_cluster(luggage.Luggage.pack(table(), [])) as cluster,
    ):
        cluster.executor().submit(os._exit, 9).result()
