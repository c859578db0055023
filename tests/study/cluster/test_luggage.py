"""What travels to another machine arrives whole, is unpacked once, and leaves nothing behind."""

import pickle
import time
from dataclasses import replace

import numpy as np
import pytest

from study.fakes import table
from whyfit.errors import ArgumentError, ClusterError, NetworkError
from whyfit.evidence.network import NetworkInProcess
from whyfit.evidence.recipe import Recipe
from whyfit.nets.reference import network_file
from whyfit.nets.user_code import function_of, have_content
from whyfit.study.cluster.backend import check_backend
from whyfit.study.cluster.context import FarContext
from whyfit.study.cluster.luggage import DataOf, FarFlag, Luggage, call_off, flag_of, is_unpacked, put_away


@pytest.fixture
def luggage():
    luggage = Luggage.pack(table(), [Recipe()])
    yield luggage
    put_away(luggage.study)


def test_the_data_arrive_whole(luggage):
    there = pickle.loads(pickle.dumps(luggage))
    there.unpack()
    assert DataOf(luggage.study)().fingerprint == luggage.data.fingerprint


def test_a_second_unpacking_keeps_the_flag_that_shards_poll(luggage):
    luggage.unpack()
    before = flag_of(luggage.study)
    pickle.loads(pickle.dumps(luggage)).unpack()
    assert flag_of(luggage.study) is before


def test_a_flag_is_in_a_worker_that_workers_own(luggage):
    luggage.unpack()
    told = []
    flag = FarFlag(luggage.study, lambda: told.append(True))
    there = pickle.loads(pickle.dumps(flag))
    flag.set()
    assert told == [True]
    assert flag.is_set()
    assert not there.is_set()
    call_off(luggage.study)
    assert there.is_set()


def test_the_deadline_travels_as_seconds_that_are_left(luggage):
    luggage.unpack()
    context = FarContext(DataOf(luggage.study), FarFlag(luggage.study), deadline=time.monotonic() + 100.0)
    there = pickle.loads(pickle.dumps(context))
    assert there.deadline == pytest.approx(time.monotonic() + 100.0, abs=5.0)
    assert pickle.loads(pickle.dumps(replace(context, deadline=None))).deadline is None
    assert there.open_data().rows == luggage.data.rows


def test_put_away_leaves_nothing_and_stops_what_still_trains(luggage):
    luggage.unpack()
    flag = flag_of(luggage.study)
    put_away(luggage.study)
    assert flag.is_set()
    assert not is_unpacked(luggage.study)
    with pytest.raises(ClusterError, match="never got the data"):
        DataOf(luggage.study)()


def test_another_version_of_whyfit_is_refused(luggage):
    with pytest.raises(ClusterError, match=r"has whyfit .* and here it is 0\.0\.0"):
        replace(luggage, study="other", version="0.0.0").unpack()


def test_a_function_of_this_process_is_refused():
    with pytest.raises(ArgumentError, match="function of this process"):
        Luggage.pack(table(), [Recipe(network=NetworkInProcess("make#1"))])


def test_a_network_file_is_known_by_its_content_where_its_path_leads_nowhere(tmp_path):
    path = tmp_path / "net.py"
    path.write_text("def make():\n    return 7\n")
    reference, content = network_file(f"{path}:make"), path.read_bytes()
    path.unlink()
    have_content(reference, content)
    assert function_of(reference)() == 7


def test_content_that_is_not_the_files_is_refused(tmp_path):
    path = tmp_path / "net.py"
    path.write_text("def make():\n    return 8\n")
    reference = network_file(f"{path}:make")
    path.unlink()
    with pytest.raises(NetworkError, match="not what it was"):
        have_content(reference, b"def make():\n    return 9\n")


def test_a_missing_package_is_named_with_its_extra(monkeypatch):
    monkeypatch.setattr("whyfit.study.cluster.backend.find_spec", lambda _: None)
    with pytest.raises(ImportError, match=r'pip install "whyfit\[ray\]"'):
        check_backend("ray")


def test_arrays_that_arrive_are_the_arrays_that_were_packed(luggage):
    there = pickle.loads(pickle.dumps(luggage)).data
    assert np.array_equal(there.numeric, luggage.data.numeric)
    assert np.array_equal(there.target, luggage.data.target)
