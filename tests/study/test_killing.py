"""A killed study loses nothing that was finished, and ends in the report of one that was never killed."""

import numpy as np

from study.forks import Forks
from study.killing import kill_moments, killed_once, nearly, report_of, what_must_agree, where_they_differ


def test_a_study_killed_twice_ends_in_the_same_report(tmp_path):
    """Once in a fresh process, once in a fork, as the long evidence does; the one that nobody kills in a fresh one."""
    rows = [f"{(i % 2) + 0.3 * ((i * 7) % 5):.2f},{i % 11},{'yes' if i % 2 else 'no'}" for i in range(80)]
    (tmp_path / "t.csv").write_text("\n".join(["signal,other,answer", *rows]), encoding="utf-8")
    arguments = [str(tmp_path / "t.csv"), "--budget", "60n"]
    first = killed_once(tmp_path / "killed.db", arguments, after=8, late=0.01)
    with Forks() as forks:
        second = killed_once(tmp_path / "killed.db", arguments, after=30, forks=forks)
        resumed = report_of(tmp_path / "killed.db", arguments, forks)
    whole = report_of(tmp_path / "whole.db", arguments)
    assert 0 < first <= second
    assert resumed["provenance"]["taken_from_study"] == second
    assert whole["provenance"]["taken_from_study"] == 0
    assert what_must_agree(resumed) == what_must_agree(whole)


def test_a_fork_says_how_it_ended(tmp_path):
    nowhere, errors = tmp_path / "out", tmp_path / "errors"
    with Forks() as forks:
        assert forks.begin(["--version"], nowhere, errors).wait() == 0
        assert forks.begin(["checkup", "nowhere.csv"], nowhere, errors).wait() == 2
    assert "nowhere.csv" in errors.read_text(encoding="utf-8")


def test_kills_are_spread_over_the_whole_study():
    noise = np.random.default_rng(0)
    moments = [after for _ in range(300) for after, _ in kill_moments(noise, 90, 2)]
    thirds = np.histogram(moments, bins=3, range=(0, 90))[0]
    assert thirds.min() > 150  # 200 expected, standard deviation 11.5


def test_reports_that_differ_are_told_apart_and_where():
    first, second = {"a": [1.0, 2], "b": "x"}, {"a": [1.0004, 2], "b": "x"}
    assert nearly(first, second, 1e-3)
    assert not nearly(first, second, 1e-4)
    assert not nearly(first, {"a": [1.0, 2]}, 1e-3)
    assert where_they_differ(first, second) == ["a[0]: 1.0, 1.0004"]
    assert where_they_differ(first, first) == []
