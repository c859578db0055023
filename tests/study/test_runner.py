"""Members through executors: every outcome is kept once, whatever happens on the way."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest

from study.fakes import FakeEngine, plan_of, table
from whyfit.study.runner import Runner
from whyfit.study.share import SharedDataset
from whyfit.study.store import Store
from whyfit.study.workers import make_executor
from whyfit.training.contract import CancelFlag, Context


def runner_of(data, store, cancel, engine, *, opener=None, executor=None):
    context = Context(opener or (lambda: data), cancel)
    return Runner(engine, context, store, executor or partial(ThreadPoolExecutor, 2), 2, data.fingerprint)


@pytest.fixture
def data():
    return table()


@pytest.fixture
def members(data):
    plan = plan_of(data)
    return list(plan.members([plan.plain], range(2)))


def marks(folder: Path) -> dict[str, int]:
    return {path.name: len(path.read_text()) for path in folder.iterdir()}


def test_every_member_is_trained_once(data, members, tmp_path):
    with Store(None) as store, CancelFlag.create() as cancel:
        runner = runner_of(data, store, cancel, FakeEngine(marks=str(tmp_path)))
        assert runner.run(members)
        assert store.keys() == set(runner.keys(members))
    assert set(marks(tmp_path).values()) == {1}
    assert len(marks(tmp_path)) == 20


def test_what_the_store_holds_is_not_trained_again(data, members, tmp_path):
    with Store(None) as store, CancelFlag.create() as cancel:
        runner = runner_of(data, store, cancel, FakeEngine(marks=str(tmp_path)))
        runner.run(members[:7])
        runner.run(members)
    assert set(marks(tmp_path).values()) == {1}


def test_ctrl_c_keeps_what_was_finished_and_says_so(data, members):
    """Interrupted where a person would be: while the runner waits for workers, after the first shard has landed."""

    def interrupt(outcomes):
        if not landed:
            landed.extend(outcomes)
            raise KeyboardInterrupt

    landed = []
    with Store(None) as store, CancelFlag.create() as cancel:
        runner = runner_of(data, store, cancel, FakeEngine(seconds=0.02))
        assert runner.run(members, listen=interrupt) is False
        assert cancel.is_set()
        assert len(landed) <= len(store) < len(members)


def test_nothing_begins_after_the_deadline(data, members):
    import time
    from dataclasses import replace

    with Store(None) as store, CancelFlag.create() as cancel:
        runner = runner_of(data, store, cancel, FakeEngine())
        runner.run(members, replace(runner.context, deadline=time.monotonic() - 1))
        assert len(store) == 0


def test_an_error_of_an_engine_is_raised_not_swallowed(data, members):
    class Broken(FakeEngine):
        def train(self, shard, context):
            raise RuntimeError("planted")
            yield

    with Store(None) as store, CancelFlag.create() as cancel:
        runner = runner_of(data, store, cancel, Broken())
        with pytest.raises(RuntimeError, match="planted"):
            runner.run(members)


def test_a_worker_that_dies_has_its_shards_trained_elsewhere(data, members, tmp_path):
    with (
        Store(None) as store,
        CancelFlag.create() as cancel,
        SharedDataset.write(data) as shared,
    ):
        engine = FakeEngine(dies_once=str(tmp_path / "died"))
        processes = partial(make_executor, threads=False, workers=2)
        runner = runner_of(data, store, cancel, engine, opener=shared, executor=processes)
        assert runner.run(members[:9])
        assert len(store) == 9
    assert (tmp_path / "died").exists()
