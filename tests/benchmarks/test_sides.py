"""The benchmarks' own parts still fit what they measure: each side takes a step or two."""

import sys
from pathlib import Path

import numpy as np
import pytest

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
NAMES = sorted(path.stem for path in BENCHMARKS.glob("*.py"))


@pytest.fixture(autouse=True)
def importable(monkeypatch):
    """The scripts import each other by name and set the number of threads: forgotten, and put back, afterwards."""
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS"):
        monkeypatch.setenv(name, "1")
    before = set(sys.modules)
    yield
    for name in NAMES:
        if name not in before:
            sys.modules.pop(name, None)


def test_our_members_train_and_are_counted():
    from ours import Ours, rows_of_batches

    noise = np.random.default_rng(0)
    x, y = rows_of_batches(noise.standard_normal((70, 4)), noise.integers(0, 2, 70), 32)
    assert x.shape == (64, 4)
    ours = Ours(x, y, (5,), 32, 3, 2)
    assert ours.steps == 2 * 3 * 2
    assert ours.microseconds(threads=2) > 0


def test_the_floor_does_the_products_of_every_layer_and_one_update():
    """Of a network without hidden layers the gradient is one product, which is known."""
    from floor import _adam, _products

    widths, batch = np.array([3, 2]), 4
    noise = np.random.default_rng(0)
    values = noise.standard_normal(5 * batch).astype(np.float32)
    w, g, out = (np.zeros(8, np.float32) for _ in range(3))
    out = np.zeros(5 * batch, np.float32)
    _products(widths, batch, w, g, values, out)
    delta, turned = values[3 * batch :].reshape(2, batch), values[: 3 * batch].reshape(batch, 3)
    np.testing.assert_allclose(g[:6].reshape(2, 3), delta @ turned, rtol=1e-5)
    m, v = np.zeros((2, 8), np.float32)
    _adam(w, g, m, v, 1)
    np.testing.assert_allclose(w[:6], -1e-3 * np.sign(g[:6]), rtol=1e-3)  # Adam's first step is the rate


@pytest.mark.parametrize("peer", ["torch", "sklearn"])
def test_a_peer_takes_the_steps_that_it_says(peer):
    from peers import PEERS

    noise = np.random.default_rng(0)
    x, y = noise.standard_normal((70, 4)).astype(np.float32), noise.integers(0, 2, 70)
    assert PEERS[peer](x, y, (5,), 32, epochs=2) == 2 * 3


def test_every_side_of_a_contest_takes_a_step():
    from contest import NETWORKS, Contest

    contest = Contest(NETWORKS["dense 64-32-32-10"], 1, 2)
    for side in (contest.bare(), contest.alone(), contest.stacked(2)):
        assert side() > 0


def test_what_cannot_be_run_here_is_neither_met_nor_broken(tmp_path, capsys):
    from argparse import Namespace
    from json import loads

    from common import not_run

    assert not_run("gpu", "no accelerator", Namespace(json=tmp_path / "r.json")) == 0
    document = loads((tmp_path / "r.json").read_text())
    assert document["not_run"] == "no accelerator"
    assert document["met"] is False
    assert "not run" in capsys.readouterr().out


def test_a_straight_line_has_its_slope():
    from scaling import exponent, line

    assert line([1, 2, 3, 4], [3, 5, 7, 9]).median == pytest.approx(2.0)
    assert exponent([1, 10, 100, 1000], [2, 20, 200, 2000]).median == pytest.approx(1.0)
