"""A killed study loses nothing that was finished, and ends in the report of one that was never killed."""

from study.killing import killed_once, report_of, what_must_agree


def test_a_study_killed_twice_ends_in_the_same_report(tmp_path):
    rows = [f"{(i % 2) + 0.3 * ((i * 7) % 5):.2f},{i % 11},{'yes' if i % 2 else 'no'}" for i in range(80)]
    (tmp_path / "t.csv").write_text("\n".join(["signal,other,answer", *rows]), encoding="utf-8")
    arguments = [str(tmp_path / "t.csv"), "--budget", "60n"]
    first = killed_once(tmp_path / "killed.db", arguments, after=8)
    second = killed_once(tmp_path / "killed.db", arguments, after=30)
    resumed = report_of(tmp_path / "killed.db", arguments)
    whole = report_of(tmp_path / "whole.db", arguments)
    assert 0 < first <= second
    assert resumed["provenance"]["taken_from_study"] == second
    assert whole["provenance"]["taken_from_study"] == 0
    assert what_must_agree(resumed) == what_must_agree(whole)
